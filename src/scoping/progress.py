"""Where a review stands, in sentences: read from small tables and the ledger alone, so that it answers at once."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scoping import duplicate_answers, folder, late_duplicates, ledger, tables
from scoping.columns import Table
from scoping.errors import ScopingError
from scoping.folder import SheetInfo
from scoping.schemas import (
    CELLS,
    CODED,
    DUPLICATE_CHECKS,
    DUPLICATE_PAIRS,
    ENTRY_RECORDS,
    ISSUED,
    PILOTS,
    PROBLEMS,
    RECEIPTS,
    SCREENING,
    STAGE_NAMES,
    STAGES,
    STATES,
    TEXTS,
)
from scoping.schemas_records import CONCERN, RECORD_FLAGS, RETRACTED
from scoping.schemas_studies import STUDIES, STUDY_PAIRS
from scoping.screening_schemas import SCREENING_HEALTH
from scoping.tables import Row

SCREENING_AND_CODING = (*SCREENING, *CODED)
FINISHED = "the review is finished; the reports are in reports/."
MOST = 12  # lines of one kind; the table has them all


def _table(root: Path, name: str, table: Table) -> list[Row]:
    path = root / "data/processed" / name
    return tables.read(path, table) if path.exists() else []


def count(number: int, unit: str) -> str:
    """`1 record`, `1,204 records`."""
    plural = {"entry": "entries", "study": "studies"}.get(unit, f"{unit}s")
    return f"{number:,} {unit if number == 1 else plural}"


def _records(root: Path) -> Iterator[tuple[str, str]]:
    entries = _table(root, "entry_records.csv", ENTRY_RECORDS)
    if not entries:
        return
    role = Counter(row["role"] for row in entries)
    yield (
        "Identified",
        f"{count(len(entries), 'entry')} -> {count(role['record'], 'record')} "
        f"({count(role['duplicate'], 'duplicate')}, {role['rejected']:,} unreadable)",
    )


def _duplicates(root: Path) -> Iterator[tuple[str, str]]:
    pairs = _table(root, "duplicate_pairs.csv", DUPLICATE_PAIRS)
    torn = sum(row["answer"] == duplicate_answers.CONFLICT for row in pairs)
    open_pairs = sum(row["open"] == "yes" for row in pairs) - torn
    answered = sum(bool(row["answer"]) for row in pairs) - torn
    if open_pairs or answered or torn:
        parts = [
            f"{count(answered, 'pair')} answered, {open_pairs:,} open",
            *([f"{torn:,} in conflict"] if torn else []),
        ]
        yield STAGE_NAMES["duplicates"], ", ".join(parts)
    drawn = [row for row in _table(root, "duplicates/checks.csv", DUPLICATE_CHECKS) if row["drawn"]]
    if drawn:
        done = sum(bool(row["answer"]) for row in drawn)
        yield "", f"check of what was decided without asking: {done:,} of {count(len(drawn), 'pair')} answered"
    states = [_table(root, f"{stage}/states.csv", STATES) for stage in SCREENING]
    late = late_duplicates.found(_table(root, "entry_records.csv", ENTRY_RECORDS), states)
    if late:
        number = sum(len(entries) for entries in late.values())
        some = ", ".join(list(late)[:5]) + (" …" if len(late) > 5 else "")
        yield (
            "",
            f"{count(number, 'duplicate')} found late, both screened as records before; one record each now: {some}",
        )


def _screening(root: Path) -> Iterator[tuple[str, str]]:
    for stage, unit in zip(SCREENING, ("record", "record", "report"), strict=True):
        states = Counter(row["state"] for row in _table(root, f"{stage}/states.csv", STATES))
        if not states:
            continue
        words = {
            "include": "included",
            "exclude": "excluded",
            "not_retrieved": "not retrieved",
            "conflict": "in conflict",
            "unscreened": "left unscreened by the declared stop",
        }
        parts = [f"{states[state]:,} {word}" for state, word in words.items() if states[state]]
        parts += [f"{states['pending']:,} to do"] if states["pending"] else []
        yield STAGE_NAMES[stage], f"{count(sum(states.values()), unit)}: {', '.join(parts)}"


def _stopping(root: Path) -> Iterator[tuple[str, str]]:
    """What could be claimed if screening on title and abstract ended now, while it goes on."""
    said = {row["measure"]: row for row in _table(root, "title_abstract/health.csv", SCREENING_HEALTH)}
    if said and said["Records screened"]["number"] != "0" != said["Records not screened"]["number"]:
        for name in ("Rule of Callaghan and Müller-Hansen", "Random control sample"):
            yield "", f"if it ended now: {said[name]['words']}"


def _fulltexts(root: Path) -> Iterator[tuple[str, str]]:
    """How many files have their report, and by what: a match other than by id is one to look over."""
    rows = _table(root, "texts.csv", TEXTS)
    how = Counter(row["how"] for row in rows)
    words = {
        "id": "matched by id",
        "person": "by a person",
        "doi": "by DOI",
        "link": "by a link in an export",
        "title": "by title",
    }
    parts = [f"{how[sign]:,} {word}" for sign, word in words.items() if how[sign]]
    parts += [f"{how['']:,} without a report"] if how[""] else []
    if rows:
        yield "Files of full texts", f"{count(len(rows), 'file')}: {', '.join(parts)} (data/processed/texts.csv)"


def _studies(root: Path) -> Iterator[tuple[str, str]]:
    """How many studies the reports are, where that is more than a count of reports, and what people are asked."""
    rows = _table(root, "studies.csv", STUDIES)
    open_pairs = sum(row["open"] == "yes" for row in _table(root, "study_pairs.csv", STUDY_PAIRS))
    asked = sum(row["asked"] == "yes" for row in rows)
    number = len({row["study_id"] for row in rows})
    several = sum(int(row["models"]) > 1 for row in rows if row["record_id"] == row["main"])
    parts = [f"{count(several, 'study')} with several models"] if several else []
    parts += [f"{count(open_pairs, 'pair')} open"] if open_pairs else []
    parts += [f"models of {count(asked, 'study')} not counted yet (one until then)"] if asked else []
    if parts or number < len(rows):
        first = f"{count(len(rows), 'report')} of {count(number, 'study')}"
        yield STAGE_NAMES["studies"], "; ".join([first, *parts])


def _coding(root: Path, stage: str, unit: str) -> Iterator[tuple[str, str]]:
    cells = _table(root, f"{stage}/cells.csv", CELLS)
    if not cells:
        return
    states = Counter(row["state"] for row in cells)
    quotes = Counter(row["verdict"] for row in cells if row["verdict"])
    reports = len({row["record_id"] for row in cells})
    parts = [f"{states['coded']:,} of {count(len(cells), 'cell')} settled"]
    parts += [
        f"{states[state]:,} {word}"
        for state, word in (("conflict", "in conflict"), ("pending", "to do"))
        if states[state]
    ]
    yield STAGE_NAMES[stage], f"{count(reports, unit)}: {', '.join(parts)}"
    worries = [f"{quotes[verdict]:,} {verdict}" for verdict in ("near", "missing", "no text") if quotes[verdict]]
    if worries:
        yield "", f"quotes to look at: {', '.join(worries)} (data/processed/{stage}/cells.csv)"


def waiting(events: list[ledger.Event], left: set[str]) -> list[tuple[SheetInfo, int]]:
    """Sheets that are not finished, with the number of items answered; not those of people who `left`."""
    answered = folder.answered(events)
    out = []
    for sheet, info in folder.issued(events).items():
        if sheet in left:
            continue
        done = sum((sheet, item) in answered for item in info.items)
        if done < len(info.items):
            out.append((info, done))
    return out


def _texts(root: Path) -> tuple[list[str], list[str]]:
    """(full texts that nobody can use as they are, those that people read by eye because only pictures are in them)."""
    lines: list[str] = []
    by_eye: list[str] = []
    for row in _table(root, "texts.csv", TEXTS):
        file = f"data/raw/fulltext/{row['file']}"
        if not row["record_id"]:
            sign = "" if row["status"] == "ok" else f" ({row['reason']})"
            what = f"{row['doubt']}{sign}; rename it so that its name begins with the record id of its report"
            lines.append(f"{file}: belongs to no report: {what}")
        elif row["status"] != "ok":
            found = by_eye if row["status"] == "empty" else lines
            found.append(f"{file}: {row['reason']} (its quotes are checked on the abstract)")
    lines += [
        f"data/raw/interviews/{row['file']}: {row['reason']} (its quotes cannot be checked)"
        for row in _table(root, "interviews/texts.csv", TEXTS)
        if row["status"] != "ok"
    ]
    return lines, by_eye


def _problems(root: Path) -> tuple[list[str], list[str]]:
    """(what has to be mended, remarks on sheets that were read all the same)."""
    rows = []
    for stage in STAGES:
        for name in ("problems.csv", "orphans.csv"):
            rows += _table(root, f"{stage}/{name}", PROBLEMS)
    lines, _ = _texts(root)
    remarks: list[str] = []
    for row in rows:
        home = f"data/raw/sheets/{row['stage']}"
        sheet = f"sheet {row['sheet']}" if row["sheet"] else home
        named = row["file"] if row["file"].startswith("data/raw/") else f"{home}/{row['file']}"
        place = named if row["file"] else sheet
        at = f":{row['cell']}" if row["cell"] else ""
        held = {"row": " (this row waits)", "file": " (the whole file waits)", "nothing": ""}[row["waits"]]
        (lines if held else remarks).append(f"{place}{at}: {row['problem']}{held}")
    return lines, remarks


def _exports(root: Path) -> list[str]:
    """What does not add up in the exports, and entries that nothing identifies."""
    lines: list[str] = []
    found: Counter[str] = Counter()
    reported: dict[str, str] = {}
    for path in sorted((root / "data/processed/entries").glob("*.receipts.csv")):
        rows = tables.read(path, RECEIPTS)
        for row in rows:
            found[row["source"]] += int(row["found"])
            reported[row["source"]] = row["reported"]
        warnings = json.loads(rows[0]["warnings"]) if rows else ()
        lines += [f"data/raw/exports/{rows[0]['file']}: {warning}" for warning in warnings]
    lines += [
        f"{source}: {reported[source]} hits are reported in config/review.yaml, {count(found[source], 'entry')} found"
        for source in sorted(found)
        if reported[source] and int(reported[source]) != found[source]
    ]
    lines += [
        f"data/raw/exports/{row['file']}:{row['line_start']}: nothing identifies this entry; it counts as unreadable"
        for row in _table(root, "entry_records.csv", ENTRY_RECORDS)
        if row["role"] == "rejected"
    ]
    return lines


def _flags(root: Path) -> list[str]:
    """Retractions of records that are not excluded, and all remarks on included reports. Nothing is excluded for them."""
    states = [
        {row["record_id"]: row["state"] for row in _table(root, f"{stage}/states.csv", STATES)} for stage in SCREENING
    ]
    lines = []
    for row in _table(root, "record_flags.csv", RECORD_FLAGS):
        mine = [of[row["record_id"]] for of in states if row["record_id"] in of]
        included = mine[-1:] == ["include"]
        if "exclude" not in mine and (included or row["flag"] in (RETRACTED, CONCERN)):
            by = f", by {row['by']}" if row["by"] else ""
            lines.append(f"{row['record_id']} {row['flag']}{by} ({row['why']}): {row['title']}")
    return lines


def _gates(root: Path) -> list[str]:
    """Pilots after which people agree too little to go on."""
    lines = []
    for stage in SCREENING_AND_CODING:
        pilots = _table(root, f"{stage}/pilots.csv", PILOTS)
        if pilots and pilots[-1]["state"] == "below":
            last = pilots[-1]
            lines.append(
                f"{STAGE_NAMES[stage]}, pilot {last['batch']}: raw agreement is {float(last['raw']):.0%} of "
                f"{count(int(last['items']), 'item')} (AC1 {float(last['ac1'] or 0):.2f}), "
                f"{float(last['threshold']):.0%} is asked for. Talk over what people see differently "
                f"(data/processed/{stage}/pilots.csv) and mend the criteria; then, in config/review.yaml, either set "
                f"stages.{stage}.pilot_rounds to {len(pilots) + 1} for another pilot, or name in "
                f"stages.{stage}.gate_passed who lets the review go on, and why"
            )
    return lines


def _next(
    sheets: list[tuple[SheetInfo, int]], problems: list[str], stages: list[tuple[str, str]], *, fresh: bool
) -> str:
    if fresh:
        return "run `snakemake --cores 4`."
    people = sorted({info.person for info, _ in sheets})
    if problems:
        return "mend what PLEASE LOOK names, then run `snakemake --cores 4`."
    if people:
        return f"waiting for {' and '.join(people)}; when a sheet is saved, run `snakemake --cores 4`."
    missing = {
        "in conflict": "an adjudicator who settles conflicts",
        "to do": "as many people as must decide on each item",
    }
    wanted = [what for sign, what in missing.items() if any(sign in said for _, said in stages)]
    if wanted:
        return (
            "nobody has a sheet, but not everything is decided; name "
            f"{' and '.join(wanted)} in config/review.yaml, and run again."
        )
    return FINISHED


@dataclass(frozen=True)
class Section:
    """Lines under a heading; `where` is the table that has them all, `urgent` what keeps the review from going on."""

    heading: str
    lines: list[str]
    where: str
    urgent: bool = False


@dataclass(frozen=True)
class Standing:
    """Where a review stands: (stage, what of it is done), what there is to know, and the next thing to do."""

    stages: list[tuple[str, str]]
    sections: list[Section]
    next: str

    @property
    def finished(self) -> bool:
        """Whether nothing is left to do."""
        return self.next == FINISHED


def standing(root: Path) -> Standing:
    """Where the review in a folder stands."""
    if not (root / "config/review.yaml").exists():
        raise ScopingError("there is no review here (no config/review.yaml)", do="change into the folder of a review")
    events = ledger.read_events(root / "data/raw/ledger")
    issued = [row for stage in STAGES for row in _table(root, f"{stage}/issued.csv", ISSUED)]
    # rows of codes that changed since are not waited for, and only the table of issued sheets knows them
    sheets = waiting(events, {row["sheet"] for row in issued if row["left"] or row["answered"] == row["items"]})
    problems, seen = _problems(root)
    problems += _gates(root)
    stages = [
        *_records(root),
        *_duplicates(root),
        *_screening(root),
        *_stopping(root),
        *_fulltexts(root),
        *_studies(root),
        *_coding(root, "coding", "report"),
        *_coding(root, "interviews", "transcript"),
    ]
    holders = [
        f"{info.person:<12} data/raw/sheets/{info.stage}/{info.file}: {done:,} of {len(info.items):,} answered"
        for info, done in sheets
    ]
    sections = [
        Section("Who has which sheet", holders, "data/processed/*/issued.csv"),
        Section("About the exports", _exports(root), "data/processed/entries/*.receipts.csv"),
        Section(
            "Retracted, corrected or commented on (nothing is excluded)",
            _flags(root),
            "data/processed/record_flags.csv",
        ),
        Section("About full texts (nothing waits)", _texts(root)[1], "data/processed/texts.csv"),
        Section("PLEASE LOOK", problems, "data/processed/*/problems.csv", urgent=True),
        Section("About sheets that were read (nothing waits)", seen, "data/processed/*/problems.csv"),
    ]
    return Standing(
        stages, [each for each in sections if each.lines], _next(sheets, problems, stages, fresh=not stages)
    )


def _some(lines: list[str], where: str) -> list[str]:
    if len(lines) <= MOST:
        return lines
    return [*lines[:MOST], f"… and {len(lines) - MOST:,} more, see {where}"]


def text(root: Path) -> str:
    """The whole status as a person reads it in a terminal."""
    found = standing(root)
    lines = [f"{name:<20} {said}" for name, said in found.stages] or ["Nothing has been run yet."]
    for section in found.sections:
        lines += ["", section.heading, *_some([f"  {line}" for line in section.lines], section.where)]
    pages = {"progress": "Everybody's progress", "review": "All reports on one page"}
    shown = [f"{what}: reports/{name}.html" for name, what in pages.items() if (root / f"reports/{name}.html").exists()]
    lines += ["", *shown] if shown else []
    return "\n".join([*lines, "", f"Next: {found.next}"])
