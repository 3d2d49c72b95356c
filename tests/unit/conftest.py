"""Rows, events and a protocol for the unit tests: `make.entry(title=...)` and so on, plain where nothing is said."""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import settings

from scoping import identity
from scoping.codebook import Code
from scoping.config import Review
from scoping.schemas import CELLS, DECISIONS, ENTRIES, ENTRY_RECORDS, RECORDS, STATES, Table
from scoping.schemas_studies import STUDIES
from scoping.studies import Studies
from scoping.tables import Row, compact

settings.register_profile("unit", deadline=None, derandomize=True)
settings.load_profile("unit")


def _row(table: Table, **fields: str) -> Row:
    unknown = set(fields) - set(table.names)
    if unknown:
        raise TypeError(f"{table.name} has no {sorted(unknown)}")
    return {**dict.fromkeys(table.names, ""), **fields}


class Make:
    """One method a kind of row or event."""

    @staticmethod
    def id(text: object) -> str:
        """The printed id of whatever this stands for."""
        return identity.content_id(f"test\n{text}")

    @staticmethod
    def authors(*names: str) -> str:
        return compact([{"family": name, "given": "", "literal": ""} for name in names])

    @classmethod
    def entry(cls, title: str = "Evidence officers in a county council", **fields: str) -> Row:
        """An entry whose ids come from its fields, as ingest would make them."""
        author = fields.pop("author", "Marsh")
        fields = {
            "title": title,
            "authors": cls.authors(*([author] if author else [])),
            "year": "2020",
            "source": "scopus",
            "file": "scopus.ris",
            "number": "1",
            "line_start": "1",
            "status": "ok",
            "keywords": "[]",
            "type": "article-journal",
            **fields,
        }
        fields.setdefault("raw", f"TI  - {title}")
        if "identity" not in fields:
            what = {name: fields.get(name, "") for name in ("accession", "doi", "title", "year")}
            fields["identity"] = identity.identity({**what, "first_author": author}, raw=fields["raw"])
        fields.setdefault("content_id", identity.content_id(fields["identity"]))
        return _row(ENTRIES, **fields)

    @classmethod
    def record(cls, record_id: str, *others: str, **fields: str) -> Row:
        """A record known under `record_id` and the other content ids."""
        fields = {
            "record_id": record_id,
            "study_id": record_id,
            "arm": "databases",
            "content_ids": compact(sorted({record_id, *others})),
            "entry_ids": "[]",
            "title": f"The title of {record_id}",
            "authors": cls.authors("Marsh"),
            "keywords": "[]",
            **fields,
        }
        return _row(RECORDS, **fields)

    @staticmethod
    def entry_record(entry_id: str, record_id: str, role: str = "record", **fields: str) -> Row:
        fields = {"content_id": record_id, "source": "scopus", "arm": "databases", "status": "ok", **fields}
        return _row(ENTRY_RECORDS, entry_id=entry_id, record_id=record_id, role=role, **fields)

    @staticmethod
    def decision(item: str, decision: str, person: str = "anna", *covers: str, **fields: str) -> Row:
        """What a person answered; with `covers`, or as carl, it is an adjudication."""
        role = "adjudicate" if covers or person == "carl" else "screen"
        fields = {"stage": "title_abstract", "role": role, "sheet": f"ta01.{person}", **fields}
        return _row(DECISIONS, item=item, decision=decision, person=person, covers=compact(sorted(covers)), **fields)

    @staticmethod
    def state(record_id: str, state: str, **fields: str) -> Row:
        fields = {"reasons": "[]", "decided_by": "[]", "decided_ids": "[]", "answers": "0", **fields}
        return _row(STATES, record_id=record_id, state=state, **fields)

    @staticmethod
    def cell(record_id: str, code: str, state: str, **fields: str) -> Row:
        fields = {"study_id": record_id, "model": "1", "decided_by": "[]", "answers": "[]", **fields}
        return _row(CELLS, record_id=record_id, code=code, state=state, **fields)

    @staticmethod
    def study(record_id: str, study_id: str = "", *names: str, **fields: str) -> Row:
        """An included report: the study's only one, or of a study whose id is that of its main report."""
        main = study_id or record_id
        models = {"models": str(max(1, len(names))), "names": compact(list(names)), "answered": "yes" if names else ""}
        return _row(STUDIES, record_id=record_id, **{"study_id": main, "main": main, **models, **fields})

    @classmethod
    def studies(cls, *record_ids: str) -> Studies:
        """Each report a study of its own."""
        return Studies([cls.study(id_) for id_ in record_ids])

    @staticmethod
    def code(id_: str, **fields: Any) -> Code:
        return Code.model_validate({"id": id_, "family": "f", "label": id_, "definition": "d", **fields})

    @staticmethod
    def issued(batch: str, people: list[str], items: list[str], **fields: Any) -> dict[str, Any]:
        """An `issued` event; the hash of a pristine sheet is that of its own name."""
        sheets = [
            {
                "person": person,
                "file": f"{batch}_{person}.xlsx",
                "sha256": hashlib.sha256(f"{batch}.{person}".encode()).hexdigest(),
            }
            for person in people
        ]
        plain = {"stage": "title_abstract", "purpose": "main", "role": "screen", "covers": {}, "known_as": {}}
        return {"kind": "issued", "batch": batch, "items": items, "sheets": sheets, **plain, **fields}

    @staticmethod
    def read(sheet: str, labels: dict[str, str], sha256: str, **fields: Any) -> dict[str, Any]:
        """A `read` event; `labels` give the decision of each item."""
        said = {item: {"decision": decision, "cell": "Screening!B2"} for item, decision in labels.items()}
        plain = {"stage": "title_abstract", "file": "x.xlsx", "held": [], "notes": []}
        return {"kind": "read", "sheet": sheet, "sha256": sha256, "labels": said, **plain, **fields}

    @staticmethod
    def review(**changes: Any) -> Review:
        """A protocol with anna and ben (dual), carl (adjudicates) and dora (absent)."""
        dual = {"mode": "dual", "people": ["anna", "ben"], "adjudicator": "carl"}
        plain = {
            "title": "Evidence in councils",
            "question": {"text": "What?", "population": "Councils", "concept": "Evidence", "context": "Any"},
            "sources": {
                "scopus": {"name": "Scopus", "kind": "database", "files": ["scopus.ris"]},
                "web": {"name": "Websites", "kind": "website", "files": ["web.csv"]},
            },
            "criteria": {
                "include": [{"id": "I1", "text": "About councils"}],
                "exclude": [
                    {"id": "topic", "label": "Wrong topic", "text": "Not about evidence"},
                    {"id": "design", "label": "No data", "text": "Has no data"},
                ],
            },
            "people": {"anna": {}, "ben": {}, "carl": {}, "dora": {"active": "no"}},
            "stages": {
                "duplicates": {"people": ["anna"]},
                "title_abstract": {**dual, "pilot": 2, "batch": 3, "audit": 0},
                "full_text": {**dual, "batch": 2, "open_batches": 1},
                "coding": {**dual, "batch": 2, "open_batches": 1},
            },
            "seed": 7,
        }
        return Review.model_validate({**plain, **changes})


@pytest.fixture(scope="session")
def make() -> type[Make]:
    """The makers of rows and events."""
    return Make


@pytest.fixture
def zotero_review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """`zotero_review.py`, in an empty folder of its own, without a key; nobody waits (`waits` are the seconds)."""
    from scoping.zotero import connection

    spec = importlib.util.spec_from_file_location("zotero_review", Path(__file__).with_name("zotero_review.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ZOTERO_API_KEY", raising=False)
    module.waits = []  # type: ignore[attr-defined]
    monkeypatch.setattr(connection, "sleep", module.waits.append)  # type: ignore[attr-defined]
    return module
