"""The PRISMA 2020 flow diagram as sets of ids.

Units: entries are identified, records are screened, reports are sought and assessed, studies are included. Two arms:
a record belongs to `databases` where any of its entries came from a database or register, else to `other` (websites,
organisations, citation searching, contacts). The official diagram has no box for de-duplication or screening in the
other arm; what was already known or was screened out there is named in a footnote. Records that a declared stop left
unscreened are neither screened nor excluded: they have a box of their own. Where titles alone are screened first, the
records have two screenings, and boxes for both (`TITLED`).

The boxes are made once by selecting rows (`boxes`) and once by giving each entry its one terminal state
(`terminal_states`); `check` holds the two against each other and demands every identity of PRISMA's arithmetic.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from scoping.tables import Row

Ids = frozenset[str]
PENDING = ("pending", "conflict")
UNITS = {
    "identified": "entry",
    "duplicates": "entry",
    "automation": "record",
    "other_reasons": "entry",
    "unscreened": "record",
    "screened": "record",
    "excluded": "record",
    "awaiting_screening": "record",
    "sought": "report",
    "not_retrieved": "report",
    "assessed": "report",
    "awaiting_assessment": "report",
    "reports_excluded": "report",
    "included_reports": "report",
    "other_identified": "entry",
    "other_known": "entry",
    "other_unreadable": "entry",
    "other_excluded_at_title": "record",
    "other_unscreened": "record",
    "other_awaiting_screening": "record",
    "other_sought": "report",
    "other_not_retrieved": "report",
    "other_assessed": "report",
    "other_awaiting_assessment": "report",
    "other_excluded": "report",
    "other_included_reports": "report",
    "included_studies": "study",
}
TITLED = {  # the boxes of a review that screens on titles first; `screened` and `excluded` are then those by abstract
    "title_screened": "record",
    "title_excluded": "record",
    "awaiting_abstract": "record",
    "abstract_unscreened": "record",
    "other_title_excluded": "record",
    "other_awaiting_abstract": "record",
    "other_abstract_unscreened": "record",
}
UPDATED = {  # the boxes of an updated review, see `previous`
    "previous_studies": "study",
    "previous_reports": "report",
    "new_studies": "study",
    "new_reports": "report",
    "further_reports": "report",
    "known_reports": "report",
    "total_studies": "study",
    "total_reports": "report",
}
OF_WHICH = "_of_which"  # ends the name of a box of lines that the protocol adds to another, see `named_lines`
LATE = {"duplicates_late": "entry"}  # of the duplicates, those that were found late, see `late_duplicates`
ALL_UNITS = UNITS | TITLED | UPDATED | LATE
_BY_STATE = {
    "unscreened": ("unscreened", "other_unscreened"),
    "excluded by title": ("title_excluded", "other_title_excluded"),
    "abstract unscreened": ("abstract_unscreened", "other_abstract_unscreened"),
    "awaiting abstract": ("awaiting_abstract", "other_awaiting_abstract"),
    "excluded": ("excluded", "other_excluded_at_title"),
    "awaiting screening": ("awaiting_screening", "other_awaiting_screening"),
    "not retrieved": ("not_retrieved", "other_not_retrieved"),
    "awaiting assessment": ("awaiting_assessment", "other_awaiting_assessment"),
    "report excluded": ("reports_excluded", "other_excluded"),
    "included": ("included_reports", "other_included_reports"),
}


@dataclass(frozen=True)
class Boxes:
    """Box -> line within the box (source, reason; empty where the box has one line) -> ids."""

    ids: Mapping[str, Mapping[str, Ids]] = field(default_factory=dict)

    def of(self, box: str) -> Ids:
        """All ids of a box."""
        return frozenset[str]().union(*self.ids.get(box, {}).values())

    def lines(self, box: str) -> dict[str, int]:
        """Line -> number of ids."""
        return {line: len(ids) for line, ids in self.ids.get(box, {}).items()}

    def count(self, box: str) -> int:
        """Ids in a box; a line's ids are counted once each, so that a total is what its lines add up to."""
        return sum(self.lines(box).values())

    @property
    def titled(self) -> bool:
        """Whether titles alone were screened first."""
        return "title_screened" in self.ids

    def and_(self, more: Mapping[str, Mapping[str, Ids]]) -> "Boxes":
        """These boxes and some more."""
        return Boxes({**self.ids, **more})


def boxes(
    entry_records: Iterable[Row],
    records: Iterable[Row],
    title_abstract: Mapping[str, Row],
    full_text: Mapping[str, Row],
    title: Mapping[str, Row] | None = None,
) -> Boxes:
    """The boxes by selection; states are given by record id. `title` are those of titles, where these come first."""
    units = UNITS if title is None else UNITS | TITLED
    found: dict[str, dict[str, set[str]]] = {box: defaultdict(set) for box in units}
    for row in entry_records:
        _place_entry(found, row)
    for row in records:
        if title is None or _passes_title(found, row, title[row["record_id"]]["state"]):
            _place_record(found, row, title_abstract.get(row["record_id"]), full_text.get(row["record_id"]))
    return Boxes({box: {line: frozenset(ids) for line, ids in sorted(lines.items())} for box, lines in found.items()})


