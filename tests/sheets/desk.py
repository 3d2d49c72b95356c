"""The sheets under test, laid out by the real code, and what their people mean to answer."""

import json
import random
from dataclasses import dataclass
from pathlib import Path

from scoping import batches, files, folder, forms, sheets
from scoping.codebook import Codebook
from scoping.config import Review
from scoping.identity import content_id
from scoping.schemas import RECORDS
from scoping.workbook import keys, layout
from scoping.workbook.write import write

RECORDS_ON_SHEET, STUDIES, CODES = 120, 5, 23
REASONS = {"topic": "Wrong topic", "design": "No data of its own"}
HOSTILE = [
    ("=1+1 councils and the arithmetic of evidence", "=HYPERLINK(\"http://example.org\") is how this abstract begins"),
    ("=cmd|' /C calc'!A0", "+1-2 @home, a title that is a formula"),
    ("-5 degrees: evidence in cold councils", "0012345 1E5 1-2 SEPT2 TRUE"),
    ("@home with the councillors", "<r>not markup</r> & <b>neither</b>"),
    ("😀 Emoji in the title 🧑‍🔬 of a councillor 👩🏽‍⚕️", "👍" * 200),
    ("استخدام الأدلة في المجالس المحلية", "دراسة عن استخدام الأدلة في صنع القرار المحلي. " * 8),
    ("שימוש בראיות ברשויות מקומיות \u202eRTL override", "עדות " * 80),
    ("地方自治体における証拠の利用", "研究証拠論。" * 120),
    ("A very long abstract", "Evidence was used by officers, now and then. " * 640),
    ("A very long title " + "that goes on and on " * 60, "Short."),
    ("Tabs\tand\nlines\r\nin a title", "first line\nsecond line\n\nfourth line"),
    ("checkpoint", "· 3 · QFR, which looks like a token, and ta01.anna.BCDFGHJKLMN.BC, which looks like a key"),
    ("decision", "include"),
    ("'quoted' \"twice\"; with, separators", "a;b,c\td|e"),
    ("   blanks   around   ", "\u200bzero\u00adwidth\ufeff"),
]  # fmt: skip
NOTES = [
    "ask Bo",
    "second arm only; see p. 4, ‘methods’",
    "unsure – “maybe” … ½",
    "=1+1 is what they write",
    "two\nlines",
    "0012345",
    "vu par Zoë, à relire",
    "ملاحظة 😀",
]


@dataclass(frozen=True)
class Sheet:
    """One issued sheet: its bytes, and the answer that its person means for each item, as text in the input columns."""

    id: str
    stage: str
    data: bytes
    items: tuple[str, ...]
    meant: dict[str, tuple[str, ...]]

    @property
    def issued(self) -> dict[str, str]:
        """The sheet as the event of its issue names it."""
        batch, _, person = self.id.partition(".")
        return {"person": person, "file": f"{batch}_{person}.xlsx", "sha256": files.sha256(self.data)}

    @property
    def answers(self) -> dict[str, tuple[str, ...]]:
        """The answers by key, as they are put into the file."""
        return {keys.make(self.id, item): texts for item, texts in self.meant.items()}


REVIEW = Review.model_validate(
    {
        "title": "Evidence in councils",
        "question": {"text": "What?", "population": "Councils", "concept": "Evidence", "context": "Any"},
        "sources": {"scopus": {"name": "Scopus", "kind": "database", "files": ["scopus.ris"]}},
        "criteria": {
            "include": [{"id": "I1", "text": "About councils"}],
            "exclude": [{"id": id_, "label": label, "text": label} for id_, label in REASONS.items()],
        },
        "people": {"anna": {}, "ben": {}, "carl": {}},
        "stages": {
            "duplicates": {"people": ["anna"]},
            **{
                stage: {"mode": "dual", "people": ["anna", "ben"], "adjudicator": "carl", "batch": 120}
                for stage in ("title_abstract", "full_text", "coding")
            },
        },
        "keywords": ["evidence", "council*"],
        "seed": 7,
    }
)
CODEBOOK = Codebook.model_validate(
    {
        "version": 1,
        "families": [{"id": "use", "label": "Use", "text": "How evidence is used"}],
        "codes": [
            {"id": f"U{n:02}", "family": "use", "label": f"Use number {n}", "definition": f"Evidence is used, way {n}."}
            for n in range(CODES)
        ],
    }
)


def record(number: int) -> dict[str, str]:
    """A made-up record; the first ones are hostile."""
    title = f"{_WORDS[number % 10]} of evidence in the council of {_WORDS[number // 10 % 10]}shire, part {number}"
    abstract = f"We asked {number + 12} officers. " + "They used this evidence or that. " * (number % 30)
    if number < len(HOSTILE):
        title, abstract = HOSTILE[number]
    fields = {
        "record_id": content_id(f"record {number}"),
        "title": title,
        "abstract": abstract,
        "authors": json.dumps([{"family": f"Marsh{number}", "given": "A.", "literal": ""}]),
        "year": str(1990 + number % 30),
        "journal": "Journal of Councils",
        "doi": f"10.1000/x{number}" if number % 3 else "",
        "type": "article-journal",
        "keywords": "[]",
    }
    return {**dict.fromkeys(RECORDS.names, ""), **fields}


