"""The sentences around the flow diagram: its footnotes and its alternative text."""

from collections.abc import Mapping

from scoping import exclusion_reasons, late_duplicates
from scoping.prisma import Boxes, pending

TITLE = "PRISMA 2020 flow diagram"


def plural(number: int, one: str, many: str = "") -> str:
    """`1 report`, `1,204 reports`."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def footnotes(found: Boxes, included: str, previous: str = "", stop: str = "") -> tuple[str, ...]:
    """What the boxes leave open: units, who excluded, the rule of a stop, that of the other arm, the bridge between units."""
    count = found.count
    by_people = (
        f"by title: {count('title_excluded'):,} by people, 0 by automation tools; by abstract: "
        if found.titled
        else "at title and abstract: "
    )
    notes = [
        f"Records identified are the entries of the exported files. Records excluded {by_people}"
        f"{count('excluded'):,} by people, 0 by automation tools."
    ]
    if late := count(late_duplicates.BOX):
        notes.append(late_duplicates.in_words(late))
    if left := count("unscreened") + count("other_unscreened"):
        notes.append(
            f"A stop that was declared{f' ({stop})' if stop else ''} left {left:,} records unscreened: nobody read them, and "
            "nobody excluded them."
        )
    if left := count("abstract_unscreened") + count("other_abstract_unscreened"):
        notes.append(
            f"A stop that was declared{f' ({stop})' if stop else ''} left {left:,} records that passed by title unscreened by "
            "abstract: nobody excluded them."
        )
    if count("other_identified"):
        known = {
            "already known": count("other_known"),
            "unreadable": count("other_unreadable"),
            "left unscreened": count("other_unscreened") + count("other_abstract_unscreened"),
            "screened out by title": count("other_title_excluded"),
            f"screened out {'by' if found.titled else 'on title and'} abstract": count("other_excluded_at_title"),
            "awaiting screening": count("other_awaiting_screening") + count("other_awaiting_abstract"),
            "sought as reports": count("other_sought"),
        }
        parts = [f"{number:,} {what}" for what, number in known.items() if number]
        notes.append(
            "Other methods: a record that a database or register also holds is counted there. The "
            f"{count('other_identified'):,} entries: {', '.join(parts)}."
        )
    reports = count("included_reports") + count("other_included_reports")
    if previous:
        notes.append(f"Previous version: {previous}")
    notes.append(
        f"Units: {reports:,} included records are {reports:,} reports of {count('included_studies'):,} {included}. "
        "Template: Page et al., BMJ 2021;372:n71."
    )
    return tuple(notes)


def caption(found: Boxes, included: str, stop: str = "") -> str:
    """What stands below the diagram in a paper; `stop`: the rule of the stop that left records unscreened."""
    boxes = ("unscreened", "other_unscreened", "abstract_unscreened", "other_abstract_unscreened")
    left = sum(found.count(box) for box in boxes)
    why = f" Ineligible by automation: {left:,} records that a declared stop left unscreened ({stop})." if left else ""
    reports = found.count("included_reports") + found.count("other_included_reports")
    return (
        f"{TITLE} of the search, the screening and the {included} included. Entries identified, records screened, reports "
        f"assessed; n\u00a0=\u00a0{reports:,} reports of {found.count('included_studies'):,} {included} included.{why}"
    )


def alt_text(found: Boxes, reasons: Mapping[str, str], included: str, *, updated: bool = False, most: int = 8) -> str:
    """The whole diagram as sentences, with each number that stands in a box but those of single sources.

    `most`: lines of reasons in a box.
    """
    arms = [_databases(found, reasons, most), *_other(found, reasons, most)]
    parts = [TITLE + ".", *arms, *_end(found, included, updated=updated)]
    if pending(found):
        parts.append(f"Draft: {pending(found)}.")
    return " ".join(parts)


def _reasons(found: Boxes, box: str, labels: Mapping[str, str], most: int) -> str:
    """` (wrong topic: 3; no data: 1)`, as the box has them."""
    counts = found.lines(box)
    each = [
        f"{reason.label}: {sum(counts[id_] for id_ in reason.ids):,}"
        for reason in exclusion_reasons.folded(counts, labels, most)
    ]
    return f" ({'; '.join(each)})" if each else ""


def _waiting(number: int, what: str) -> str:
    """`; 3 await screening`, where any do."""
    return f"; {number:,} await {what}" if number else ""


def _screening(found: Boxes) -> str:
    """One sentence, or two where titles are screened first."""
    count = found.count
    awaiting = _waiting(count("awaiting_screening"), "screening")
    if not found.titled:
        return f"{count('screened'):,} records were screened and {count('excluded'):,} excluded{awaiting}. "
    left = (
        f"; {count('abstract_unscreened'):,} were left by the declared stopping rule"
        if count("abstract_unscreened")
        else ""
    )
    return (
        f"{count('title_screened'):,} records were screened by title and {count('title_excluded'):,} excluded{awaiting}. "
        f"{count('screened'):,} records were screened by abstract and {count('excluded'):,} excluded"
        f"{_waiting(count('awaiting_abstract'), 'screening by abstract')}{left}. "
    )


def _databases(found: Boxes, reasons: Mapping[str, str], most: int) -> str:
    count = found.count
    left = (
        f" {count('unscreened'):,} records were left unscreened by the declared stopping rule."
        if count("unscreened")
        else ""
    )
    return (
        f"{count('identified'):,} records were identified from databases and registers; "
        f"{count('duplicates'):,} duplicates, {count('automation'):,} records marked as ineligible by automation tools "
        f"and {plural(count('other_reasons'), 'unreadable record')} were removed before screening.{left} "
        f"{_screening(found)}"
        f"{count('sought'):,} reports were sought, {count('not_retrieved'):,} not retrieved, "
        f"{count('assessed'):,} assessed and {count('reports_excluded'):,} excluded"
        f"{_reasons(found, 'reports_excluded', reasons, most)}{_waiting(count('awaiting_assessment'), 'assessment')}."
    )


def _other(found: Boxes, reasons: Mapping[str, str], most: int) -> list[str]:
    count = found.count
    if not count("other_identified"):
        return []
    return [
        f"Other methods identified {count('other_identified'):,} records; {count('other_sought'):,} reports were "
        f"sought, {count('other_not_retrieved'):,} not retrieved, {count('other_assessed'):,} assessed and "
        f"{count('other_excluded'):,} excluded{_reasons(found, 'other_excluded', reasons, most)}"
        f"{_waiting(count('other_awaiting_assessment'), 'assessment')}."
    ]


def _end(found: Boxes, included: str, *, updated: bool) -> list[str]:
    count = found.count
    reports = count("included_reports") + count("other_included_reports")
    if not updated:
        return [f"{count('included_studies'):,} {included} ({plural(reports, 'report')}) were included."]
    new = count("new_reports")
    further, known = count("further_reports"), count("known_reports")
    before = f"of {included} of the previous version"
    more = [
        (further, plural(further, f"further report {before}", f"further reports {before}")),
        (known, f"{plural(known, 'report')} that the previous version had included"),
    ]
    besides = "".join(f" and {words}" for number, words in more if number)
    return [
        f"{count('new_studies'):,} new {included} ({plural(new, 'report')}){besides} were included.",
        f"With {count('previous_studies'):,} {included} ({plural(count('previous_reports'), 'report')}) of the previous "
        f"version, the total is {count('total_studies'):,} {included} ({plural(count('total_reports'), 'report')}).",
    ]
