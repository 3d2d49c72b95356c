"""The agreement report: what is compared with what, counted by hand, and the ids behind each number."""

from typing import Any

import pytest

from scoping import agreement_report as report
from scoping import collect, comparisons, forms, schemas, tables


def test_independent_answers_are_a_table_of_their_own(make: Any, tmp_path: Any) -> None:
    reason = {"R1": {"decision": "exclude", "reason": "topic", "cell": "S!B2"}}
    events = [
        make.issued("ta01", ["anna", "ben"], ["R1", "R2"], purpose="pilot", known_as={"R1": ["10.5555/r1", "A title"]}),
        {**make.read("ta01.anna", {}, "a1"), "labels": reason},
        make.read("ta01.ben", {"R1": "include"}, "b1"),
        make.read("ta01.ben", {"R1": "exclude", "R2": "withdraw"}, "b2"),  # after a talk
    ]
    rows = collect.independent_rows(events)
    tables.write(tmp_path / "independent.csv", schemas.INDEPENDENT, rows)
    assert tables.read(tmp_path / "independent.csv", schemas.INDEPENDENT) == rows
    plain = {"stage": "title_abstract", "batch": "ta01", "purpose": "pilot", "item": "R1"} | dict.fromkeys(
        ("level", "status", "basis", "version", "offer", "suggested", "source"), ""
    )
    known = {"doi": "10.5555/r1", "title": "A title"}
    assert rows == [
        {**plain, **known, "sheet": "ta01.anna", "person": "anna", "decision": "exclude", "reason": "topic"},
        {**plain, **known, "sheet": "ta01.ben", "person": "ben", "decision": "include", "reason": ""},
    ]
    assert {row["decision"] for row in collect.decision_rows(events)} == {"exclude", "withdraw"}


LABELS = comparisons.Labels(
    reasons={"topic": "Wrong topic", "design": "No data"},
    codes={"REL1": "Ties", "REL2": "Trust"},
    code_values={"REL1": ("yes", "no", "unclear"), "REL2": ("yes", "no"), "TIER": ("local", "national")},
    families={"REL1": "Relationships", "REL2": "Relationships", "TIER": "Description"},
)


def said(person: str, item: str, decision: str, stage: str = "title_abstract", **fields: str) -> tables.Row:
    plain = dict.fromkeys(schemas.INDEPENDENT.names, "") | {"batch": "ta02", "purpose": "main"}
    known = {"stage": stage, "person": person, "item": item, "decision": decision}
    return plain | known | {"sheet": f"{fields.get('batch', 'ta02')}.{person}"} | fields


def screened() -> list[tables.Row]:
    """Six records of two batches, anna and ben, then anna and dora; one has a single answer."""
    return [
        said("anna", "A", "include", batch="ta01", purpose="pilot"),
        said("ben", "A", "include", batch="ta01", purpose="pilot"),
        said("anna", "B", "include", batch="ta01", purpose="pilot"),
        said("ben", "B", "unsure", batch="ta01", purpose="pilot"),
        said("anna", "C", "exclude", reason="topic"),
        said("ben", "C", "exclude", reason="design"),
        said("anna", "D", "exclude", reason="topic"),
        said("dora", "D", "exclude", reason="topic"),
        said("anna", "E", "include"),
        said("dora", "E", "exclude"),
        said("anna", "F", "include"),
    ]


def compared(rows: list[tables.Row], known: dict[str, str] | None = None) -> list[comparisons.Comparison]:
    ids = {row["item"].partition(":")[0] for row in rows}
    return comparisons.comparisons(comparisons.answers(rows, known or {id_: id_ for id_ in ids}), LABELS, seed=7)


def figures(lines: list[comparisons.Comparison], **wanted: str) -> tuple[int, int, float | None]:
    """(answered, double coded, raw agreement) of the one comparison that is wanted."""
    (line,) = [line for line in lines if all(getattr(line, name) == value for name, value in wanted.items())]
    return line.panel.answered, line.panel.double_coded.items, line.panel.raw.value


