"""Reports of one study, found among reports that look like them: families and near misses of `cases/families.json`."""

import json
import random
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from scoping import companion_signs, companions, normalise
from scoping.companion_signs import Report
from scoping.groups import Groups
from scoping.tables import compact

CASES = json.loads((Path(__file__).parents[1] / "cases" / "families.json").read_text(encoding="utf-8"))
Pairs = set[tuple[str, str]]


def report(make: Any, id_: str, case: dict[str, Any]) -> Report:
    """A report as the readers of exports would give it."""
    authors = [normalise.author(name) for name in case["authors"]]
    names = [{"family": a.family, "given": a.given, "literal": a.literal} for a in authors]
    fields = {name: case[name] for name in ("title", "abstract", "year", "doi", "type")}
    return companion_signs.report(make.record(id_, authors=compact(names), **fields), [case["text"]])


def of_families(make: Any, numbers: Any) -> tuple[list[Report], Pairs, Pairs]:
    """(reports of some families and their near misses, pairs of one study, near misses as pairs)."""
    reports, same, near = [], set(), set()
    for number, family in enumerate(CASES["families"], start=1):
        if number in numbers:
            ids = [f"F{number:02}.{at}" for at in range(len(family))]
            reports += [report(make, id_, case) for id_, case in zip(ids, family, strict=True)]
            same |= set(combinations(ids, 2))
    for at, case in enumerate(CASES["near_misses"]):
        number, which = case["like"]
        if number in numbers:
            reports.append(report(make, f"N{at:02}", case["report"]))
            near.add((f"F{number:02}.{which}", f"N{at:02}"))
    return reports, same, near


ALL = range(1, len(CASES["families"]) + 1)


def found(reports: list[Report]) -> Pairs:
    return {(pair.a, pair.b) for pair in companions.find(reports)}


def test_the_cases_are_what_they_are_said_to_be() -> None:
    assert len(CASES["families"]) >= 12
    assert len(CASES["near_misses"]) >= 30


def test_recall_and_precision_of_the_finder(make: Any) -> None:
    """Printed with -s; docs/decisions.md has the figures. A person decides, so what is asked in vain costs a look."""
    for name, numbers in (("odd", ALL[::2]), ("even", ALL[1::2]), ("all", ALL)):
        reports, same, near = of_families(make, numbers)
        pairs = found(reports)
        likely = {(pair.a, pair.b) for pair in companions.find(reports) if pair.score >= companions.LIKELY}
        print(
            f"families {name}: {len(pairs & same)} of {len(same)} pairs of one study found, {len(pairs - same)} pairs asked "
            f"in vain ({len(pairs & near)} of {len(near)} near misses); likely: {len(likely & same)} right, "
            f"{len(likely - same)} wrong; missed {sorted(same - pairs)}; in vain {sorted(pairs - same)}"
        )
        if name == "all":
            assert len(pairs & same) >= 0.9 * len(same)
            assert len(pairs & same) >= 0.8 * len(pairs)
            assert likely <= same
            assert len(likely) >= 0.4 * len(same)


def test_every_family_hangs_together_by_what_is_found(make: Any) -> None:
    """Links hold through others, so not every pair of a family has to be found."""
    reports, same, _ = of_families(make, ALL)
    pairs = found(reports)
    groups = Groups([each.id for each in reports])
    for a, b in sorted(pairs & same):
        groups.join(a, b)
    assert [pair for pair in sorted(same) if groups.find(pair[0]) != groups.find(pair[1])] == []


def test_the_order_of_reports_and_other_reports_change_little(make: Any) -> None:
    reports, _, _ = of_families(make, ALL)
    shuffled = random.Random(1).sample(reports, len(reports))
    assert companions.find(shuffled) == companions.find(reports)


def test_only_reports_that_share_something_rare_are_compared(make: Any) -> None:
    """Of a hundred times as many reports with nothing in common, not one more pair is compared."""
    reports, _, _ = of_families(make, ALL)
    others = [
        make.record(f"X{n}", title=f"x{n}" * 3, authors=make.authors(f"Name{n}"), year="2020") for n in range(4400)
    ]
    many = [*reports, *(companion_signs.report(row) for row in others)]
    assert companions._candidates(many) == companions._candidates(reports)
    assert 0 < len(companions._candidates(reports)) < len(reports) * (len(reports) - 1) / 8
    crowd = [companion_signs.report(make.record(f"C{n:03}", title=f"c{n}")) for n in range(companions.CROWDED + 1)]
    assert companions._candidates(crowd) == set(), "a name that so many share says nothing"
    assert len(companions._candidates(crowd[1:])) > 0