_WORDS = ("Use", "Loss", "Trade", "Meaning", "Return", "Absence", "Price", "Origin", "Discovery", "Neglect")
_ALL = {row["record_id"]: row for row in map(record, range(RECORDS_ON_SHEET))}
_SCREENED = tuple(batches.seeded(7, "title_abstract:1", _ALL))
_CODED = tuple(f"{id_}:{code.id}" for id_ in list(_ALL)[:STUDIES] for code in CODEBOOK.codes)


def _laid_out(batch: str, person: str, stage: str, items: tuple[str, ...]) -> bytes:
    form = forms.form(stage, REVIEW)
    whole = batches.Batch(batch, "main", "screen", {"anna": items, "ben": items})
    content = sheets.Content(_ALL, {}, {}, {})
    return write(sheets.sheet(whole, person, REVIEW, form, content, CODEBOOK))


def _screened(rng: random.Random) -> tuple[str, ...]:
    decision = rng.choices(["include", "exclude", "unsure", ""], [0.2, 0.55, 0.1, 0.15])[0]
    reason = rng.choice([*REASONS.values(), *REASONS.values(), ""]) if decision == "exclude" else ""
    return decision, reason, rng.choice(NOTES) if decision and rng.random() < 0.3 else ""


def _coded(rng: random.Random, item: str) -> tuple[str, ...]:
    value = rng.choices(["yes", "no", "unclear", ""], [0.3, 0.4, 0.1, 0.2])[0]
    quote = f"“Evidence of {item} was used”, they said" if value == "yes" else ""
    note = rng.choice(NOTES) if value == "unclear" else ""
    level = rng.choice(["individual", "organisation; system"]) if value == "yes" else ""
    return value, level, quote, f"p. {rng.randint(1, 30)}" if quote else "", note


def screening(person: str) -> Sheet:
    """The sheet of title and abstract of a person."""
    rng = random.Random(f"answers of {person}")
    meant = {item: _screened(rng) for item in _SCREENED}
    data = _laid_out("ta01", person, "title_abstract", _SCREENED)
    return Sheet(f"ta01.{person}", "title_abstract", data, _SCREENED, meant)


def coding(person: str) -> Sheet:
    """The sheet of coding of a person, a tab a study."""
    rng = random.Random(f"codes of {person}")
    meant = {item: _coded(rng, item) for item in _CODED}
    data = _laid_out("co02", person, "coding", _CODED)
    return Sheet(f"co02.{person}", "coding", data, _CODED, meant)


def issued(*there: Sheet) -> dict[str, object]:
    """The event of their issue."""
    known_as = {id_: [row["doi"], row["title"]] for id_, row in _ALL.items()}
    batch = there[0].id.partition(".")[0]
    return {
        "kind": "issued", "stage": there[0].stage, "batch": batch, "purpose": "main", "role": "screen",
        "items": list(there[0].items), "sheets": [sheet.issued for sheet in there], "covers": {}, "known_as": known_as,
    }  # fmt: skip


class Book:
    """A ledger in memory."""

    def __init__(self, *events: dict[str, object]):
        self.events, self.blobs = list(events), {}

    def keep(self, data):
        self.blobs[files.sha256(data)] = data
        return files.sha256(data)

    def append(self, kind, **fields):
        self.events.append(json.loads(json.dumps({"kind": kind, **fields})))

    @property
    def answers(self):
        """(sheet, item) -> the fields that stand."""
        return {at: folder._answer(label) for at, label in folder.decisions(self.events).items()}


def settled(sheet: Sheet, texts: tuple[str, ...]) -> dict[str, str] | None:
    """An answer as it should stand in the ledger; nothing for a blank one."""
    form = forms.form(sheet.stage, REVIEW)
    if not texts[0]:
        return None
    found = form.settle({column.field: text.strip() for column, text in zip(form.inputs, texts, strict=True)})
    assert not isinstance(found, str), found
    return found


def block(sheet: Sheet, item: str) -> tuple[str, int]:
    """The block between two checkpoint rows that an item was laid out in."""
    study = item.partition(":")[0] if sheet.stage == "coding" else ""
    there = [other for other in sheet.items if other.startswith(study)]
    return study, there.index(item) // layout.CHECKPOINT_EVERY


def save(sheets_: list[Sheet], folder_: Path) -> dict[str, dict[str, object]]:
    """The sheets as files, and what is to be filled in, for the program that edits them."""
    books = {}
    for sheet in sheets_:
        path = folder_ / f"{sheet.id}.xlsx"
        path.write_bytes(sheet.data)
        books[sheet.id] = {"path": str(path), "answers": sheet.answers}
    return books