def test_the_words_of_each_scale_are_those_of_the_forms(make: Any) -> None:
    for stage, (scale, decisive) in comparisons.SCALES.items():
        asked = set(forms.form(stage, make.review()).words.values()) - {"withdraw"}
        assert set(scale.categories) == asked
        assert {decisive.same.get(word, word) for word in asked} - {None} == set(decisive.categories)


def test_every_group_is_compared_with_the_numbers_counted_by_hand() -> None:
    lines = compared(screened())
    two, decisive = {"scale": "as answered"}, {"scale": "unsure as include"}
    assert figures(lines, stage="title_abstract", by="all", **two) == (6, 5, 0.6)
    assert figures(lines, stage="title_abstract", by="all", **decisive) == (6, 5, 0.8)
    assert figures(lines, by="purpose", group="pilot", **two) == (2, 2, 0.5)
    assert figures(lines, by="purpose", group="main", **decisive) == (4, 3, pytest.approx(2 / 3))
    assert figures(lines, by="batch", group="ta01", **decisive) == (2, 2, 1.0)
    assert figures(lines, by="pair", group="anna and ben", **two) == (3, 3, pytest.approx(2 / 3))
    assert figures(lines, by="pair", group="anna and dora", **two) == (2, 2, 0.5)
    assert figures(lines, by="reason", group="") == (2, 2, 0.5)
    assert figures(lines, by="reason", group="topic") == (6, 4, 0.75), "dora named no reason for E"
    assert figures(lines, stage="full_text", by="all", scale="as answered") == (0, 0, None)
    assert not [line for line in lines if line.by == "pair" and "ben and dora" in line.group]


def test_what_nobody_can_compare_is_left_out() -> None:
    rows = [said("anna", "A", "include"), said("ben", "A", "include"), said("anna", "B", "exclude", reason="topic")]
    lines = [line for line in compared(rows) if line.stage == "title_abstract"]
    assert {(line.by, line.group) for line in lines} == {("all", ""), ("reason", "topic")}, "one batch, one pair"
    assert figures(lines, by="reason", group="topic") == (2, 1, 1.0)
    alone = [said("anna", "A", "include", batch="ta01"), said("ben", "B", "include", batch="ta02")]
    assert {line.by for line in compared(alone)} == {"all"}


def test_a_report_that_one_could_not_obtain_is_no_answer_about_reasons() -> None:
    rows = [
        said("anna", "A", "not_retrieved", "full_text"),
        said("ben", "A", "exclude", "full_text", reason="topic"),
        said("anna", "B", "include", "full_text"),
        said("ben", "B", "exclude", "full_text", reason="topic"),
    ]
    lines = [line for line in compared(rows) if line.stage == "full_text"]
    assert figures(lines, by="reason", group="topic") == (2, 1, 0.0)
    assert figures(lines, by="all", scale="as answered") == (2, 2, 0.0)
    assert figures(lines, by="all", scale="unsure as include, not retrieved left out") == (2, 1, 0.0)


