"""Transcripts of interviews as items to be coded: tables of their own, in the columns that literature has.

Nothing of PRISMA reads these tables. An id is made of the id that the protocol gives the interview, and of nothing else,
so that a transcript may be mended without losing an answer; no entry of an export can have the same.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from scoping import citation, fulltext
from scoping.errors import ScopingError
from scoping.identity import content_id
from scoping.interview_settings import Interview
from scoping.schemas import RECORDS
from scoping.tables import Row, compact

FOLDER = "data/raw/interviews"
CONFIG = "config/review.yaml"


def record_id(interview_id: str) -> str:
    """The printed id of an interview. What identifies entries begins with other words, see `identity.identity`."""
    return content_id(f"interview\n{interview_id}")


def claims(interviews: Iterable[Interview], present: Sequence[str], *, named: bool, issued: bool) -> list[str]:
    """The transcripts of a review. A file without an interview, and an interview without its file, is an error.

    `named`: whether the protocol has the stage; `issued`: whether sheets were issued at it, which hold answers.
    """
    if not named:
        if issued:
            raise ScopingError(
                "names no stages.interviews any more, but sheets of it were issued",
                path=CONFIG,
                do="put it back, so that the answers count; people who are not `active` get no new sheets",
            )
        return []
    files = {interview.file: interview.id for interview in interviews}
    for name, id_ in files.items():
        if name not in present:
            near = get_close_matches(name, present, 1)
            raise ScopingError(
                f"interview {id_!r} names the file {name!r}, which is not in {FOLDER}",
                path=CONFIG,
                do=f"did you mean {near[0]!r}?" if near else "put the transcript there",
            )
    for name in present:
        if name not in files:
            raise ScopingError(
                "belongs to no interview",
                path=f"{FOLDER}/{name}",
                do=f"name it under `interviews:` in {CONFIG}, or take it out of the folder",
            )
    return sorted(files)


def records(interviews: Iterable[Interview]) -> list[Row]:
    """Each interview as a row of the table of records: who was interviewed stands as its author, by role."""
    found = []
    for interview in interviews:
        id_ = record_id(interview.id)
        who = [{"family": "", "given": "", "literal": interview.role}] if interview.role else []
        row = dict.fromkeys(RECORDS.names, "")
        row |= {"record_id": id_, "study_id": id_, "arm": "other", "content_ids": compact([id_]), "entry_ids": "[]"}
        row |= {"sources": compact([interview.id]), "keywords": "[]", "accessions": "[]", "type": "interview"}
        row |= {"title": interview.title, "authors": compact(who)}
        row |= {"year": str(interview.date.year) if interview.date else ""}
        found.append(row)
    return found


def studies(interviews: Iterable[Interview]) -> list[Row]:
    """Each interview as a study of one report and one model: codes of every unit are asked once of it."""
    return [
        {"record_id": id_, "study_id": id_, "main": id_, "models": "1", "names": "[]", "answered": "", "asked": ""}
        for id_ in (record_id(interview.id) for interview in interviews)
    ]


def texts(interviews: Iterable[Interview], extracted: Iterable[Mapping[str, Any]]) -> list[Row]:
    """Each transcript as a row of the table of texts; `extracted` are the files that `scoping extract` wrote."""
    by_file = {what["file"]: what for what in extracted}
    found = []
    for interview in interviews:
        what = by_file[interview.file]
        text = fulltext.from_fields(what["text"])
        id_ = record_id(interview.id)
        row = {"file": interview.file, "sha256": what["sha256"], "record_id": id_, "how": "id"}
        row |= {"candidates": compact([id_]), "doubt": "", "status": text.status, "reason": text.reason}
        row |= {"pages": str(len(text.pages)), "characters": str(sum(len(page) for page in text.pages))}
        found.append(row)
    return found


def named(rows: Iterable[Row]) -> dict[str, str]:
    """Record id -> the id that the protocol gives the interview: what its tab is called."""
    return {row["record_id"]: json.loads(row["sources"])[0] for row in rows}


def heading(row: Row, file: str | None) -> tuple[str, ...]:
    """What stands above the rows of a transcript."""
    about = ", ".join(part for part in (citation.authors(row), row["year"]) if part)
    return f"{row['title']}{f' – {about}' if about else ''}", f"Transcript: {FOLDER}/{file}"


def orphan_problem(row: Row) -> Row:
    """What a person is told of an answer whose interview is gone."""
    what = (
        f"{row['person']} answered `{row['decision']}` for {row['item']}, but {CONFIG} names no such interview any more; "
        "put it back under its old id, or withdraw the answer in the sheet"
    )
    place = {"stage": "interviews", "file": "", "sheet": row["sheet"], "cell": "", "item": row["item"]}
    return {**place, "waits": "row", "problem": what}
