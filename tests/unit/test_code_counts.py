"""What studies say of codes together: every count against one by hand, and against a count by brute force."""

from itertools import combinations_with_replacement
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoping import code_counts, derived
from scoping.code_counts import NOT_CODABLE, NOT_PLACED, Answers
from scoping.codebook import Codebook
from scoping.columns import NOT_STATED
from scoping.tables import Row

STUDIES, CODES = ("S1", "S2", "S3"), ("AA", "BB", "CC", "DD")
SAID = ("yes", "no", "unclear", "pending", "conflict", "")


def code(id_: str, **more: Any) -> dict[str, Any]:
    return {"id": id_, "family": "f", "label": f"Label {id_}", "definition": "d", **more}


def book(**more: Any) -> Codebook:
    """AA a mechanism, BB a change, CC with levels, DD with one level; TIER, which every study has."""
    codes = [
        code("AA", status="yes"),
        code("BB", basis="yes"),
        code("CC", levels=["individual", "system"]),
        code("DD", levels=["organisation"]),
        code("TIER", values=["local", "national"]),
    ]
    families = [{"id": "f", "label": "F", "text": "t"}]
    return Codebook.model_validate({"version": 1, "families": families, "codes": codes, **more})


MOSAIC = {"id": "mosaic", "label": "Forms", "kind": "combined", "codes": ["AA", "BB", "CC"], "joined_by": "DD"}


def cell(make: Any, study: str, code_: str, said: str, report: str = "", **more: str) -> Row:
    """A cell that says yes, no or unclear, or is open."""
    settled = said in ("yes", "no", "unclear")
    row: Row = make.cell(
        report or study, code_, "coded" if settled else said, study_id=study, value=said if settled else "", **more
    )
    return row


@pytest.fixture
def answers(make: Any) -> Answers:
    """By hand. S1 has two reports that differ on AA; S3 is still open for BB; nobody was asked DD of S3."""
    cells = [
        cell(make, "S1", "AA", "no"),
        cell(make, "S1", "AA", "yes", report="S1b"),
        cell(make, "S1", "BB", "yes", basis="self-report; observed"),
        cell(make, "S1", "CC", "yes", level="individual; system"),
        cell(make, "S1", "DD", "yes"),
        cell(make, "S2", "AA", "yes"),
        cell(make, "S2", "BB", "yes"),
        cell(make, "S2", "CC", "yes"),
        cell(make, "S2", "DD", "no"),
        cell(make, "S3", "AA", "unclear"),
        cell(make, "S3", "BB", "pending"),
        cell(make, "S3", "CC", "no"),
    ]
    return Answers.of(cells)


def test_a_study_says_yes_if_one_of_its_reports_does(answers: Answers) -> None:
    said = {study: [answers.word(study, id_) for id_ in CODES] for study in STUDIES}
    assert said == {
        "S1": ["yes", "yes", "yes", "yes"],
        "S2": ["yes", "yes", "yes", "no"],
        "S3": ["unclear", "not known yet", "no", "not known yet"],
    }
    assert answers.saying("yes", "AA", "DD") == ("S1",)
    assert answers.saying("no", "CC") == ("S3",)


def test_pairs_by_hand(answers: Answers) -> None:
    codes = code_counts.presence(book())
    assert [each.id for each in codes] == ["AA", "BB", "CC", "DD"], "TIER is yes for all studies"
    found = code_counts.pairs(answers, codes)
    assert found == {
        **dict.fromkeys([("AA", "AA"), ("AA", "BB"), ("AA", "CC"), ("BB", "BB"), ("BB", "CC"), ("CC", "CC")], ("S1", "S2")),
        **dict.fromkeys([("AA", "DD"), ("BB", "DD"), ("CC", "DD"), ("DD", "DD")], ("S1",)),
    }  # fmt: skip


def test_values_of_a_list_by_hand(make: Any) -> None:
    (tier,) = code_counts.lists(book())
    cells = [
        make.cell(report, "TIER", "coded", study_id=study, value=value)
        for study, report, value in (("S1", "S1", "local"), ("S1", "S1b", "national"), ("S2", "S2", "local"))
    ]
    cells += [cell(make, "S3", "TIER", "pending"), cell(make, "S4", "AA", "yes")]
    found = code_counts.values(Answers.of(cells), tier)
    assert found == {"local": ("S1", "S2"), "national": ("S1",), "not known yet": ("S3", "S4")}


def test_levels_by_hand(answers: Answers) -> None:
    found = code_counts.levels(answers, [each for each in book().codes if each.levels])
    assert found == {
        ("CC", "individual"): ("S1",),
        ("CC", "system"): ("S1",),
        ("CC", NOT_PLACED): ("S2",),
        ("DD", "organisation"): ("S1",),  # a code with a single level stands there
        ("DD", NOT_PLACED): (),
    }


def test_forms_by_hand(answers: Answers) -> None:
    (rule,) = book(derived=[MOSAIC]).derived
    found = [(each.codes, each.studies) for each in code_counts.forms(answers, rule)]
    assert found == [
        (("AA", "BB", "CC"), {"combined": ("S1",), "listed": ("S2",)}),
        ((), {"not known yet": ("S3",)}),
    ]


