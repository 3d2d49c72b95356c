"""The order in which undecided records are issued."""

import json
from pathlib import Path
from typing import Any

import pytest

from scoping import prior, rank
from scoping.errors import ScopingError
from scoping.ranking_settings import Prior


def test_only_undecided_records_are_ordered_and_the_card_says_by_what(make: Any) -> None:
    records = [make.record(id_, title=f"evidence {id_}") for id_ in "ABCDE"]
    states = [
        make.state(id_, state)
        for id_, state in zip("ABCDE", ("include", "exclude", "pending", "pending", "conflict"), strict=True)
    ]
    order, card, _ = rank.rank(records, states, make.review())
    assert sorted(row["record_id"] for row in order) == ["C", "D"]
    assert [row["position"] for row in order] == ["1", "2"]
    assert json.loads(card)["n_labelled"] == 2
    again = rank.rank(records[::-1], states[::-1], make.review())
    assert again[:2] == (order, card)


def test_where_nothing_is_left_no_model_is_fitted(make: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(rank.ranking, "order", None)  # would fail if it were called
    order, card, _ = rank.rank([make.record("A")], [make.state("A", "include")], make.review())
    assert order == []
    assert json.loads(card) == {"kind": "nothing left to order", "n_labelled": 1, "n_included": 1}


def test_known_records_are_found_by_id_and_doi_and_those_that_are_not_are_named(make: Any) -> None:
    records = [make.record(id_, title=f"evidence word{id_}", doi=f"10.5555/{id_.lower()}") for id_ in "ABCDE"]
    states = [make.state("A", "exclude"), *(make.state(id_, "pending") for id_ in "BCDE")]
    wanted = {"included": ["B", "https://doi.org/10.5555/C", "10.5555/gone"]}
    order, text, _ = rank.rank(records, states, make.review(ranking={"prior": wanted}))
    card = json.loads(text)
    assert card["prior"] == {"files": [], "known_records": ["B", "C"], "not_among_the_records": ["10.5555/gone"]}
    assert (card["n_labelled"], card["n_included"], card["n_prior_included"]) == (1, 0, 2)
    assert sorted(row["record_id"] for row in order) == ["B", "C", "D", "E"]
    assert "prior" not in json.loads(rank.rank(records, states, make.review())[1])


def test_files_of_prior_knowledge(tmp_path: Path) -> None:
    (tmp_path / "known.ris").write_text("TY  - JOUR\nTI  - A broker\nAB  - On brokers\nER  - \n", encoding="utf-8")
    table = "title,abstract,included\nA river,On rivers,0\nA council,On councils,1\nUnread,,\n"
    (tmp_path / "done.csv").write_text(table, encoding="utf-8")
    named = Prior(included_files=("known.ris",), reviews=("done.csv",))
    known = prior.read(named, tmp_path)
    assert [(document.title, label) for document, label in zip(known.documents, known.labels, strict=True)] == [
        ("A broker", 1),
        ("A council", 1),
        ("A river", 0),
    ]
    assert [(each["file"], each["records"], each["relevant"]) for each in known.files] == [
        ("done.csv", 2, 1),
        ("known.ris", 1, 1),
    ]
    assert prior.read(Prior(included_files=("known.ris",), reviews=("done.csv",)), tmp_path) == known
    with pytest.raises(ScopingError, match=r"gone\.csv: is not there, and config/review\.yaml names it"):
        prior.read(Prior(reviews=("gone.csv",)), tmp_path)
    with pytest.raises(ScopingError, match=r"known\.ris: has no column of labels"):
        prior.read(Prior(reviews=("known.ris",)), tmp_path)


@pytest.mark.parametrize("name", ["../x.csv", "a/b.csv", ".hidden", "a\\b"])
def test_prior_files_lie_in_their_folder(name: str) -> None:
    with pytest.raises(ValueError, match="without its folder"):
        Prior(reviews=(name,))
