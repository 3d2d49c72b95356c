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
_FEWER = 0.8  # the share of rows still asked for at which the others are left out


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
        rows = [each.astype(kind, copy=False) for each, _ in parts]
        self._alone: Any = np.asarray(alone, dtype=kind)
        self._c, self._precision, self.converged = c, precision, True
        self._known, self._asked = _Known(rows, [weight for _, weight in parts]), _Asked(rows)
        self._trained = 0
        self._products = self._alone[:0]
        self._weights: list[Any] | None = None
        self._dual = np.zeros(len(self._alone), dtype=kind)  # of the records in the order of reading

    def train(self, read: Any, labels: Any, weights: Any) -> None:
        """Find the plane between the labels (1 or 0, both among them) of the records that were read (their numbers).

        `read` begins with the records of the call before.
        """
        import numpy as np

        known, before, number = self._known, self._known.number, len(read)
        read = np.asarray(read)
        self._trained += 1
        if before and self._trained % _AFRESH:  # the new rows have no coefficient yet
            self._products = np.concatenate([self._products, self.scores(read[before:])])
            known.add(read[before:])
        else:
            known.add(read[before:])
            self._products = known.products(self._dual[:number])
        self._weights, alone, dual = None, self._alone[read], self._dual[:number]
        self._asked.forget()
        sign = np.where(np.asarray(labels) == 1, 1.0, -1.0).astype(alone.dtype)
        ridge = (0.5 / (self._c * np.asarray(weights))).astype(alone.dtype) + alone
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
        self._dual[:number] = dual

    def scores(self, chosen: Any) -> Any:
        """The distance of some records (an array of numbers) from the plane; of those that were read it lacks what they
        have alone.
        """
        return self._asked.scores(chosen, *self.coefficients())

    def coefficients(self) -> tuple[list[Any], float]:
        """(of each part what each feature adds to a score, the intercept) of the last training."""
        dual = self._dual[: self._known.number]
        if self._weights is None:
            self._weights = self._known.weights(dual)
        return self._weights, float(dual.sum())


class _Known:
    """The rows of the labelled records, in the order of reading: copies, to which only what is new is added.

    The matrices have as many rows as there are records; those that are still to come are empty, so nothing is ever built anew.
    """

    def __init__(self, rows: Sequence[Any], weights: Sequence[float]) -> None:
        import numpy as np
        from scipy.sparse import csc_matrix, csr_matrix

        self.number = 0
        self._parts = []
        for each, weight in zip(rows, weights, strict=True):
            known, turned = csr_matrix(each.shape, dtype=each.dtype), csc_matrix(each.shape[::-1], dtype=each.dtype)
            known.data = turned.data = np.empty_like(each.data)
            known.indices = turned.indices = np.empty_like(each.indices)
            known.indptr = turned.indptr = np.zeros_like(each.indptr)
            self._parts.append((each, known, turned, weight))
        self._filled = np.zeros(rows[0].shape[0], dtype=rows[0].dtype)

    def add(self, new: Any) -> None:
        """Records that were read."""
        for rows, known, _, _ in self._parts:
            for at, row in enumerate(new, self.number):
                source = slice(rows.indptr[row], rows.indptr[row + 1])
                start = known.indptr[at]
                end = start + source.stop - source.start
                known.indices[start:end], known.data[start:end] = rows.indices[source], rows.data[source]
                known.indptr[at + 1] = end
            known.indptr[self.number + len(new) + 1 :] = known.indptr[self.number + len(new)]
        self.number += len(new)

    def weights(self, dual: Any) -> list[Any]:
        """Of each part, what each feature adds to a score."""
        self._filled[: self.number] = dual
        return [weight * (turned @ self._filled) for _, _, turned, weight in self._parts]

    def products(self, dual: Any) -> Any:
        """(all rows with their transpose + 1) times a vector."""
        self._filled[: self.number] = dual
        return dual.sum() + sum(
            weight * (known @ (turned @ self._filled))[: self.number] for _, known, turned, weight in self._parts
        )


class _Asked:
    """The rows of the records whose scores are asked for; those that no longer are, in a replay, are left out in time."""

    def __init__(self, rows: Sequence[Any]) -> None:
        self._all = rows
        self._scores: Any = None
        self._keep(None)
        self._again = False

    def _keep(self, chosen: Any) -> None:
        """These rows, or all."""
        import numpy as np

        number = self._all[0].shape[0]
        self._rows = self._all if chosen is None else [rows[chosen] for rows in self._all]
        self._places = np.full(number, -1)
        self._places[slice(None) if chosen is None else chosen] = np.arange(self._rows[0].shape[0])

    def forget(self) -> None:
        """The plane is another one."""
        self._scores = None

    def scores(self, chosen: Any, weights: Sequence[Any], intercept: float) -> Any:
        """The scores of these records; others are computed with them, since people who ask once more ask for fewer."""
        missing = len(chosen) and self._places[chosen].min() < 0
        if self._scores is None or missing:
            if missing:
                self._keep(None)
            elif self._again and len(chosen) < _FEWER * self._rows[0].shape[0]:
                self._keep(chosen)
            self._again = True
            self._scores = sum(rows @ each for rows, each in zip(self._rows, weights, strict=True)) + intercept
        return self._scores[self._places[chosen]]


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
