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
_PRODUCTS = 1000  # of conjugate gradients in one step


class LinearSvm:
    """A linear model of all rows (n x features, sparse); `scores` trains it on those that were read so far."""

    def __init__(self, rows: Any, alone: Any, c: float, precision: float = EXACT) -> None:
        """`rows` is a CSR matrix of the features that records share; `alone` of each row the squares of its others.

        `c`, above 0, is the cost of an error on a record of weight 1.
        """
        import numpy as np

        self._rows, self._alone = rows, alone
        self._c, self._precision, self.converged = c, precision, True
        self._read: list[int] = []
        self._indptr = np.zeros(rows.shape[0] + 1, dtype=np.int64)
        self._indices = np.empty_like(self._rows.indices)
        self._data = np.empty_like(self._rows.data)
        self._dual = np.zeros(rows.shape[0])  # of the rows in the order of reading

    def scores(self, read: Sequence[int], labels: Sequence[int], weights: Sequence[float]) -> Any:
        """Every row's distance from the plane between the labels (1 or 0, both among them) of the rows that were read.

        `read` begins with the rows of the call before. The rows that were read have no meaningful score.
        """
        import numpy as np

        self._append(read)
        known, number = self._labelled(), len(read)
        turned, alone = known.T, self._alone[self._read]
        sign = np.where(np.array(labels) == 1, 1.0, -1.0)
        ridge = 0.5 / (self._c * np.array(weights)) + alone
        dual = self._dual[:number]
        sides: Any = None
        self.converged = False
        for _ in range(_STEPS):
            margins = sign * (known @ (turned @ dual) + dual.sum() + dual * alone)
            if sides is not None and ((margins < 1) == sides).all():
                self.converged = True
                break
            sides = margins < 1  # those that count: on the wrong side, or too near
            dual = _solved(known, turned, ridge, sign * sides, dual * sides, sides, self._precision)
        self._dual[:number] = dual
        return self._rows @ (turned @ dual) + dual.sum()

    def coefficients(self) -> tuple[Any, float]:
        """(what each shared feature adds to a score, the intercept) of the last training."""
        dual = self._dual[: len(self._read)]
        return self._labelled().T @ dual, float(dual.sum())

    def _append(self, read: Sequence[int]) -> None:
        """Copy the rows that are new behind those that were read before."""
        for at in range(len(self._read), len(read)):
            row = slice(self._rows.indptr[read[at]], self._rows.indptr[read[at] + 1])
            start, end = self._indptr[at], self._indptr[at] + row.stop - row.start
            self._indices[start:end], self._data[start:end] = self._rows.indices[row], self._rows.data[row]
            self._indptr[at + 1] = end
        self._read = list(read)

    def _labelled(self) -> Any:
        """The rows that were read, as a matrix that shares the memory of this object."""
        from scipy.sparse import csr_matrix

        number = len(self._read)
        end = self._indptr[number]
        parts = self._data[:end], self._indices[:end], self._indptr[: number + 1]
        return csr_matrix(parts, shape=(number, self._rows.shape[1]), copy=False)


def _solved(rows: Any, turned: Any, ridge: Any, target: Any, start: Any, sides: Any, precision: float) -> Any:
    """The x with (rows turned + 1 + diag(ridge)) x = target on the rows in `sides`, else 0: conjugate gradients."""
    from math import sqrt

    diagonal = 1 / (ridge + 2)  # rows have about the length of 1, and there is the intercept

    def times(x: Any) -> Any:
        return sides * (rows @ (turned @ x) + x.sum() + ridge * x)

    x = start
    residual = target - times(x)
    enough = precision * sqrt(target @ target)
    scaled = diagonal * residual
    direction, length = scaled, residual @ scaled
    for _ in range(_PRODUCTS):
        if sqrt(residual @ residual) <= enough:
            break
        image = times(direction)
        step = length / (direction @ image)
        x = x + step * direction
        residual = residual - step * image
        scaled = diagonal * residual
        before, length = length, residual @ scaled
        direction = scaled + (length / before) * direction
    return x
