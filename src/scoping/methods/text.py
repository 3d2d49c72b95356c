"""The methods section, the automation statement and the strategies, put together: only what happened is described."""

from scoping.methods import automation, charting, results, search, selection
from scoping.methods.material import OUT, Material, flow, place, protocol
from scoping.methods.prose import Block, Document, Number, Paragraph, Runs, Section, counted, listed, prose
from scoping.methods.search import declared


def still_open(material: Material) -> list[Runs]:
    """What people have still to do, each with its number."""
    pairs, companions = search.asked(material)["open"], selection.companions(material)["open"]
    waiting: list[tuple[Number, str, str]] = [
        (pairs, "pair of entries to be compared", "pairs of entries to be compared"),
        (
            flow(material, "awaiting_screening", "other_awaiting_screening"),
            "record to be screened",
            "records to be screened",
        ),
        (
            flow(material, "awaiting_assessment", "other_awaiting_assessment"),
            "report to be assessed",
            "reports to be assessed",
        ),
        (companions, "pair of reports to be compared", "pairs of reports to be compared"),
        (_open("cells.open", material, "coding"), "cell to be charted", "cells to be charted"),
        (
            _open("interviews.cells.open", material, "interviews"),
            "cell of an interview to be coded",
            "cells of interviews to be coded",
        ),
    ]
    return [number.with_(one, many) for number, one, many in waiting if int(number.value)]


def _open(key: str, material: Material, stage: str) -> Number:
    rows = material.transcripts if stage == "interviews" else material.cells
    ids = [place(row) for row in rows if row["state"] != "coded"]
    return counted(key, ids, "cell", f"{OUT}/{stage}/cells.csv: state = pending or conflict")


def draft(material: Material) -> Runs:
    """That the review goes on, and with what; empty where all is done."""
    waiting = still_open(material)
    return prose("DRAFT: ", listed(waiting), ". All numbers are as of now and will change.") if waiting else ()


def methods(material: Material) -> Document:
    """The methods section, with the flow in sentences."""
    declarations = (
        Paragraph(
            declared(material, "funding", "name who funded the review and their part in it, or state that nobody did"),
            lead="Funding.",
        ),
        Paragraph(
            declared(material, "competing_interests", "declare competing interests, or that there are none"),
            lead="Competing interests.",
        ),
    )
    parts: list[tuple[str, tuple[Block, ...]]] = [
        ("Protocol and registration", search.opening(material)),
        ("Eligibility criteria", search.eligibility(material)),
        ("Information sources", search.sources(material)),
        ("Search", search.searches(material)),
        ("De-duplication", search.deduplication(material)),
        (
            "Selection of sources of evidence",
            (*selection.titles(material), *selection.full_texts(material), *selection.studies(material)),
        ),
        ("Data charting", charting.charting(material)),
        ("Data items", charting.items(material)),
        ("Critical appraisal of sources of evidence", charting.appraisal(material)),
        ("Synthesis of results", charting.synthesis(material)),
        ("Interviews", charting.interviews(material)),
        ("Use of automation", automation.section(material)),
        ("Results: selection of sources of evidence", results.results(material)),
        ("Funding and competing interests", declarations),
    ]
    return _document(material, "Methods: ", [(title, blocks) for title, blocks in parts if blocks])


def automation_statement(material: Material) -> Document:
    """The automation statement by itself."""
    return _document(material, "Use of automation: ", [("Statement", automation.statement(material))])


def strategies(material: Material) -> Document:
    """Every search strategy as it was run."""
    return _document(material, "Search strategies: ", [("Strategies", search.strategies(material))])


def _document(material: Material, title: str, parts: list[tuple[str, tuple[Block, ...]]]) -> Document:
    heading = prose(title, protocol(material.review.title, "title"))
    sections = tuple(Section(name, blocks) for name, blocks in parts)
    return Document(heading, material.review.notice, draft(material), sections)
