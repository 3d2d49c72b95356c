"""The flow diagram in words: what each box says, its footnotes and its alternative text."""

from collections.abc import Mapping

from scoping.config import Review, Source
from scoping.drawing.flow_layout import Box, Flow, Line, n
from scoping.prisma import Boxes, pending

TITLE = "PRISMA 2020 flow diagram"
KINDS = (
    ("website", "Websites"),
    ("organisation", "Organisations"),
    ("citation_searching", "Citation searching"),
    ("contact", "Contacts"),
)


def _by_kind(found: Boxes, box: str, sources: Mapping[str, Source], kind: str) -> dict[str, int]:
    """Source id -> entries, of one kind; a source that gave nothing stands with 0."""
    lines = found.lines(box)
    return {id_: lines.get(id_, 0) for id_, source in sources.items() if source.kind.value == kind}


def _identified(found: Boxes, sources: Mapping[str, Source]) -> Box:
    lines = [Line("Records identified from:", bold=True)]
    for kind, label in (("database", "Databases"), ("register", "Registers")):
        counts = _by_kind(found, "identified", sources, kind)
        lines.append(Line(f"{label} {n(sum(counts.values()))}"))
        lines += [Line(f"{sources[id_].name} {n(count)}", indent=1) for id_, count in counts.items()]
    return Box("identified", tuple(lines))


def _other_identified(found: Boxes, sources: Mapping[str, Source]) -> Box:
    lines = [Line("Records identified from:", bold=True)]
    for kind, label in KINDS:
        counts = _by_kind(found, "other_identified", sources, kind)
        if counts:
            lines.append(Line(f"{label} {n(sum(counts.values()))}"))
    return Box("other_identified", tuple(lines))


def _removed(found: Boxes) -> Box:
    lines = (
        Line("Records removed before screening:", bold=True),
        Line(f"Duplicate records {n(found.count('duplicates'))}"),
        Line(f"Records marked as ineligible by automation tools {n(found.count('automation'))}"),
        Line(f"Records removed for other reasons (unreadable) {n(found.count('other_reasons'))}"),
    )
    return Box("removed", lines)


def _simple(key: str, label: str, count: int, waiting: tuple[str, int] = ("", 0)) -> Box:
    lines = [Line(label, bold=True), Line(n(count))]
    if waiting[1]:
        lines.append(Line(f"{waiting[0]} {n(waiting[1])}"))
    return Box(key, tuple(lines))


def _reasons(key: str, found: Boxes, labels: Mapping[str, str]) -> Box:
    counts = found.lines(key)
    lines = [Line("Reports excluded:", bold=True), Line(n(found.count(key)))]
    known = [reason for reason in labels if reason in counts]
    lines += [
        Line(f"{labels.get(reason, reason) or 'No reason given'} {n(counts[reason])}", indent=1)
        for reason in [*known, *sorted(set(counts) - set(known))]
    ]
    return Box(key, tuple(lines))


def _arm(found: Boxes, prefix: str, reasons: Mapping[str, str]) -> list[Box]:
    count = found.count
    waiting = ("Awaiting assessment", count(f"{prefix}awaiting_assessment"))
    return [
        _simple(f"{prefix}sought", "Reports sought for retrieval", count(f"{prefix}sought")),
        _simple(f"{prefix}not_retrieved", "Reports not retrieved", count(f"{prefix}not_retrieved")),
        _simple(f"{prefix}assessed", "Reports assessed for eligibility", count(f"{prefix}assessed"), waiting),
        _reasons(f"{prefix}excluded" if prefix else "reports_excluded", found, reasons),
    ]


def flow(found: Boxes, review: Review) -> Flow:
    """The diagram of the boxes; `review` needs title, notice, sources and criteria."""
    reasons = {criterion.id: criterion.label for criterion in review.criteria.exclude}
    count = found.count
    reports = count("included_reports") + count("other_included_reports")
    boxes = [
        _identified(found, review.sources),
        _removed(found),
        _simple("screened", "Records screened", count("screened"), ("Awaiting screening", count("awaiting_screening"))),
        _simple("excluded", "Records excluded", count("excluded")),
        *_arm(found, "", reasons),
        Box(
            "included",
            (
                Line("Studies included in review", bold=True),
                Line(n(count("included_studies"))),
                Line("Reports of included studies", bold=True),
                Line(n(reports)),
            ),
        ),
    ]
    if any(source.kind.arm == "other" for source in review.sources.values()):
        boxes += [_other_identified(found, review.sources), *_arm(found, "other_", reasons)]
    return Flow(
        boxes={box.key: box for box in boxes},
        footnotes=footnotes(found),
        draft=pending(found),
        notice=review.notice,
        title=f"{TITLE}: {review.title}",
        alt=alt_text(found),
    )


def footnotes(found: Boxes) -> tuple[str, ...]:
    """What the boxes leave open: units, who excluded, the rule of the other arm, the bridge between units."""
    count = found.count
    notes = [
        "Records identified are the entries of the exported files. Records excluded at title and abstract: "
        f"{count('excluded'):,} by people, 0 by automation tools."
    ]
    if count("other_identified"):
        known = {
            "already known": count("other_known"),
            "unreadable": count("other_unreadable"),
            "screened out on title and abstract": count("other_excluded_at_title"),
            "awaiting screening": count("other_awaiting_screening"),
            "sought as reports": count("other_sought"),
        }
        parts = [f"{number:,} {what}" for what, number in known.items() if number]
        notes.append(
            "Other methods: a record that a database or register also holds is counted there. The "
            f"{count('other_identified'):,} entries: {', '.join(parts)}."
        )
    reports = count("included_reports") + count("other_included_reports")
    notes.append(
        f"Units: {reports:,} included records are {reports:,} reports of {count('included_studies'):,} studies. "
        "Template: Page et al., BMJ 2021;372:n71."
    )
    return tuple(notes)


def alt_text(found: Boxes) -> str:
    """The whole diagram as sentences."""
    count = found.count
    parts = [
        f"{TITLE}. {count('identified'):,} records were identified from databases and registers; "
        f"{count('duplicates'):,} duplicates, {count('automation'):,} records marked as ineligible by automation tools "
        f"and {count('other_reasons'):,} unreadable records were removed before screening. "
        f"{count('screened'):,} records were screened and {count('excluded'):,} excluded. "
        f"{count('sought'):,} reports were sought, {count('not_retrieved'):,} not retrieved, "
        f"{count('assessed'):,} assessed and {count('reports_excluded'):,} excluded."
    ]
    if count("other_identified"):
        parts.append(
            f"Other methods identified {count('other_identified'):,} records; {count('other_sought'):,} reports were "
            f"sought, {count('other_not_retrieved'):,} not retrieved, {count('other_assessed'):,} assessed and "
            f"{count('other_excluded'):,} excluded."
        )
    reports = count("included_reports") + count("other_included_reports")
    parts.append(f"{count('included_studies'):,} studies ({reports:,} reports) were included.")
    if pending(found):
        parts.append(f"Draft: {pending(found)}.")
    return " ".join(parts)
