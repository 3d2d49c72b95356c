"""The order in which undecided records are issued."""

import json
from typing import Any

from scoping import rank


def test_only_undecided_records_are_ordered_and_the_card_says_by_what(make: Any) -> None:
    records = [make.record(id_, title=f"evidence {id_}") for id_ in "ABCDE"]
    states = [
        make.state(id_, state)
        for id_, state in zip("ABCDE", ("include", "exclude", "pending", "pending", "conflict"), strict=True)
    ]
    order, card = rank.rank(records, states, make.review())
    assert sorted(row["record_id"] for row in order) == ["C", "D"]
    assert [row["position"] for row in order] == ["1", "2"]
    assert json.loads(card)["n_labelled"] == 2
    again = rank.rank(records[::-1], states[::-1], make.review())
    assert again == (order, card)


def test_where_nothing_is_left_no_model_is_fitted(make: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(rank.ranking, "order", None)  # would fail if it were called
    order, card = rank.rank([make.record("A")], [make.state("A", "include")], make.review())
    assert order == []
    assert json.loads(card) == {"kind": "nothing left to order", "n_labelled": 1, "n_included": 1}
