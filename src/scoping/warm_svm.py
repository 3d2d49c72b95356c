"""The ranker's support vector machine, trained again and again while labels come in: as in a replay record by record.

It is the model of `ranking.fitted` (liblinear's L2-regularised squared hinge loss with a regularised intercept), found by
the finite Newton method (Keerthi and DeCoste 2005, JMLR 6:341-361) on the coefficients of the labelled rows. Each training
starts at the coefficients of the one before, so that a few steps of conjugate gradients are enough where one label is new.
"""

from collections.abc import Sequence
from typing import Any

PRECISION = 1e-3
"""Conjugate gradients stop where the residual is this share of the right-hand side."""
_STEPS = 50  # of Newton's method; it takes two or three
_PRODUCTS = 500  # of conjugate gradients in one step


class WarmSvm:
    """A linear model of all rows (n x features, sparse); `scores` trains it on those that were read so far."""

    def __init__(self, rows: Any, c: float) -> None:
        """`rows` is a CSR matrix; `c` the cost of an error on a record of weight 1, above 0."""
        import numpy as np

        shared = np.bincount(rows.indices, minlength=rows.shape[1]) > 1
        # a word of one record alone tells no other records apart; it only lengthens its own row
        self._alone = np.asarray(rows.multiply(rows).sum(axis=1)).ravel()
        self._rows = rows[:, np.flatnonzero(shared)]
        self._alone -= np.asarray(self._rows.multiply(self._rows).sum(axis=1)).ravel()
        self._c = c
        self._read: list[int] = []
        self._indptr = np.zeros(rows.shape[0] + 1, dtype=self._rows.indptr.dtype)
        self._indices = np.empty_like(self._rows.indices)
        self._data = np.empty_like(self._rows.data)
        self._coefficients = np.zeros(rows.shape[0])  # of the rows in the order of reading

    def scores(self, read: Sequence[int], labels: Sequence[int], weights: Sequence[float]) -> Any:
        """Every row's distance from the plane between the labels (1 or 0, both among them) of the rows that were read.

        `read` begins with the rows of the call before. The rows that were read have no meaningful score.
        """
        import numpy as np

        self._append(read)
        known, number = self._labelled(), len(read)
        sign = np.where(np.array(labels) == 1, 1.0, -1.0)
        ridge = 0.5 / (self._c * np.array(weights)) + self._alone[self._read]
        coefficients = self._coefficients[:number]
        sides: Any = None
        for _ in range(_STEPS):
            margins = sign * (
                known @ (known.T @ coefficients) + coefficients.sum() + coefficients * self._alone[self._read]
            )
            if sides is not None and ((margins < 1) == sides).all():
                break
            sides = margins < 1  # those that count: on the wrong side, or too near
            coefficients = _solved(known, ridge, sign * sides, coefficients * sides, sides)
        self._coefficients[:number] = coefficients
        return self._rows @ (known.T @ coefficients) + coefficients.sum()

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


def _solved(rows: Any, ridge: Any, target: Any, start: Any, sides: Any) -> Any:
    """x with (rows rows' + 1 + diag(ridge)) x = target on the rows in `sides`, and 0 elsewhere: conjugate gradients."""
    from math import sqrt

    diagonal = 1 / (ridge + 2)  # rows have about the length of 1, and there is the intercept

    def times(x: Any) -> Any:
        return sides * (rows @ (rows.T @ x) + x.sum() + ridge * x)

    x = start
    residual = target - times(x)
    enough = PRECISION * sqrt(target @ target)
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
