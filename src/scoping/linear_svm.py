"""The ranker's linear support vector machine: trained once, or again and again while labels come in, as in a replay.

The model is that of ASReview's ELAS u4, liblinear's: L2-regularised squared hinge loss, the intercept regularised, too. It
is found by the finite Newton method (Keerthi and DeCoste 2005, JMLR 6:341-361) on the coefficients of the labelled rows.
Each training starts at the coefficients of the one before, so that a few steps of conjugate gradients are enough where one
label is new. Everything is done in one thread of products with sparse rows, so the same rows give the same bytes.
"""

from collections.abc import Sequence
from typing import Any

EXACT = 1e-9
"""Precision of a model that is kept: conjugate gradients stop where the residual is this share of the right-hand side."""
QUICK = 1e-3
"""Precision in a replay; measures of replays do not differ in the third decimal."""
_STEPS = 100  # of Newton's method; it takes two to ten
_AFRESH = 50  # trainings after which products are computed afresh, since rounding adds up
_PRODUCTS = 1000  # of conjugate gradients in one step


class LinearSvm:
    """A linear model of all records; `train` trains it on those that were read so far."""

    def __init__(self, parts: Sequence[tuple[Any, float]], alone: Any, c: float, precision: float = EXACT) -> None:
        """`parts` are CSR matrices (n x features of their own) that stand beside each other, and what their squares weigh.

        `alone` is, of each record, the sum of squares of features that no other has and the parts lack; `c`, above 0, the
        cost of an error on a record of weight 1.
        """
        import numpy as np

        # numbers of half the size are read faster, and fine enough for a quick search
        kind = np.float64 if precision < QUICK else np.float32
        self._parts = [_Part(rows.astype(kind, copy=False), weight) for rows, weight in parts]
        self._alone: Any = np.asarray(alone, dtype=kind)
        self._c, self._precision, self.converged = c, precision, True
        self._read: list[int] = []
        self._trained = 0
        self._known, self._products = _Known([], []), self._alone[:0]
        self._weights: list[Any] | None = None
        self._dual = np.zeros(len(alone), dtype=kind)  # of the records in the order of reading

    def train(self, read: Sequence[int], labels: Sequence[int], weights: Sequence[float]) -> None:
        """Find the plane between the labels (1 or 0, both among them) of the records that were read.

        `read` begins with the records of the call before.
        """
        import numpy as np

        before = len(self._read)
        known = _Known([part.labelled(read) for part in self._parts], [part.weight for part in self._parts])
        self._trained += 1
        if self._trained % _AFRESH and before:  # the new rows have no coefficient yet
            self._products = np.concatenate([self._products, self._of_rows(read[before:])])
        else:
            self._products = known.products(self._dual[: len(read)])
        self._known, self._read, self._weights = known, list(read), None
        alone = self._alone[self._read]
        sign = np.where(np.array(labels) == 1, 1.0, -1.0).astype(self._alone.dtype)
        ridge = (0.5 / (self._c * np.array(weights))).astype(alone.dtype) + alone
        dual = self._dual[: len(read)]
        sides: Any = None
        self.converged = False
        for _ in range(_STEPS):
            margins = sign * (self._products + dual * alone)
            if sides is not None and ((margins < 1) == sides).all():
                self.converged = True
                break
            sides = margins < 1  # those that count: on the wrong side, or too near
            if (dual[~sides] != 0).any():
                dual = dual * sides
                self._products = known.products(dual)
            dual, self._products = _solved(known, ridge, sign * sides, dual, self._products, sides, self._precision)
        self._dual[: len(read)] = dual

    def _of_rows(self, rows: Sequence[int]) -> Any:
        """What `scores` says of some records."""
        weights, intercept = self.coefficients()
        return sum(part.rows[list(rows)] @ each for part, each in zip(self._parts, weights, strict=True)) + intercept

    def scores(self) -> Any:
        """Every record's distance from the plane; that of a record that was read lacks what it has alone."""
        weights, intercept = self.coefficients()
        return sum(part.rows @ each for part, each in zip(self._parts, weights, strict=True)) + intercept

    def coefficients(self) -> tuple[list[Any], float]:
        """(of each part what each feature adds to a score, the intercept) of the last training."""
        dual = self._dual[: len(self._read)]
        if self._weights is None:
            self._weights = self._known.weights(dual)
        return self._weights, float(dual.sum())


class _Part:
    """The rows of one part, and a copy of those that were read, in the order of reading."""

    def __init__(self, rows: Any, weight: float) -> None:
        import numpy as np

        self.rows, self.weight, self._number = rows, weight, 0
        self._indptr = np.zeros(rows.shape[0] + 1, dtype=np.int64)
        self._indices = np.empty_like(rows.indices)
        self._data = np.empty_like(rows.data)

    def labelled(self, read: Sequence[int]) -> Any:
        """The rows that were read, as a matrix that shares the memory of this object; only what is new is copied."""
        from scipy.sparse import csr_matrix

        for at in range(self._number, len(read)):
            row = slice(self.rows.indptr[read[at]], self.rows.indptr[read[at] + 1])
            start, end = self._indptr[at], self._indptr[at] + row.stop - row.start
            self._indices[start:end], self._data[start:end] = self.rows.indices[row], self.rows.data[row]
            self._indptr[at + 1] = end
        self._number = len(read)
        end = self._indptr[self._number]
        kept = self._data[:end], self._indices[:end], self._indptr[: self._number + 1]
        return csr_matrix(kept, shape=(self._number, self.rows.shape[1]), copy=False)


class _Known:
    """The products of the labelled records with each other, and 1 for the intercept."""

    def __init__(self, rows: Sequence[Any], weights: Sequence[float]) -> None:
        self._parts = [(each, each.T, weight) for each, weight in zip(rows, weights, strict=True)]

    def weights(self, dual: Any) -> list[Any]:
        """Of each part, what each feature adds to a score."""
        return [weight * (turned @ dual) for _, turned, weight in self._parts]

    def products(self, dual: Any) -> Any:
        """(all rows with their transpose + 1) times a vector."""
        return dual.sum() + sum(weight * (rows @ (turned @ dual)) for rows, turned, weight in self._parts)


def _solved(
    known: _Known, ridge: Any, target: Any, start: Any, products: Any, sides: Any, precision: float
) -> tuple[Any, Any]:
    """The x with (products + diag(ridge)) x = target on the records in `sides`, else 0, and its products with all.

    By conjugate gradients from `start`, of which the products are known.
    """
    from math import sqrt

    diagonal = 1 / (ridge + 2)  # rows have about the length of 1, and there is the intercept

    x = start
    residual = target - sides * (products + ridge * x)
    enough = precision * sqrt(target @ target)
    scaled = diagonal * residual
    direction, length = scaled, residual @ scaled
    for _ in range(_PRODUCTS):
        if sqrt(residual @ residual) <= enough:
            break
        with_all = known.products(direction)
        image = sides * (with_all + ridge * direction)
        step = length / (direction @ image)
        x = x + step * direction
        products = products + step * with_all
        residual = residual - step * image
        scaled = diagonal * residual
        before, length = length, residual @ scaled
        direction = scaled + (length / before) * direction
    return x, products
