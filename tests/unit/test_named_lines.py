"""Lines that the protocol adds to boxes, and the words of scoping reviews."""

import pytest
from pydantic import ValidationError

from scoping import diagram, named_lines
from scoping.prisma import Boxes, rows
from scoping.report_settings import ExtraLine, Report


def line(box, label, column, *values):
    return ExtraLine(box=box, label=label, column=column, values=values)


@pytest.fixture
def tables(make):
    records = [
        make.record(id_, type=type_, language="English")
        for id_, type_ in zip("ABC", ("report", "article", ""), strict=True)
    ]
    first = {id_: make.state(id_, "exclude", reason="topic") for id_ in "AB"} | {"C": make.state("C", "include")}
    return records, first, {"C": make.state("C", "not_retrieved", route="letter")}


FOUND = Boxes(
    {"screened": {"": frozenset("ABC")}, "excluded": {"": frozenset("AB")}, "not_retrieved": {"": frozenset("C")}}
)


def test_a_line_counts_those_ids_of_its_box_whose_record_has_a_value(tables):
    lines = [
        line("screened", "Reports and articles", "type", "report", "article"),
        line("screened", "Without a type given", "type", "none"),
        line("excluded", "For the topic", "reason", "topic"),
        line("not_retrieved", "Asked by letter", "route", "letter"),
    ]
    assert named_lines.boxes(lines, FOUND, *tables) == {
        "screened_of_which": {"Reports and articles": {"A", "B"}, "Without a type given": set()},
        "excluded_of_which": {"For the topic": {"A", "B"}},
        "not_retrieved_of_which": {"Asked by letter": {"C"}},
    }


def test_it_stands_in_its_box_and_in_the_table_of_ids(make, tables):
    lines = [line("screened", "Reports", "type", "report"), line("screened", "None", "type", "x")]
    found = FOUND.and_(named_lines.boxes(lines, FOUND, *tables))
    words = [at.words.replace("\u00a0", " ") for at in diagram.flow(found, make.review()).boxes["screened"].lines]
    assert words == ["Records screened", "(n = 3)", "Reports (n = 1)", "None (n = 0)"]
    assert {"box": "screened_of_which", "detail": "Reports", "unit": "record", "id": "A"} in rows(found)


def test_two_lines_of_a_box_have_two_labels():
    same = {"box": "screened", "label": "x", "column": "type", "values": ["a"]}
    with pytest.raises(ValidationError, match="two lines of screened are called 'x'"):
        Report(lines=[same, same])
    Report(lines=[same, {**same, "box": "excluded"}])


def test_wording_of_scoping_reviews(make):
    flow = diagram.flow(FOUND, make.review(report={"wording": "sources of evidence"}))
    words = [at.words for box in flow.boxes.values() for at in box.lines] + [*flow.headings.values(), flow.alt]
    assert "Sources of evidence included in review" in words
    assert not any("studies" in said.lower() for said in words)


def test_an_updated_review_has_what_came_before_and_the_total(make):
    review = make.review(previous={"citation": "Example, 2020."})
    more = {"previous_studies": "ab", "previous_reports": "abc", "new_reports": "d", "new_studies": "d",
            "total_studies": "abd", "total_reports": "abcd", "known_reports": "a"}  # fmt: skip
    flow = diagram.flow(FOUND.and_({box: {"": frozenset(ids)} for box, ids in more.items()}), review)
    numbers = {
        key: [at.number for at in flow.boxes[key].lines if at.number is not None]
        for key in ("previous", "included", "total")
    }
    assert numbers == {"previous": [2, 3], "included": [1, 1, 1], "total": [3, 4]}
    assert flow.headings["databases"] == "Identification of new studies via databases and registers"
    assert "Previous version: Example, 2020." in flow.footnotes
    assert "the total is 3 studies (4 reports)" in flow.alt


def test_records_left_unscreened_have_a_line_of_their_own(make):
    flow = diagram.flow(FOUND.and_({"unscreened": {"": frozenset("XY")}}), make.review(), "a rule, p < 0.05")
    words = [at.words.replace("\u00a0", " ") for at in flow.boxes["removed"].lines]
    assert "Records ineligible by automation: left unscreened by the declared stopping rule (n = 2)" in words
    assert "Records marked as ineligible by automation tools (n = 0)" in words
    assert any("nobody read them, and nobody excluded them" in note for note in flow.footnotes)
    assert any("declared (a rule, p < 0.05) left 2 records" in note for note in flow.footnotes)
    assert "2 records that a declared stop left unscreened (a rule, p < 0.05)." in flow.caption
    plain = diagram.flow(FOUND, make.review())
    assert len(plain.boxes["removed"].lines) == 4
    assert "unscreened" not in plain.alt + plain.caption + "".join(plain.footnotes)
