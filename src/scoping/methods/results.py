"""The flow diagram in sentences: the same sets of ids, told one after the other."""

from scoping.methods.material import IDS, Material, flow, protocol
from scoping.methods.prose import Block, Paragraph, Part, Runs, Said, listed, prose, spaced


def reasons(material: Material, box: str) -> Runs:
    """` (Wrong topic, 3; No data, 1)`, in the order of the protocol."""
    labels = {each.id: each.label for each in material.review.criteria.exclude}
    lines = material.found.lines(box)
    known = [reason for reason in labels if lines.get(reason)]
    said: list[Part] = []
    for reason in [*known, *sorted(reason for reason in lines if reason not in labels)]:
        name = (
            protocol(labels[reason], "criteria.exclude", reason)
            if reason in labels
            else Said(reason or "no reason given", f"{IDS}: detail")
        )
        said += ["; " if said else "", name, ": ", flow(material, box, detail=reason)]
    return prose(" (", *said, ")") if said else ()


def _waiting(material: Material, box: str, what: str) -> Runs:
    number = flow(material, box)
    return prose("; ", number, f" awaited {what}") if int(number.value) else ()


def databases(material: Material) -> Runs:
    """The arm of databases and registers."""
    found = flow(material, "identified")
    unread, stop = flow(material, "other_reasons"), flow(material, "unscreened")
    out = [
        flow(material, "duplicates").with_("duplicate entry", "duplicate entries"),
        prose(flow(material, "automation").with_("record"), " marked as ineligible by automation tools"),
        *([unread.with_("unreadable entry", "unreadable entries")] if unread.ids else []),
    ]
    left = prose("A declared stopping rule left ", stop.with_("record"), " unscreened.") if stop.ids else ()
    return spaced(
        [
            prose("Searches of databases and registers identified ", found.with_("entry"), "."),
            prose("Before screening, ", listed(out), " were removed."),
            left,
            *_screening(material),
            _arm(material, ""),
        ]
    )


def _screening(material: Material) -> list[Runs]:
    """One sentence, or two where titles are screened first."""
    if not material.found.titled:
        return [_judged(material, "screened", "excluded", "screened", "awaiting_screening", "screening")]
    stop = flow(material, "abstract_unscreened")
    left = prose("A declared stopping rule left ", stop.with_("record"), " unscreened by abstract.") if stop.ids else ()
    return [
        _judged(material, "title_screened", "title_excluded", "screened by title", "awaiting_screening", "screening"),
        left,
        _judged(material, "screened", "excluded", "screened by abstract", "awaiting_abstract", "screening by abstract"),
    ]


def _judged(material: Material, box: str, out: str, how: str, waiting: str, what: str) -> Runs:
    screened, excluded = flow(material, box), flow(material, out)
    awaited = _waiting(material, waiting, what)
    return prose("Of ", screened.with_("record"), f" {how}, ", excluded, " ", excluded.were, " excluded", awaited, ".")


def _arm(material: Material, prefix: str) -> Runs:
    """From reports sought to reports excluded; nothing before any is sought, and of those assessed not before there are some."""
    sought, gone = flow(material, f"{prefix}sought"), flow(material, f"{prefix}not_retrieved")
    assessed, box = flow(material, f"{prefix}assessed"), "other_excluded" if prefix else "reports_excluded"
    waiting, out = flow(material, f"{prefix}awaiting_assessment"), flow(material, box)
    if not sought.ids:
        return ()
    ends = [prose(gone, " could not be retrieved")] if gone.ids or not waiting.ids else []
    ends += [prose(waiting, " awaited assessment")] if waiting.ids else []
    ends += [prose(assessed, " ", assessed.were, " assessed in full text")] if assessed.ids else []
    end = prose(", of which ", out, " ", out.were, " excluded", reasons(material, box)) if assessed.ids else ()
    return prose("Of ", sought.with_("report"), " sought, ", listed(ends), end, ".")


def other(material: Material) -> Runs:
    """The arm of other methods."""
    found = flow(material, "other_identified")
    if not int(found.value):
        return ()
    parts = {
        "other_known": "already known from a database, register or earlier entry",
        "other_unreadable": "unreadable",
        "other_unscreened": "left unscreened by a declared stopping rule",
        "other_title_excluded": "excluded on the title",
        "other_excluded_at_title": "excluded on title and abstract",
        "other_awaiting_screening": "not yet screened",
    }
    numbers = {box: flow(material, box) for box in parts}
    said = [prose(number, " ", number.were, f" {parts[box]}") for box, number in numbers.items() if int(number.value)]
    of = prose(", of which ", listed(said)) if said else ()
    return spaced([prose("Other methods identified ", found.with_("entry"), of, "."), _arm(material, "other_")])


def end(material: Material) -> Runs:
    """What was included."""
    noun = "study" if material.review.report.wording == "studies" else "source of evidence"
    many = "" if noun == "study" else "sources of evidence"
    reports, studies = flow(material, "included_reports", "other_included_reports"), flow(material, "included_studies")
    if not material.included:
        return prose("No report was included.")
    if material.review.previous is None:
        return prose(
            "In all, ", reports.with_("report"), " of ", studies.with_(noun, many), " ", reports.were, " included."
        )
    new, further, known = (flow(material, box) for box in ("new_reports", "further_reports", "known_reports"))
    return prose(
        "In all, ", new.with_("report"), " of ", flow(material, "new_studies").with_(f"new {noun}", many and f"new {many}"), " ", new.were, " included, with ",
        further.with_("further report"), " of those of the previous version and ", known.with_("report"), " that it had included already. Together with the previous version the review "
        "rests on ", flow(material, "total_reports").with_("report"), " of ", flow(material, "total_studies").with_(noun, many), ".",
    )  # fmt: skip


def results(material: Material) -> tuple[Block, ...]:
    """All of it."""
    return (Paragraph(spaced([databases(material), other(material), end(material)])),)
