"""What the flow diagram says."""

from typing import Any

from scoping import diagram, flow_words
from scoping.prisma import Boxes


def boxes(**lines: dict[str, int]) -> Boxes:
    ids = {
        box: {line: frozenset(f"{box}{line}{at}" for at in range(n)) for line, n in parts.items()}
        for box, parts in lines.items()
    }
    return Boxes(ids)


def text(flow: Any, box: str) -> list[str]:
    return [line.words.replace("\u00a0", " ") for line in flow.boxes[box].lines]


def test_each_source_and_kind_stands_with_its_number_also_with_none(make: Any) -> None:
    flow = diagram.flow(boxes(identified={"scopus": 1204}), make.review())
    assert text(flow, "identified") == [
        "Records identified from:", "Databases (n = 1,204)", "Scopus (n = 1,204)", "Registers (n = 0)",
    ]  # fmt: skip
    assert text(flow, "other_identified") == ["Records identified from:", "Websites (n = 0)"]


def test_reasons_stand_in_the_order_of_the_protocol(make: Any) -> None:
    found = boxes(reports_excluded={"design": 2, "topic": 1, "gone": 1})
    assert text(diagram.flow(found, make.review()), "reports_excluded") == [
        "Reports excluded:", "(n = 4)", "Wrong topic (n = 1)", "No data (n = 2)", "gone (n = 1)",
    ]  # fmt: skip


def test_it_is_a_draft_while_anything_is_pending(make: Any) -> None:
    assert diagram.flow(boxes(), make.review()).draft == ""
    found = boxes(awaiting_screening={"": 1}, other_awaiting_assessment={"": 2})
    flow = diagram.flow(found, make.review())
    assert flow.draft == "1 record to be screened and 2 reports to be assessed"
    assert "Awaiting screening (n = 1)" in text(flow, "screened")
    assert "Awaiting assessment (n = 2)" in text(flow, "other_assessed")
    assert flow.alt.endswith("Draft: 1 record to be screened and 2 reports to be assessed.")


def test_without_other_methods_there_is_no_second_arm_and_no_footnote_about_it(make: Any) -> None:
    sources = {"scopus": {"name": "Scopus", "kind": "database", "files": ["scopus.ris"]}}
    flow = diagram.flow(boxes(), make.review(sources=sources))
    assert "other_identified" not in flow.boxes
    assert not any("Other methods" in note for note in flow.footnotes)
    found = boxes(other_identified={"web": 3}, other_known={"": 1}, other_sought={"": 2})
    notes = flow_words.footnotes(found, "studies")
    assert any("The 3 entries: 1 already known, 2 sought as reports." in note for note in notes)