def _place_entry(found: dict[str, dict[str, set[str]]], row: Row) -> None:
    database = row["arm"] == "databases"
    found["identified" if database else "other_identified"][row["source"]].add(row["entry_id"])
    if row["role"] == "rejected":
        box = "other_reasons" if database else "other_unreadable"
        found[box]["unreadable"].add(row["entry_id"])
    elif row["role"] == "duplicate":
        found["duplicates" if database else "other_known"][""].add(row["entry_id"])


def _passes_title(found: dict[str, dict[str, set[str]]], row: Row, state: str) -> bool:
    """Whether a record goes on to be screened by its abstract; if not, it is placed."""
    id_, database = row["record_id"], row["arm"] == "databases"
    if state in PENDING or state == "unscreened":
        box = "unscreened" if state == "unscreened" else "awaiting_screening"
        found[box if database else f"other_{box}"][""].add(id_)
        return False
    if database:
        found["title_screened"][""].add(id_)
    if state == "exclude":
        found["title_excluded" if database else "other_title_excluded"][""].add(id_)
    return state == "include"


def _place_record(found: dict[str, dict[str, set[str]]], row: Row, first: Row | None, second: Row | None) -> None:
    """`first` is the state at title and abstract; only where titles come first it may be missing."""
    id_, database = row["record_id"], row["arm"] == "databases"
    prefix, titled = "" if database else "other_", "title_screened" in found
    screening = first["state"] if first else "pending"

    def add(box: str, line: str = "") -> None:
        found[prefix + box][line].add(id_)

    if screening in PENDING:
        add("awaiting_abstract" if titled else "awaiting_screening")
        return
    if screening == "unscreened":
        add("abstract_unscreened" if titled else "unscreened")
        return
    if database:
        add("screened")
    if screening == "exclude":
        found["excluded" if database else "other_excluded_at_title"][""].add(id_)
        return
    add("sought")
    state = second["state"] if second else "pending"
    if state in PENDING:
        add("awaiting_assessment")
    elif state == "not_retrieved":
        add("not_retrieved")
    else:
        add("assessed")
        if state == "exclude" and second:
            found["reports_excluded" if database else "other_excluded"][second["reason"]].add(id_)
        else:
            add("included_reports")
            found["included_studies"][""].add(row["study_id"])


def terminal_states(
    entry_records: Iterable[Row],
    title_abstract: Mapping[str, Row],
    full_text: Mapping[str, Row],
    title: Mapping[str, Row] | None = None,
) -> dict[str, str]:
    """Entry id -> where it ended, by following each entry alone: the second code path behind every box."""
    out = {}
    for row in entry_records:
        if row["role"] != "record":
            out[row["entry_id"]] = row["role"]
            continue
        if title is not None and (by_title := title[row["record_id"]]["state"]) != "include":
            words = {"exclude": "excluded by title", "unscreened": "unscreened"}
            out[row["entry_id"]] = words.get(by_title, "awaiting screening")
            continue
        first = title_abstract[row["record_id"]]["state"] if row["record_id"] in title_abstract else "pending"
        if first != "include":
            words = {"exclude": "excluded", "unscreened": "unscreened" if title is None else "abstract unscreened"}
            out[row["entry_id"]] = words.get(first, "awaiting screening" if title is None else "awaiting abstract")
            continue
        second = full_text[row["record_id"]]["state"] if row["record_id"] in full_text else "pending"
        words = {"include": "included", "exclude": "report excluded", "not_retrieved": "not retrieved"}
        out[row["entry_id"]] = words.get(second, "awaiting assessment")
    return out


