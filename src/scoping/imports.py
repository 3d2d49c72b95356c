"""Decisions that come with exports: labels of screening programs that the protocol gives to a person and a stage.

All labels of a stage, as its exports stand, are one version, which becomes one event `imported`. What it says replaces
what exports said before; what it does not say any more stands, and is told. Nothing is taken that the protocol does not
name, and nothing that was taken is ever taken again from the same bytes.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from scoping import files, folder
from scoping.batches import CODES
from scoping.config import Source
from scoping.errors import ScopingError
from scoping.export_settings import ExportedDecisions
from scoping.folder import SHOWN, WITHDRAW, Fields, Said
from scoping.forms import Form
from scoping.ledger import Event, canonical
from scoping.screening_labels import Label, labels
from scoping.tables import Row
from scoping.workbook.keys import folded

EXPORTS = "data/raw/exports"
CONFIG = "config/review.yaml"
_UNKNOWN = {
    "name": ("`{}` labels {}, but `people` does not say who that is", "name them there"),
    "label": ("`{}` is the label of {}, but `answers` does not say what it means", "say it there"),
    "reason": ("`{}` is a reason given for {}, but `reasons` does not say which criterion it is", "say it there"),
}

Told = Mapping[str, Any]
"""Source -> `decisions` (what the protocol says of its labels at one stage) and `files` (name -> SHA-256)."""
Held = tuple[str, str, str, str]  # file, place in it, item, what


@dataclass
class Reading:
    """What exports say at one stage: person -> item -> label, what waits, and how the items were known."""

    labels: dict[str, dict[str, Fields]] = field(default_factory=dict)
    held: list[Held] = field(default_factory=list)
    known_as: dict[str, list[str]] = field(default_factory=dict)


# --- what there is to read --------------------------------------------------------------------------------------------


def told(
    sources: Mapping[str, Source], claims: Mapping[str, Collection[str]], stage: str, content: Callable[[str], str]
) -> dict[str, Any]:
    """What the protocol says of labels at a stage; `claims` gives the sources of each file, `content` its SHA-256."""
    found = {}
    for id_, source in sources.items():
        mine = [what for what in source.decisions if what.stage == stage]
        own = [name for name, claimed in claims.items() if id_ in claimed]
        for what in mine:
            for pattern in what.files:
                if not any(fnmatchcase(name, pattern) for name in own):
                    raise ScopingError(
                        f"sources.{id_}.decisions names the file {pattern!r}, which is none of that source",
                        path=CONFIG,
                        do=f"its files are {', '.join(sorted(own))}",
                    )
        wanted = sorted(name for name in own if any(_about(what, name) for what in mine))
        if wanted:
            found[id_] = {
                "decisions": [what.model_dump(mode="json") for what in mine],
                "files": {name: content(name) for name in wanted},
            }
    return found


def _about(what: ExportedDecisions, name: str) -> bool:
    return not what.files or any(fnmatchcase(name, pattern) for pattern in what.files)


def files_of(said: Told) -> list[str]:
    """The files that hold the labels."""
    return sorted({name for one in said.values() for name in one["files"]})


def digest(said: Told) -> str:
    """What tells one version from another: bytes, and what the protocol says of them; not names of files or sources."""
    parts = [
        [sha, [what for what in one["decisions"] if _about(ExportedDecisions.model_validate(what), name)]]
        for one in said.values()
        for name, sha in one["files"].items()
    ]
    return files.sha256(canonical(sorted(canonical(part).decode() for part in parts)))


def latest(events: Iterable[Event]) -> Event | None:
    """The version that was taken last (events of one stage)."""
    return next((event for event in reversed(list(events)) if event["kind"] == "imported"), None)


def due(events: Sequence[Event], said: Told) -> bool:
    """Whether these labels are still to be taken."""
    last = latest(events)
    return bool(said) and (last is None or last["source_digest"] != digest(said))


def key(of_sheets: str, events: Sequence[Event], said: Told) -> str:
    """The key of a stage: that of its sheets, and what the ledger will have taken from exports after the run."""
    taken = sum(event["kind"] == "imported" for event in events) + due(events, said)
    if not taken:
        return of_sheets
    return files.sha256(canonical([of_sheets, taken, digest(said) if said else ""]))[:16]


# --- reading ----------------------------------------------------------------------------------------------------------


def read(entries: Iterable[Row], said: Told, form: Form, reasons: Sequence[str]) -> Reading:
    """What the entries of these files say; `reasons` are the criteria for exclusion, in order."""
    out = Reading()
    given: dict[tuple[str, str], list[Fields]] = defaultdict(list)
    by_source: dict[str, list[Row]] = defaultdict(list)
    for entry in sorted(entries, key=lambda row: (row["file"], int(row["number"]))):
        by_source[entry["source"]].append(entry)
    for source, one in sorted(said.items()):
        mine = [entry for entry in by_source[source] if entry["file"] in one["files"]]
        _unchanged(mine, one["files"])
        for what in one["decisions"]:
            reader = _Reader(ExportedDecisions.model_validate(what), form, reasons, out)
            for person, item, label in reader.read(mine):
                given[person, item].append(label)
    for (person, item), found in sorted(given.items()):
        first, *others = found
        other = next((each for each in others if _answer(each) != _answer(first)), None)
        if other:
            what = (
                f"{_tell(person, first)}, but {_tell(person, other)}; make them agree in the program, and export again"
            )
            out.held.append((first["file"], first["cell"], item, what))
        else:
            out.labels.setdefault(person, {})[item] = first
    out.held.sort()
    return out


def _unchanged(entries: Sequence[Row], present: Mapping[str, str]) -> None:
    """Stop if a file was another one when it was read than when the run began."""
    seen = {entry["file"]: entry["sha256"] for entry in entries}
    for name, sha in present.items():
        if seen.get(name, sha) != sha:
            raise ScopingError("was being saved or copied during the run", path=f"{EXPORTS}/{name}", do="run again")


def _answer(label: Fields) -> Fields:
    return {name: label[name] for name in ("decision", "reason")}


def _tell(person: str, label: Fields) -> str:
    reason = f" ({label['reason']})" if label["reason"] else ""
    return f"{person} says `{label['decision']}`{reason} in {label['file']} at {label['cell']}"


class _Reader:
    """The labels of entries as one part of the protocol understands them; what it does not name goes to `out.held`."""

    def __init__(self, what: ExportedDecisions, form: Form, reasons: Sequence[str], out: Reading) -> None:
        self.what, self.form, self.order, self.out = what, form, list(reasons), out
        self.people = {folded(name): id_ for name, id_ in what.people.items()}
        self.answers = {folded(word): answer for word, answer in what.answers.items()}
        self.reasons = {folded(word): id_ for word, id_ in what.reasons.items()}
        self.ignored = {folded(word) for word in what.ignore}
        self.words = (*what.answers, *what.reasons, *what.ignore)
        self.unknown: dict[tuple[str, str, str], list[str]] = defaultdict(list)

    def read(self, entries: Iterable[Row]) -> Iterator[tuple[str, str, Fields]]:
        """(person, item, label) of every label that is understood."""
        mine = [entry for entry in entries if _about(self.what, entry["file"])]
        any_label = False
        for entry in mine:
            found, wrong = labels([tuple(tag) for tag in json.loads(entry["tags"])], self.what.labels, self.words)
            self.out.held += [(entry["file"], _place(entry), entry["content_id"], what) for what in wrong]
            any_label = any_label or bool(found or wrong)
            if not found and not wrong and self.what.unlabelled:
                found = [Label("", "")]
            for label in found:
                yield from self._understood(label, entry)
        if mine and not any_label and not self.what.unlabelled:
            names = ", ".join(sorted({entry["file"] for entry in mine}))
            what = f"no entry has a label of `{self.what.labels}`; is `labels` right?"
            self.out.held.append((names, "", "", what))
        for (kind, word, file), places in self.unknown.items():
            what, remedy = _UNKNOWN[kind]
            shown = f"{', '.join(places[:SHOWN])}{f' and {len(places) - SHOWN:,} more' if len(places) > SHOWN else ''}"
            entries_ = f"{len(places):,} entries" if len(places) > 1 else "an entry"
            told_ = f"{what.format(word, f'{entries_} ({shown})')}; {remedy}, or list it under `ignore`"
            self.out.held.append((file, places[0], "", told_))

    def _understood(self, label: Label, entry: Row) -> Iterator[tuple[str, str, Fields]]:
        person = self.what.person or self._known("name", self.people, label.name, entry)
        if not person:
            return
        answer = self._known("label", self.answers, label.word, entry) if label.word else self.what.unlabelled
        if not answer:
            return
        fields = {"decision": str(answer), "reason": "", "note": ""}
        if answer == "exclude" and label.reasons:
            ids = [self._known("reason", self.reasons, word, entry) for word in label.reasons]
            if None in ids:  # one that nobody has named: the answer is not whole
                return
            known = sorted({id_ for id_ in ids if id_}, key=self.order.index)
            fields |= {"reason": next(iter(known), ""), "note": f"also: {', '.join(known[1:])}" if known[1:] else ""}
        item, place = entry["content_id"], _place(entry)
        settled = self.form.settle(fields, "", item)
        if entry["status"] == "rejected":
            settled = "nothing identifies this entry, so that its label counts for no record"
        if isinstance(settled, str):
            self.out.held.append((entry["file"], place, item, f"{person}: {settled}"))
            return
        said = ": ".join(part for part in (label.name, label.word or "no label") if part)
        self.out.known_as[item] = [entry["doi"], entry["title"]]
        yield person, item, {**settled, "cell": place, "file": entry["file"], "said": "; ".join((said, *label.reasons))}

    def _known(self, kind: str, words: Mapping[str, str], word: str, entry: Row) -> str | None:
        """What a word means; empty where it is ignored, None (and noted) where nobody has named it."""
        if folded(word) in words:
            return words[folded(word)]
        if folded(word) in self.ignored:
            return ""
        places = self.unknown[kind, word, entry["file"]]
        if _place(entry) not in places:
            places.append(_place(entry))
        return None


def _place(entry: Row) -> str:
    return f"{'row' if entry['encoding'] == 'workbook' else 'line'} {entry['line_start']}"


# --- into the ledger --------------------------------------------------------------------------------------------------


def event(events: Sequence[Event], stage: str, said: Told, found: Reading) -> dict[str, Any]:
    """The fields of the event that takes these labels (`events` are those of the stage)."""
    before = {at: label for at, label in folder.decisions(list(events)).items() if folder.is_import(at[0])}
    batch = f"{CODES[stage]}-import"
    return {
        "stage": stage,
        "batch": batch,
        "source_digest": digest(said),
        "files": {name: sha for one in said.values() for name, sha in sorted(one["files"].items())},
        "labels": found.labels,
        "held": [list(one) for one in found.held],
        "notes": [*_changed(batch, found, before), *_gone(batch, found, before)],
        "known_as": found.known_as,
    }


def _changed(batch: str, found: Reading, before: Mapping[Said, Fields]) -> Iterator[str]:
    """Answers that stood and are others now: never taken without a word."""
    changed = [
        f"{label['file']}:{label['cell']} ({item}, {person}): `{old['decision']}`, now `{label['decision']}`"
        for person, by_item in sorted(found.labels.items())
        for item, label in sorted(by_item.items())
        if (old := before.get((f"{batch}.{person}", item)))
        and WITHDRAW not in (old["decision"], label["decision"])
        and old["decision"] != label["decision"]
    ]
    if changed:
        told_ = f"{len(changed):,} answers changed" if len(changed) > 1 else "an answer changed"
        yield f"{told_} since exports were last read: {_some(changed)}"


def _gone(batch: str, found: Reading, before: Mapping[Said, Fields]) -> Iterator[str]:
    """Answers that stand, and that no export gives any more."""
    waiting = {item for _, _, item, _ in found.held if item}
    lost: dict[str, list[str]] = defaultdict(list)
    for (sheet, item), label in sorted(before.items()):
        person = sheet.removeprefix(f"{batch}.")
        if label["decision"] != WITHDRAW and item not in {*found.labels.get(person, ()), *waiting}:
            lost[person].append(f"{item} (`{label['decision']}`)")
    for person, answers in lost.items():
        number = f"{len(answers):,} answers" if len(answers) > 1 else "an answer"
        yield (
            f"{number} of {person} that came with exports {'are' if len(answers) > 1 else 'is'} in none any more: "
            f"{_some(answers)}. What was decided stands; to take it back, have the protocol read its label as `withdraw`"
        )


def _some(parts: Sequence[str]) -> str:
    return f"{'; '.join(parts[:SHOWN])}{f'; and {len(parts) - SHOWN:,} more' if len(parts) > SHOWN else ''}"


def problems(stage: str, events: Sequence[Event], said: Told | None) -> list[Row]:
    """What people have to look at: of the version that was taken last, or that the protocol speaks of none any more.

    `said` is None where nobody asked what it says.
    """
    last = latest(events)
    if last is None:
        return []
    if said is not None and not said:
        standing = sum(len(info.items) for info in folder.imported(list(events)).values())
        number = f"{standing:,} answers" if standing > 1 else "an answer"
        what = f"{number} came with exports, of whose labels the protocol does not speak any more; all stands"
        return [_problem(stage, EXPORTS, "", "", what, "nothing")] if standing else []
    rows = [
        _problem(stage, f"{EXPORTS}/{file}", cell, item, what, "row" if cell else "file")
        for file, cell, item, what in last["held"]
    ]
    rows += [_problem(stage, EXPORTS, "", "", what, "nothing") for what in last["notes"]]
    return list({tuple(row.values()): row for row in rows}.values())


def _problem(stage: str, file: str, cell: str, item: str, what: str, waits: str) -> Row:
    return {"stage": stage, "file": file, "sheet": "", "cell": cell, "item": item, "waits": waits, "problem": what}


# --- beside sheets ----------------------------------------------------------------------------------------------------


def _on_sheets(rows: Iterable[Row], known: Mapping[str, str]) -> dict[tuple[str, str, str], list[Row]]:
    """What people answered on sheets, by stage, person and record."""
    found: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if not folder.is_import(row["sheet"]):
            found[_whose(row, known)].append(row)
    return found


def _whose(row: Row, known: Mapping[str, str]) -> tuple[str, str, str]:
    return row["stage"], row["person"], known.get(row["item"], row["item"])


def counting(rows: Iterable[Row], known: Mapping[str, str]) -> list[Row]:
    """The rows without answers of exports on records that the same person has answered, or withdrawn, on a sheet.

    A sheet is where people change what they said; which of the two is older, an export does not tell.
    """
    rows = list(rows)
    on_sheets = _on_sheets(rows, known)
    return [row for row in rows if not folder.is_import(row["sheet"]) or _whose(row, known) not in on_sheets]


def overruled(rows: Iterable[Row], known: Mapping[str, str]) -> list[Row]:
    """What people are told where an export and a sheet of the same person say different things of a record."""
    rows = list(rows)
    on_sheets, out = _on_sheets(rows, known), []
    for row in rows:
        others = on_sheets.get(_whose(row, known), []) if folder.is_import(row["sheet"]) else []
        if others and row["decision"] not in {WITHDRAW, *(other["decision"] for other in others)}:
            other = others[0]
            what = (
                f"{row['person']}'s sheet says `{other['decision']}` of {other['item']} ({row['title'][:80]!r}), an export "
                f"`{row['decision']}`; the sheet counts"
            )
            out.append({**_problem(row["stage"], "", "", row["item"], what, "nothing"), "sheet": other["sheet"]})
    return out