def test_the_best_basis_of_each_study(answers: Answers) -> None:
    order = code_counts.strength(book())
    gap = code_counts.gap(answers, "AA", "BB", order)
    assert (gap.studies, gap.word, gap.ids) == ({"observed": ("S1",), NOT_STATED: ("S2",)}, "", ("S1", "S2"))
    assert list(gap.studies) == ["observed", NOT_STATED], "the best first"


def test_the_order_of_strength_is_that_of_the_codebook() -> None:
    usual = code_counts.strength(book())
    assert usual[:5] == ("comparative", "documentary", "observed", "self-report", "asserted")
    rule = {"id": "best", "label": "Best", "kind": "best", "codes": ["BB"], "order": ["asserted", "observed"]}
    own = code_counts.strength(book(derived=[rule]))
    assert own[:3] == ("asserted", "observed", "comparative")
    assert sorted(own) == sorted(usual)


@pytest.mark.parametrize(
    ("mechanism", "change", "word", "behind"),
    [
        (("no", "yes"), ("yes", "no"), "none found", ()),
        (("no", "unclear"), ("pending", "no"), "none found", ()),
        (("unclear", "no"), ("yes", "no"), "unclear", ("S1",)),
        (("unclear", "yes"), ("unclear", "unclear"), "unclear", ("S1", "S2")),
        (("pending", "no"), ("yes", "no"), "not codable", ("S1",)),
        (("", "unclear"), ("unclear", "yes"), "not codable", ("S1",)),  # what is open weighs more than what is unclear
        (("conflict", ""), ("conflict", ""), "not codable", ("S1", "S2")),
    ],
)
def test_an_empty_cell_says_why(
    make: Any, mechanism: tuple[str, str], change: tuple[str, str], word: str, behind: tuple[str, ...]
) -> None:
    said = {("S1", "AA"): mechanism[0], ("S2", "AA"): mechanism[1], ("S1", "BB"): change[0], ("S2", "BB"): change[1]}
    cells = [cell(make, *at, what) for at, what in said.items() if what]
    cells += [cell(make, study, "CC", "no") for study in ("S1", "S2")]  # both studies are known
    gap = code_counts.gap(Answers.of(cells), "AA", "BB", ("observed",))
    assert (gap.word, gap.behind, gap.ids) == (word, behind, ())


def test_without_a_study_nothing_is_codable() -> None:
    assert code_counts.gap(Answers.of([]), "AA", "BB", ()).word == NOT_CODABLE


def test_explicit_rows_come_before_inferred_ones(answers: Answers) -> None:
    walk = {
        "id": "list",
        "label": "A list",
        "version": 1,
        "targets": [{"id": "one", "label": "One"}, {"id": "two", "label": "Two"}],
        "rows": [
            {"code": "DD", "target": "one", "kind": "explicit"},
            {"code": "AA", "target": "one", "kind": "inferred"},
        ],
    }
    (own,) = book(crosswalks=[walk]).crosswalks
    assert code_counts.covered(answers, own) == {"one": (("S1",), ("S2",)), "two": ((), ())}


tables = st.dictionaries(
    st.tuples(st.sampled_from(STUDIES), st.sampled_from(CODES), st.sampled_from("ab")), st.sampled_from(SAID[:-1])
)


@given(tables)
def test_every_count_equals_brute_force(make: Any, table: dict[tuple[str, str, str], str]) -> None:
    cells = [cell(make, study, id_, said, report=f"{study}{report}") for (study, id_, report), said in table.items()]
    answers, codebook = Answers.of(cells), book(derived=[MOSAIC])
    studies = sorted({study for study, _, _ in table})
    assert list(answers.studies) == studies

    def found(study: str, id_: str) -> set[str]:
        return {said for (s, c, _), said in table.items() if (s, c) == (study, id_)}

    both = code_counts.pairs(answers, code_counts.presence(codebook))
    assert list(both) == list(combinations_with_replacement(CODES, 2))
    for (a, b), ids in both.items():
        assert list(ids) == [study for study in studies if "yes" in found(study, a) and "yes" in found(study, b)]

    gap = code_counts.gap(answers, "AA", "BB", ())
    assert gap.ids == both["AA", "BB"]
    if not gap.ids and studies:
        # what each study would say at best, and at worst: a cell that is open may turn out as a yes
        open_ = {"pending", "conflict"}
        may = [s for s in studies if all(found(s, c) != {"no"} for c in ("AA", "BB"))]
        waits = [s for s in may if any((not found(s, c) or found(s, c) & open_) and "yes" not in found(s, c) for c in ("AA", "BB"))]  # fmt: skip
        assert gap.word == ("not codable" if waits else "unclear" if may else "none found")
        assert list(gap.behind) == (waits or may)

    forms = code_counts.forms(answers, codebook.derived[0])
    assert sorted(id_ for each in forms for ids in each.studies.values() for id_ in ids) == studies
    values = derived.compute(cells, codebook, make.studies())
    for each in forms:
        for word, ids in each.studies.items():
            for study in ids:
                assert {c for c in MOSAIC["codes"] if "yes" in found(study, c)} == set(each.codes)
                assert word == values[study, "", "mosaic"].value, "the figure says what the table says"