def check(found: Boxes, entry_records: list[Row], records: list[Row], ends: Mapping[str, str]) -> list[str]:
    """What does not hold, one sentence each; nothing where the diagram is balanced."""
    out: list[str] = []

    def equal(what: str, left: int, right: int) -> None:
        if left != right:
            out.append(f"{what}: {left} on one side, {right} on the other")

    n = found.count
    database = sum(row["arm"] == "databases" for row in entry_records)
    equal("entries identified in databases and registers", n("identified"), database)
    equal("entries identified by other methods", n("other_identified"), len(entry_records) - database)
    removed = n("duplicates") + n("automation") + n("other_reasons") + n("unscreened")
    equal(
        "entries identified = removed + records unscreened + records screened + records awaiting screening",
        n("identified"),
        removed + n("title_screened" if found.titled else "screened") + n("awaiting_screening"),
    )
    if found.titled:
        equal(
            "records screened by title = excluded + awaiting or left by abstract + screened by abstract",
            n("title_screened"),
            n("title_excluded") + n("awaiting_abstract") + n("abstract_unscreened") + n("screened"),
        )
    equal("records screened = excluded + sought", n("screened"), n("excluded") + n("sought"))
    equal(
        "other entries = known + unreadable + records unscreened + screened out + awaiting + reports sought",
        n("other_identified"),
        n("other_known")
        + n("other_unreadable")
        + n("other_unscreened")
        + n("other_title_excluded")
        + n("other_excluded_at_title")
        + n("other_abstract_unscreened")
        + n("other_awaiting_screening")
        + n("other_awaiting_abstract")
        + n("other_sought"),
    )
    for arm, end in (("", "reports_excluded"), ("other_", "other_excluded")):
        sought, assessed = n(f"{arm}sought"), n(f"{arm}assessed")
        rest = n(f"{arm}not_retrieved") + n(f"{arm}awaiting_assessment")
        equal(f"{arm}reports sought = not retrieved + awaiting + assessed", sought, rest + assessed)
        equal(f"{arm}reports assessed = excluded + included", assessed, n(end) + n(f"{arm}included_reports"))
    reports, studies = n("included_reports") + n("other_included_reports"), n("included_studies")
    if not (studies <= reports and (studies > 0) == (reports > 0)):
        out.append(f"{studies} studies cannot have {reports} reports")
    return [*out, *_check_records(found, entry_records, records), *_check_ends(found, entry_records, ends)]


def _check_records(found: Boxes, entry_records: list[Row], records: list[Row]) -> list[str]:
    """The entries are those that the records name, and the studies those of the reports included."""
    named = Counter(entry_id for row in records for entry_id in json.loads(row["entry_ids"]))
    there = Counter(row["entry_id"] for row in entry_records if row["role"] != "rejected")
    reports = found.of("included_reports") | found.of("other_included_reports")
    studies = {row["study_id"] for row in records if row["record_id"] in reports}
    odd = {
        "entries": sorted({*(named - there), *(there - named)}),
        "included_studies": sorted(studies ^ found.of("included_studies")),
    }
    return [f"{what}: {', '.join(ids[:5])} do not fit the table of records" for what, ids in odd.items() if ids]


def _check_ends(found: Boxes, entry_records: list[Row], ends: Mapping[str, str]) -> list[str]:
    """Every entry has one end, and the ends counted by arm are the boxes, id by id."""
    out = []
    if set(ends) != {row["entry_id"] for row in entry_records}:
        out.append(f"{len(ends)} entries have an end, {len(entry_records)} were identified")
    by_end: dict[tuple[str, bool], Counter[str]] = defaultdict(Counter)
    for row in entry_records:
        end = ends.get(row["entry_id"], "")
        unit = row["entry_id"] if end in ("rejected", "duplicate") else row["record_id"]
        by_end[end, row["arm"] == "databases"][unit] += 1
    ends_of = {
        "duplicate": ("duplicates", "other_known"),
        "rejected": ("other_reasons", "other_unreadable"),
        **_BY_STATE,
    }
    for end, (database_box, other_box) in ends_of.items():
        for database, box in ((True, database_box), (False, other_box)):
            counted = by_end[end, database]
            if set(counted) != found.of(box) or any(times > 1 for times in counted.values()):
                wrong = sorted(set(counted) ^ found.of(box)) or sorted(id_ for id_, k in counted.items() if k > 1)
                out.append(f"{box}: {', '.join(wrong[:5])} stand in the box or end there, not both")
    return out


def pending(found: Boxes) -> str:
    """Why the diagram is a draft, in words; empty where nothing is pending."""
    records = sum(found.count(f"{arm}awaiting_{what}") for arm in ("", "other_") for what in ("screening", "abstract"))
    reports = found.count("awaiting_assessment") + found.count("other_awaiting_assessment")
    parts = [
        f"{number:,} {unit}{'' if number == 1 else 's'} {what}"
        for number, unit, what in ((records, "record", "to be screened"), (reports, "report", "to be assessed"))
        if number
    ]
    return " and ".join(parts)


def rows(found: Boxes) -> list[Row]:
    """`prisma_ids`: every id behind every number."""
    return [
        {"box": box, "detail": line, "unit": ALL_UNITS[box.removesuffix(OF_WHICH)], "id": id_}
        for box, lines in found.ids.items()
        for line, ids in lines.items()
        for id_ in sorted(ids)
    ]


def from_rows(table: Iterable[Row]) -> Boxes:
    """The boxes that a table `prisma_ids` holds; those without any id are left out."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in table:
        found[row["box"]][row["detail"]].add(row["id"])
    return Boxes({box: {line: frozenset(ids) for line, ids in lines.items()} for box, lines in found.items()})