SIGNS = [
    ("registrations", {"abstract": "Trial registration: ISRCTN 41258830."}, {"isrctn41258830"}),
    ("registrations", {"text": "The trial was registered (NCT01234567). Others did NCT07654321 there."}, {"nct01234567"}),
    ("registrations", {"text": "We know NCT07654321 from a review."}, set()),
    ("grants", {"text": "Funding: Wellcome, grant 203118/Z/16/Z in 2019."}, {"203118/Z/16/Z"}),
    ("grants", {"text": "Funded from 2016-2019. ORCID 0000-0001-2345-6789."}, set()),
    ("grants", {"text": "The number 203118 stands elsewhere."}, set()),
    ("samples", {"abstract": "We held fifty-four talks, 12 semi-structured interviews and four workshops (n = 1,204)."},
     {("interviews", 12), ("workshops", 4), ("n", 1204)}),
    ("samples", {"abstract": "In 2019 hospitals changed."}, set()),
    ("funders", {"text": "This was funded by the Nordic Council for Public Research in part."}, {"Nordic Council for Public Research"}),
]  # fmt: skip


@pytest.mark.parametrize(("what", "fields", "expected"), SIGNS)
def test_signs(make: Any, what: str, fields: dict[str, str], expected: set[Any]) -> None:
    text = fields.get("text", "")
    one = companion_signs.report(make.record("A", abstract=fields.get("abstract", "")), [text])
    assert getattr(one, what) == expected


def test_projects_are_not_what_everybody_abbreviates(make: Any) -> None:
    one = companion_signs.report(make.record("A", title="The NHS and the COVID-19 dashboards of BRIDGEWELL"))
    assert set(one.projects.values()) == {"BRIDGEWELL"}
    assert companion_signs.report(make.record("A", title="ALL IN CAPITALS OF A DATABASE")).projects == {}


def test_hostile_texts_are_read_in_one_way_only(make: Any) -> None:
    """Each of them took for ever with a pattern that could split a word at any letter."""
    texts = (
        "funded by " + "A" * 20_000,
        "funded by " + "Aa " * 5_000,
        "The " + "Aa-" * 9_000 + "project",
        "n = " * 9_000,
    )
    for text in texts:
        one = companion_signs.report(make.record("A", title=text, abstract=text), [text])
        assert (one.grants, one.samples) == (frozenset(), frozenset())
        assert one.funders is not None
        assert one.projects is not None


def test_numbers_in_the_list_of_references_are_those_of_others(make: Any) -> None:
    text = "We asked people.\n" * 20 + "References\nSmith. 54 interviews. Funded, grant 203118/Z/16/Z."
    one = companion_signs.report(make.record("A"), [text])
    assert ("interviews", 54) not in one.all_samples
    assert one.grants == frozenset()
    without = companion_signs.report(make.record("A"), [text.replace("References", "Then")])
    assert ("interviews", 54) in without.all_samples
    assert without.grants


@pytest.mark.parametrize(
    ("one", "other", "may_be"),
    [("Marsh, Eva", "Marsh E", True), ("E. Marsh", "Marsh, Eva", True), ("Marsh, Eva", "Marsh, Tom", False)],
)
def test_names_in_all_shapes(make: Any, one: str, other: str, may_be: bool) -> None:
    a, b = (report(make, "A", {**CASES["families"][0][0], "authors": [name]}).authors[0] for name in (one, other))
    assert a.may_be(b) is may_be


# --- links between records -------------------------------------------------------------------------------------------


def two(make: Any) -> list[Report]:
    """Two reports of which nothing but a link says that they are of one study."""
    return [companion_signs.report(make.record(id_, title=id_, authors="[]")) for id_ in ("Aa", "Bb")]


LINKS = [  # kind, answer about duplicates, whether a person is asked, whether one study is suggested
    ("preprint", "", True, True),
    ("conference_abstract", "", True, True),
    ("protocol", "", True, True),
    ("registration", "", True, True),
    ("correction", "", True, True),
    ("retraction", "", True, True),
    ("part", "", True, False),
    ("comment", "", False, False),
    ("preprint", "different", False, False),
]


@pytest.mark.parametrize(("kind", "answer", "asked", "suggested"), LINKS)
def test_a_link_between_records_is_a_sign_for_one_study(
    make: Any, kind: str, answer: str, asked: bool, suggested: bool
) -> None:
    link = {"a": "Bb", "b": "Aa", "kind": kind, "why": "its title says so", "answer": answer}
    pairs = companions.find(two(make), [link, {**link, "b": "not included"}])
    assert [(pair.a, pair.b) for pair in pairs] == ([("Aa", "Bb")] if asked else [])
    assert [pair.score >= companions.LIKELY for pair in pairs] == ([suggested] if asked else [])
    if asked:
        assert "(its title says so)" in pairs[0].why
    assert companions.find(two(make)) == [], "control"
