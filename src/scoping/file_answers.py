"""What people said of files that could not be matched to a report by themselves: is this its full text?

A file is known by its content, so renaming it changes nothing, and another version of it is asked about anew.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping

from scoping import record_ids
from scoping.folder import WITHDRAW
from scoping.fulltext_match import NOT_SOUGHT, Match, Reports
from scoping.identity import content_id
from scoping.items import split
from scoping.tables import Row

YES, NO = "yes", "no"
TORN = "people differ"
STAGE = "doubtful_texts"


def file_id(sha256: str) -> str:
    """The printed id of a file with this content."""
    return content_id(f"file\n{sha256}")


def questions(texts: Iterable[Row]) -> dict[str, Row]:
    """`record~file` -> the file's row in the table of texts, for each report that a file may be.

    Whose file it is that lies there before its report was screened, or although it was excluded, nobody needs to say.
    """
    return {
        f"{record}~{file_id(row['sha256'])}": row
        for row in texts
        if row["sha256"] and not row["record_id"] and not row["doubt"].startswith(NOT_SOUGHT)
        for record in json.loads(row["candidates"])
    }


def answers(decisions: Iterable[Row], known: Mapping[str, str]) -> tuple[dict[str, dict[str, str]], list[Row]]:
    """(file id -> record id -> yes, no or that people differ; problems: answers about reports that are gone)."""
    said: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    gone = []
    for row in decisions:
        if row["decision"] == WITHDRAW:
            continue
        record, file = split(row["item"]).ids
        if record in known:
            said[file][known[record]].add(row["decision"])
        else:
            gone.append(record_ids.orphan_problem(STAGE, row))
    found = {
        file: {record: min(words) if len(words) == 1 else TORN for record, words in by_record.items()}
        for file, by_record in said.items()
    }
    return found, gone


def heeded(found: Match, said: Mapping[str, str], reports: Reports) -> Match:
    """A match as it stands after what people said: `yes` decides, `no` rules out, and what differs is a doubt."""
    yes = {record for record, answer in said.items() if answer == YES}
    torn = {record for record, answer in said.items() if answer == TORN}
    no = {record for record, answer in said.items() if answer == NO}
    if torn or len(yes) > 1:
        why = "people differ on whether it is this report" if torn else "people said that it is several reports"
        return Match(candidates=tuple(sorted(torn | yes)), why=f"{why}: {reports.named(torn | yes)}")
    by_id = {found.record_id} if found.how == "id" else set()
    if by_id and (by_id & no or yes - by_id):
        other = by_id | yes
        why = "its name begins with the id of a report that a person said it is not"
        return Match(candidates=tuple(sorted(other)), why=f"{why}: {reports.named(other)}")
    if by_id:
        return found
    if yes:
        (record,) = yes
        if record in reports.sought:
            return Match(record, "person")
        return Match(candidates=(record,), why=f"{NOT_SOUGHT}: {reports.named(yes)}")
    seemed = {found.record_id} - {""} or set(found.candidates)
    if not seemed & no:
        return found
    left = seemed - no
    why = f"a person said that it is not {reports.named(seemed & no)}"
    return Match(candidates=tuple(sorted(left)), why=f"{found.why}; {why}" if left else why)