def test_codes_and_levels_are_compared_over_reports() -> None:
    rows = [
        said(person, f"{id_}:{code}", value, "coding", level=level)
        for id_, code, *both in (
            ("A", "REL1", ("yes", "individual"), ("yes", "organisation")),
            ("A", "REL2", ("no", ""), ("no", "")),
            ("B", "REL1", ("unclear", ""), ("no", "")),
            ("B", "REL2", ("yes", "system"), ("yes", "system")),
            ("C", "OLD", ("yes", ""), ("yes", "")),
            ("C", "TIER", ("local", ""), ("national", "")),
        )
        for person, (value, level) in zip(("anna", "ben"), both, strict=True)
    ]
    lines = compared(rows)
    assert figures(lines, stage="coding", by="all", scale="as answered") == (6, 6, round(4 / 6, 12))
    assert figures(lines, by="family", group="Relationships", scale="as answered") == (4, 4, 0.75)
    assert figures(lines, by="family", group="Relationships", scale="unclear as no") == (4, 4, 1.0)
    assert {line.group for line in lines if line.by == "family"} == {"Relationships"}, "a list is no family's yes or no"
    assert figures(lines, by="code", group="REL1", scale="as answered") == (2, 2, 0.5)
    assert figures(lines, by="code", group="REL1", scale="unclear as no") == (2, 2, 1.0)
    assert figures(lines, by="level", group="") == (2, 2, 0.5)
    assert [line.label for line in lines if line.by == "code"][::2] == ["REL1 Ties", "REL2 Trust", "OLD", "TIER"]
    panels = {(line.group, line.scale): line.panel for line in lines if line.by == "code"}
    assert panels["REL2", "as answered"].categories == ("no", "yes"), "its codebook has no unclear"
    assert panels["REL1", "as answered"].categories == ("no", "unclear", "yes")


def test_intervals_are_over_records_and_not_over_their_cells() -> None:
    """One report with forty cells says nothing of other reports; forty reports with a cell each do."""

    def interval(items: list[str]) -> float | None:
        pairs = [(item, "yes" if k % 4 else "no") for k, item in enumerate(items)]
        rows = [said("anna", item, "yes", "coding") for item, _ in pairs]
        rows += [said("ben", item, word, "coding") for item, word in pairs]
        (line,) = [
            line for line in compared(rows) if (line.stage, line.by, line.scale) == ("coding", "all", "as answered")
        ]
        assert line.panel.raw.value == 0.75
        return line.panel.raw.low

    assert interval([f"A:C{k}" for k in range(40)]) is None
    assert (interval([f"A{k}:C1" for k in range(40)]) or 1) < 0.75


def test_a_record_is_compared_whichever_id_it_was_answered_under() -> None:
    rows = [said("anna", "A", "include"), said("ben", "A2", "include"), said("ben", "X", "exclude")]
    lines = compared(rows, {"A": "A", "A2": "A"})
    assert figures(lines, stage="title_abstract", by="all", scale="as answered") == (1, 1, 1.0)
    torn = [*rows, said("anna", "A2", "exclude")]  # anna said both of one record, before its entries were merged
    lines = compared(torn, {"A": "A", "A2": "A"})
    assert figures(lines, stage="title_abstract", by="all", scale="as answered") == (1, 0, None)


def test_ids_of_records_are_found_again_and_those_that_are_gone_are_counted(make: Any) -> None:
    record = make.record("A", "A2", doi="10.5555/a")
    rows = [said("anna", "A2", "include"), said("ben", "OLD", "include", doi="10.5555/a"), said("ben", "Z", "include")]
    assert comparisons.known([record], rows) == ({"A": "A", "A2": "A", "OLD": "A"}, 1)


def test_alpha_and_specific_agreement_stand_only_where_they_have_sense() -> None:
    lines = compared(screened())
    shown = {
        (line.by, line.group, line.scale): dict(line.figures()) for line in lines if line.stage == "title_abstract"
    }
    assert shown["all", "", "as answered"]["Alpha"] is not None, "three people"
    assert shown["pair", "anna and ben", "as answered"]["Alpha"] is None, "two people who answered everything"
    assert shown["reason", "topic", comparisons.EITHER]["Alpha"] is not None, "answers are missing"
    assert shown["reason", "", "which reason"]["Positive agreement"] is None, "no reason is the positive one"
    assert shown["reason", "topic", comparisons.EITHER]["Positive agreement"] is not None


