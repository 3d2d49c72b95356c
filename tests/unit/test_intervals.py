"""Intervals against figures that were printed with the methods."""

import pytest

from scoping import intervals


@pytest.mark.parametrize(
    ("part", "total", "low", "high"),
    [  # Newcombe 1998 (two papers): 81/263, 15/148, 0/20, 1/29
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson(part: int, total: int, low: float, high: float) -> None:
    assert intervals.wilson(part, total) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [((56, 70), (48, 80), 0.0524, 0.3339), ((9, 10), (3, 10), 0.1705, 0.8090), ((0, 10), (0, 10), -0.2775, 0.2775)],
)
def test_the_difference_of_two_shares(one: tuple[int, int], other: tuple[int, int], low: float, high: float) -> None:
    """Newcombe 1998, table II, method 10."""
    assert intervals.difference(*one, *other) == pytest.approx((low, high), abs=5e-5)


def test_of_nothing_there_is_no_interval_and_no_more_than_all() -> None:
    assert intervals.wilson(0, 0) is None
    assert intervals.difference(1, 2, 0, 0) is None
    with pytest.raises(ValueError, match="no share"):
        intervals.wilson(3, 2)
    assert intervals.wilson(5, 5) is not None
    assert intervals.wilson(5, 5)[1] == 1.0  # type: ignore[index]
