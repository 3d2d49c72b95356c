"""An updated review: what its previous version included, and what is new beside that.

`data/raw/previous/reports.csv` has a line for each report that the previous version included. A report of this review is
the same where the line names its record id or its DOI. Then a report that is included now is one of three: found again;
a further report of a study that was included before; or a report of a new study. What the previous version included
still counts in the total, whatever became of it since.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from scoping import normalise
from scoping.errors import ScopingError
from scoping.prisma import Boxes, Ids
from scoping.record_ids import aliases
from scoping.report_settings import Previous
from scoping.tables import Row

FILE = Path("data/raw/previous/reports.csv")
NEEDED = ("study", "report")
KNOWN = (*NEEDED, "title", "authors", "year", "doi", "record_id")
_DO = "give each report that the previous version included a line with its study and a name or id of its own"


def read(path: Path, said: Previous | None = None) -> list[Row]:
    """The reports of the previous version; other columns than `KNOWN` are not read. Comma or semicolon, UTF-8.

    `said`: what the protocol says of it; another number of reports or studies than that is an error.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        do = f"put it there, with the columns {', '.join(KNOWN)}, or take `previous` out of config/review.yaml"
        raise ScopingError("is not there, and config/review.yaml names a previous version", path=path, do=do) from None
    except UnicodeDecodeError:
        raise ScopingError("is not UTF-8 text", path=path, do="save it as CSV UTF-8") from None
    head = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if head.count(";") > head.count(",") else ",")
    missing = sorted(set(NEEDED) - set(reader.fieldnames or ()))
    if missing:
        raise ScopingError(f"has no column {' and no column '.join(missing)}", path=path, at=1, do=_DO)
    rows: list[Row] = []
    seen: dict[str, int] = {}
    for line in reader:
        row = {name: (line.get(name) or "").strip() for name in KNOWN}
        if not any(row.values()):
            continue
        at = reader.line_num
        if not all(row[name] for name in NEEDED):
            raise ScopingError("a report without its study or name", path=path, at=at, do=_DO)
        row["doi"] = normalise.doi(row["doi"])
        for what in filter(None, (row["report"], row["doi"], row["record_id"])):
            if what in seen and seen[what] != at:
                raise ScopingError(f"{what!r} stands in line {seen[what]} too", path=path, at=at, do="take one away")
            seen[what] = at
        rows.append(row)
    if not rows:
        raise ScopingError("names no report", path=path, at=1, do=_DO)
    _compare(path, rows, said)
    return rows


def _compare(path: Path, rows: list[Row], said: Previous | None) -> None:
    studies = len({row["study"] for row in rows})
    for what, here, there in (
        ("reports", len(rows), said.reports if said else None),
        ("studies", studies, said.studies if said else None),
    ):
        if there is not None and here != there:
            found = f"names {here} {what}, and config/review.yaml says that the previous version included {there}"
            raise ScopingError(found, path=path, do=f"mend the lines, or `previous.{what}` there")


def found_again(rows: Iterable[Row], records: list[Row]) -> dict[str, str]:
    """Report of the previous version -> the record that it is in this review."""
    known = aliases(records)
    with_doi = {row["doi"]: row["record_id"] for row in records if row["doi"]}
    found: dict[str, str] = {}
    for row in rows:
        record_id = known.get(row["record_id"]) or (with_doi.get(row["doi"]) if row["doi"] else None)
        if record_id in found.values():
            other = next(report for report, id_ in found.items() if id_ == record_id)
            what = f"{other!r} and {row['report']!r} are one report, {record_id}"
            raise ScopingError(what, path=FILE, do="take one of the two lines away, or mend its DOI or record_id")
        if record_id:
            found[row["report"]] = record_id
    return found


def boxes(rows: list[Row], records: list[Row], found: Boxes) -> dict[str, dict[str, Ids]]:
    """The boxes of an updated review; `found` are those of this version. `study_id` of the records is the study."""
    again = found_again(rows, records)
    study_of = {row["record_id"]: row["study_id"] for row in records}
    old = frozenset(again.values())
    old_studies = {study_of[record_id] for record_id in old}
    included = found.of("included_reports") | found.of("other_included_reports")
    known = included & old
    further = frozenset(id_ for id_ in included - known if study_of[id_] in old_studies)
    new = included - known - further
    before = frozenset(again.get(row["report"], row["report"]) for row in rows)
    studies_before, studies = frozenset(row["study"] for row in rows), frozenset(study_of[id_] for id_ in new)
    made = {
        "previous_studies": studies_before,
        "previous_reports": before,
        "new_studies": studies,
        "new_reports": new,
        "further_reports": further,
        "known_reports": known,
        "total_studies": studies_before | studies,
        "total_reports": before | new | further,
    }
    return {box: {"": ids} for box, ids in made.items()}


def check(found: Boxes, rows: list[Row], records: list[Row]) -> list[str]:
    """What does not hold, one sentence each. Each report and study is looked at alone, unlike in `boxes`."""
    out: list[str] = []
    n = found.count

    def equal(what: str, left: int, right: int) -> None:
        if left != right:
            out.append(f"{what}: {left} on one side, {right} on the other")

    equal("reports of the previous version = lines of its table", n("previous_reports"), len(rows))
    equal("studies of the previous version", n("previous_studies"), len(Counter(row["study"] for row in rows)))
    equal("total studies = previous + new", n("total_studies"), n("previous_studies") + n("new_studies"))
    new_reports = n("new_reports") + n("further_reports")
    equal("total reports = previous + new", n("total_reports"), n("previous_reports") + new_reports)
    here = n("included_reports") + n("other_included_reports")
    equal(
        "reports included = of new studies + of previous studies + found again", here, new_reports + n("known_reports")
    )
    return [*out, *_check_each(found, found_again(rows, records), records)]


def _check_each(found: Boxes, again: Mapping[str, str], records: list[Row]) -> list[str]:
    by_study: dict[str, list[str]] = {}
    for row in records:
        by_study.setdefault(row["study_id"], []).append(row["record_id"])
    out = []
    included = found.of("included_reports") | found.of("other_included_reports")
    for study, reports in sorted(by_study.items()):
        before = any(record_id in again.values() for record_id in reports)
        for record_id in sorted(set(reports) & included):
            end = "known" if record_id in again.values() else "further" if before else "new"
            at = [box for box in ("known", "further", "new") if record_id in found.of(f"{box}_reports")]
            if at != [end]:
                out.append(f"{end}_reports: {record_id} belongs there and stands in {at}")
        if (study in found.of("new_studies")) != (not before and bool(set(reports) & included)):
            out.append(f"new_studies: {study} stands there or is new, not both")
    return out