def test_every_n_and_raw_agreement_open_to_ids() -> None:
    lines = compared(screened())
    behind: dict[tuple[str, ...], list[tables.Row]] = {}
    for row in report.ids(lines):
        behind.setdefault(tuple(row[name] for name in report.COLUMNS[:5]), []).append(row)
    rows = report.table(lines)
    assert len(rows) == len({tuple(row[name] for name in report.COLUMNS[:5]) for row in rows}), "no two have one name"
    checked = 0
    for row in rows:
        items = behind.get(tuple(row[name] for name in report.COLUMNS[:5]), [])
        double = [item for item in items if int(item["Answers given"]) > 1]
        assert int(row["Items answered"]) == len({item["Id"] for item in items}) == len(items)
        assert int(row["Items answered by two or more"]) == len(double)
        if double:
            pairs = [int(item["Answers given"]) * (int(item["Answers given"]) - 1) // 2 for item in double]
            equal = [int(item["Equal pairs of answers"]) for item in double]
            raw = sum(e / p for e, p in zip(equal, pairs, strict=True)) / len(double)
            assert row["Raw agreement"].startswith(f"{raw:.2f} (")
            checked += 1
    assert checked > 10


def test_negative_figures_have_a_minus_sign() -> None:
    assert [report._signed(value) for value in (-0.106, -0.001, 0.5, 1.0)] == ["\u22120.11", "0.00", "0.50", "1.00"]


def test_figures_come_back_and_the_data_hold_what_is_drawn() -> None:
    lines = compared(screened())
    again = compared(list(reversed(screened())))
    assert report.table(again) == report.table(lines)
    data = {(row["by"], row["group"], row["answers"], row["measure"]): row["value"] for row in report.data(lines)}
    drawn = 0
    for section in report.sections(lines):
        for line in section.lines:
            for name, mark in zip(report.SHOWN, line.marks, strict=True):
                found = {value for (_, label, scale, measure), value in data.items()
                         if measure == name and (line.label in (label, f"All, {scale}"))}  # fmt: skip
                assert (f"{mark.value:.4f}" in found) if mark else True
                drawn += mark is not None
    assert drawn > 20
    assert [section.heading for section in report.sections(lines)] == [
        "", "By purpose", "By batch", "By pair of people", "By reason for exclusion",
    ]  # fmt: skip
    assert [line.label for line in report.sections(lines)[2].lines] == ["ta01", "ta02"], "on the scale that decides"
    assert [line.label for line in report.sections(lines)[0].lines] == ["All, as answered", "All, unsure as include"]
    assert report.sections(compared([])) == []


def test_what_was_asked_again_is_a_question_of_its_own(make: Any) -> None:
    """Answers of an old version stay as they were before any talk, and are compared among themselves."""
    both = ["anna", "ben"]
    events = [
        {**make.issued("co01", both, ["R1:REL1"], stage="coding"), "version": 1},
        make.read("co01.anna", {"R1:REL1": "yes"}, "a1", stage="coding"),
        make.read("co01.ben", {"R1:REL1": "no"}, "b1", stage="coding"),
        make.read("co01.ben", {"R1:REL1": "yes"}, "b2", stage="coding"),  # after a talk
        {**make.issued("co02", both, ["R1:REL1"], stage="coding"), "version": 2},
        make.read("co02.anna", {"R1:REL1": "no"}, "a2", stage="coding"),
        make.read("co02.ben", {"R1:REL1": "no"}, "b3", stage="coding"),
    ]
    rows = collect.independent_rows(events)
    assert [(row["sheet"], row["version"], row["decision"]) for row in rows] == [
        ("co01.anna", "1", "yes"), ("co01.ben", "1", "no"), ("co02.anna", "2", "no"), ("co02.ben", "2", "no"),
    ]  # fmt: skip
    assert {row["version"] for row in collect.decision_rows(events)} == {"1", "2"}
    given = comparisons.answers(rows, {"R1": "R1"})
    assert sorted({answer.item for answer in given}) == ["R1:REL1", "R1:REL1@2"]
    lines = comparisons.comparisons(given, LABELS, 7)
    raw = {line.label: line.panel.raw.value for line in lines if line.by == "version" and line.scale == "as answered"}
    assert raw == {"Codebook version 1": 0.0, "Codebook version 2": 1.0}
