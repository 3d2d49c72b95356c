"""How the included reports were charted, what was charted, how it was summarised, and the interviews beside them."""

from scoping.codebook import Codebook
from scoping.columns import NOT_STATED
from scoping.items import split
from scoping.methods import agreed, selection
from scoping.methods.material import CODEBOOK, OUT, PROTOCOL, Material, codebook_said, people, place
from scoping.methods.prose import (
    Block,
    Bullets,
    Gap,
    Number,
    Paragraph,
    Part,
    Runs,
    Said,
    counted,
    listed,
    prose,
    settled,
    spaced,
)
from scoping.methods.search import declared
from scoping.offers import BLIND, SHOWN

_VERDICTS = {
    "verbatim": "stood there word for word",
    "near": "stood there with small differences",
    "missing": "could not be found",
    "no text": "could not be looked up for want of a text",
}
_UNITS = {"model": "each model of a study", "study": "each study", "report": "each report"}
_CELLS = f"{OUT}/coding/cells.csv: "


def codes(book: Codebook, stream: str = "") -> Number:
    """How many codes are asked."""
    return counted(
        f"codes{stream}",
        [code.id for code in book.codes],
        "code",
        f"{CODEBOOK}: codes{stream and f', streams with {stream[1:]}'}",
    )


def families(book: Codebook) -> Number:
    """In how many families they stand."""
    return counted("families", [family.id for family in book.families], "family", f"{CODEBOOK}: families")


def version(book: Codebook) -> Said:
    """The version of the codebook."""
    return codebook_said(str(book.version), "version")


def cells(material: Material, state: str = "", verdict: str = "") -> Number:
    """Cells of the included studies: all, those in a state, or settled ones whose quote has a verdict."""
    rows = [
        row
        for row in material.cells
        if (not state or row["state"] == state)
        and (not verdict or (row["state"] == "coded" and row["verdict"] == verdict))
    ]
    name = ".".join(["cells", *([state] if state else []), *([f"quote.{verdict}"] if verdict else [])])
    of = f"state = {state}" if state else f"state = coded, verdict = {verdict}" if verdict else "all rows"
    return counted(name, [place(row) for row in rows], "cell", _CELLS + of)


def asked(material: Material) -> Runs:
    """Version, codes, families and what each code is judged for."""
    book = material.codebook
    units = []
    for unit, words in _UNITS.items():
        ids = [code.id for code in book.codes if code.unit == unit]
        if ids:
            units.append(prose(counted(f"codes.{unit}", ids, "code", f"{CODEBOOK}: unit = {unit}"), " of ", words))
    return prose(
        "Included studies were charted with a codebook (version ", version(book), ") of ", codes(book).with_("code"), " in ",
        families(book).with_("family"), ", which were asked as follows: ", listed(units), ".",
    )  # fmt: skip


def revisions(material: Material) -> Runs:
    """What changed between versions of the codebook, and why."""
    said: list[Part] = []
    for step in material.steps:
        where = f"config/migrations/{step.version:03}.yaml"
        ids = [f"{change.kind}:{'+'.join(change.codes)}" for change in step.changes]
        number = counted(f"codebook.changes.{step.version}", ids, "change", f"{where}: changes")
        why = listed(prose(Said(f"{', '.join(change.codes)}: {change.why}", where)) for change in step.changes)
        said += [
            " Version ",
            Said(str(step.version), where),
            " brought ",
            *number.with_("change"),
            *([" (", *why, ")"] if why else []),
            ".",
        ]
    if not said:
        return ()
    return prose(
        "The codebook was revised during charting; answers that a change had made uncertain were asked again.", *said
    )


def quotes(material: Material) -> Runs:
    """That answers rest on quotes, and whether these stand in the texts."""
    every = material.codebook.codes
    backed = counted("codes.quote", [code.id for code in every if code.quote], "code", f"{CODEBOOK}: quote = yes")
    if not backed.ids:
        return ()
    of = prose() if len(backed.ids) == len(every) else prose(" to ", backed.with_("code"))
    rule = prose("Answers", of, " that something was reported had to be backed by a quotation")
    found = {verdict: cells(material, verdict=verdict) for verdict in _VERDICTS}
    said = [prose(found[verdict], " ", words) for verdict, words in _VERDICTS.items() if int(found[verdict].value)]
    if not said:
        return prose(rule, ".")
    return prose(
        rule,
        ", which was looked up by machine in the stored text of the report: of the quotations of settled cells, ",
        listed(said),
        ".",
    )


def blind(material: Material) -> Runs:
    """What coders saw of suggestions."""
    if not material.offers.get(SHOWN):
        return ()
    where = f"{OUT}/coding/independent.csv: offer = "
    shown, hidden = (
        counted(f"coding.offer.{offer}", material.offers.get(offer, ()), "cell", where + offer)
        for offer in (SHOWN, BLIND)
    )
    share = settled(
        "coding.blind",
        material.review.stages.coding.blind,
        "share of the cells",
        f"{PROTOCOL}: stages.coding.blind",
        percent=True,
    )
    return prose(
        "Beside ", shown.with_("cell"), " the sheets showed passages that the software suggested reading, or that it had found none; ", hidden.with_("cell"),
        " (by lot, about ", share, " of all) ", hidden.were, " charted without them.",
    )  # fmt: skip


def charting(material: Material) -> tuple[Block, ...]:
    """Charting, as far as it happened."""
    stage = "coding"
    if not material.screened(stage).people:
        return ()
    done, every = cells(material, "coded"), cells(material)
    total = prose(
        "This gave ",
        every.with_("cell"),
        " (a code of a study, a model or a report), of which ",
        done,
        " ",
        done.were,
        " settled.",
    )
    who = [
        asked(material),
        total,
        selection.pilots(material, stage, "cell"),
        selection.independence(material, stage),
        selection.sample(material, stage),
    ]
    rest = [
        quotes(material),
        blind(material),
        selection.disagreements(material, stage, "cell"),
        agreed.sentences(material, stage),
        revisions(material),
    ]
    return (Paragraph(spaced(who)), *([Paragraph(spaced(rest))] if any(rest) else []))  # fmt: skip


def items(material: Material) -> tuple[Block, ...]:
    """The variables: every code by family, and what was computed from them; nothing before anything was charted."""
    if not material.screened("coding").people:
        return ()
    book = material.codebook
    lines = []
    for family in book.families:
        labels = [prose(codebook_said(code.label, "codes", code.id)) for code in book.codes if code.family == family.id]
        lines.append(prose(codebook_said(family.label, "families", family.id), ": ", listed(labels)))
    levels = counted(
        "codes.levels", [code.id for code in book.codes if code.levels], "code", f"{CODEBOOK}: codes with levels"
    )
    status = counted(
        "codes.status", [code.id for code in book.codes if code.status], "code", f"{CODEBOOK}: codes with status"
    )
    basis = counted(
        "codes.basis", [code.id for code in book.codes if code.basis], "code", f"{CODEBOOK}: codes with basis"
    )
    asked_too = [
        prose(what, number.with_("code"))
        for what, number in (
            ("the level (individual, organisation or system) of ", levels), ("the status (proposed, operating, evaluated or ended) of ", status),
            ("the evidence basis (self-report, observed, documentary, comparative or asserted) of ", basis),
        )
        if int(number.value)
    ]  # fmt: skip
    untold = (
        prose("; where a report did not tell status or basis, ‘", NOT_STATED, "’ was charted")
        if status.ids or basis.ids
        else ()
    )
    besides = prose("Besides the answer itself were charted ", listed(asked_too), untold, ".") if asked_too else ()
    computed = counted("derived", [rule.id for rule in book.derived], "variable", f"{CODEBOOK}: derived")
    more = prose("From these answers ", computed.with_("further variable"), " ", computed.were, " computed by rule (",
                 listed(prose(codebook_said(rule.label, "derived", rule.id)) for rule in book.derived), ").") if book.derived else ()  # fmt: skip
    definitions = prose(
        "Definitions, with what counts and what does not, are in the codebook (", Gap("name the supplement"), ")."
    )
    return (
        Paragraph(prose("The following variables were charted.")), Bullets(tuple(lines)),
        Paragraph(spaced([besides, more, definitions])),
    )  # fmt: skip


def appraisal(material: Material) -> tuple[Block, ...]:
    """What the authors say of critical appraisal; nothing in the data does."""
    todo = "state whether and how the sources of evidence were critically appraised, or that they were not and why"
    return (Paragraph(declared(material, "appraisal", todo)),)


def walks(material: Material) -> Number:
    """How many frameworks of others the codes were mapped to."""
    return counted(
        "crosswalks", [walk.id for walk in material.codebook.crosswalks], "crosswalk", f"{CODEBOOK}: crosswalks"
    )


def summarised(material: Material) -> Runs:
    """How tables and figures count."""
    walked = walks(material)
    to = prose(" Codes were also mapped to ", walked.with_("framework"), " of others (",
               listed(prose(codebook_said(walk.label, "crosswalks", walk.id)) for walk in material.codebook.crosswalks), ").") if material.codebook.crosswalks else ()  # fmt: skip
    return prose(
        "Tables and figures count studies: a study counted for a code if one of its models or reports was coded yes; what was "
        "unclear or not yet coded was counted separately and never as absent.", to,
    )  # fmt: skip


def synthesis(material: Material) -> tuple[Block, ...]:
    """How what was charted was summarised."""
    declared_too = declared(
        material, "synthesis", "explain how the charted data were grouped and summarised, and why in this way"
    )
    return (Paragraph(spaced([summarised(material) if material.cells else (), declared_too])),)


def interviews(material: Material) -> tuple[Block, ...]:
    """The stream of interviews, if there is one that anybody coded."""
    stage = "interviews"
    book, found = material.transcript_codes, material.screened(stage)
    if book is None or not found.people:
        return ()
    known = counted(
        "interviews",
        {split(item).record for item in found.people},
        "transcript",
        f"{OUT}/interviews/decisions.csv: item",
    )
    where = f"{OUT}/interviews/cells.csv: "
    every = counted("interviews.cells", [place(row) for row in material.transcripts], "cell", f"{where}all rows")
    done = counted(
        "interviews.cells.coded",
        [place(row) for row in material.transcripts if row["state"] == "coded"],
        "cell",
        f"{where}state = coded",
    )
    team = people("interviews.people", found.everybody, f"{OUT}/interviews/decisions.csv: role = screen")
    start = prose(
        "As a stream of their own, ", known.with_("transcript"), " of interviews ", known.were, " coded by ", team.spelled.with_("reviewer"), " with ",
        codes(book, ".interviews").with_("code"), " of the same codebook. No count of the literature includes them. Of ", every.with_("cell"), ", ", done,
        " ", done.were, " settled.",
    )  # fmt: skip
    ethics = prose(Gap("describe how people were chosen and interviewed, with consent and ethical approval"))
    rest = [selection.pilots(material, stage, "cell"), selection.disagreements(material, stage, "cell")]
    return (Paragraph(spaced([start, *rest, ethics])),)
