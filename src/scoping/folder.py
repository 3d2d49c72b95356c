"""The folder people work in, seen against the ledger: what is new, what may be accepted, what is lost.

`key` is what makes Snakemake right. It must have the same value before and after the run that it triggers, so it is
made of what the ledger WILL hold, never of what it holds now. One folder and one key a stage.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scoping import files, items, ledger
from scoping.identity import folded
from scoping.ledger import Event

UNREADABLE = "unreadable"
LOCKS = ("~$", ".", "__MACOSX")  # lock files of Excel and LibreOffice, temporary and hidden files
WITHDRAW = "withdraw"
SHOWN = 10  # changed answers that a note names
LONGEST_SIGN = 2000  # letters of a text that are looked at for whose row it stands in

Fields = dict[str, str]  # a label: `decision` and what the stage asks beside it, and the `cell` it was read from
Said = tuple[str, str]  # (sheet, item)


@dataclass(frozen=True)
class SheetInfo:
    """A sheet as it was issued."""

    sheet: str
    stage: str
    batch: str
    purpose: str
    role: str
    person: str
    file: str
    sha256: str
    items: tuple[str, ...]
    covers: Mapping[str, list[str]]
    known_as: Mapping[str, list[str]]
    shares: Mapping[str, float] = field(default_factory=dict)  # of everybody in the team when it was issued
    version: int = 1  # of the codebook it was issued under
    asked: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # code -> what the sheet asks of it
    suggested: Mapping[str, list[Any]] = field(default_factory=dict)  # item -> what was suggested, see `offers`


@dataclass
class Version:
    """What one unread file says. `doubts` hold the whole file back, `held` single rows; each is (cell, item, what).

    `shown` gives item, cell of the key and other texts of every row; `missing` the fields that have no column.
    """

    sheet: str = ""
    rows: set[str] = field(default_factory=set)
    labels: dict[str, Fields] = field(default_factory=dict)
    held: list[tuple[str, str, str]] = field(default_factory=list)
    doubts: list[tuple[str, str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    shown: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)
    missing: set[str] = field(default_factory=set)


def of_stage(events: list[Event], stage: str) -> list[Event]:
    """The events of one stage, in order."""
    return [event for event in events if event["stage"] == stage]


def hashes(folder: Path) -> dict[str, str]:
    """Name -> SHA-256 of every file that lies there now, whoever put it there."""
    found = {}
    for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
        parts = path.relative_to(folder).parts
        if any(part.startswith(LOCKS) for part in parts) or not path.is_file():
            continue
        try:
            found["/".join(parts)] = files.sha256(path.read_bytes())
        except OSError:
            found["/".join(parts)] = UNREADABLE
    return found


def issued(events: list[Event]) -> dict[str, SheetInfo]:
    """Sheet -> what was issued."""
    return {
        f"{event['batch']}.{sheet['person']}": SheetInfo(
            sheet=f"{event['batch']}.{sheet['person']}",
            stage=event["stage"],
            batch=event["batch"],
            purpose=event["purpose"],
            role=event["role"],
            person=sheet["person"],
            file=sheet["file"],
            sha256=sheet["sha256"],
            items=tuple(sheet.get("items", event["items"])),
            covers=event["covers"],
            known_as=event["known_as"],
            shares=event.get("shares", {}),
            version=event.get("version", 1),
            asked=event.get("asked", {}),
            suggested=event.get("suggested", {}),
        )
        for event in events
        if event["kind"] == "issued"
        for sheet in event["sheets"]
    }


def imported(events: list[Event]) -> dict[str, SheetInfo]:
    """The answers of each person that came with exports, as if they stood on a sheet: its items are those that stand.

    No file is such a sheet, so nobody waits for it, and it is never lost.
    """
    known_as: dict[str, list[str]] = {}
    whose: dict[str, tuple[Event, str]] = {}
    for event in events:
        if event["kind"] == "imported":
            known_as |= event["known_as"]
            whose |= {f"{event['batch']}.{person}": (event, person) for person in event["labels"]}
    stand = decisions(events) if whose else {}
    return {
        sheet: SheetInfo(
            sheet=sheet,
            stage=event["stage"],
            batch=event["batch"],
            purpose="import",
            role="screen",
            person=person,
            file="",
            sha256="",
            items=tuple(
                sorted(item for (on, item), label in stand.items() if on == sheet and label["decision"] != WITHDRAW)
            ),
            covers={},
            known_as=known_as,
        )
        for sheet, (event, person) in whose.items()
    }


def is_import(sheet: str) -> bool:
    """Whether the answers of a sheet came with exports."""
    return sheet.partition(".")[0].endswith("-import")


def asked(events: list[Event]) -> dict[str, Mapping[str, Mapping[str, Any]]]:
    """Sheet -> code -> what it asks."""
    return {sheet: info.asked for sheet, info in issued(events).items()}


def pristine(events: list[Event]) -> set[str]:
    """SHA-256 of every sheet as it was issued."""
    return {sheet["sha256"] for event in events if event["kind"] == "issued" for sheet in event["sheets"]}


def accepted(events: list[Event]) -> dict[str, Event]:
    """SHA-256 of every version that was read -> its event."""
    return {event["sha256"]: event for event in events if event["kind"] == "read"}


def decisions(events: list[Event]) -> dict[Said, Fields]:
    """The replay: a later label of a sheet replaces an earlier one; nothing else ever removes one."""
    now: dict[Said, Fields] = {}
    for event in events:
        for sheet, labels in said(event):
            for item, label in labels.items():
                now[sheet, item] = label
    return now


def said(event: Event) -> Iterator[tuple[str, dict[str, Fields]]]:
    """(sheet, its labels by item) of an event that brought answers: one sheet was read, or exports gave several."""
    if event["kind"] == "read":
        yield event["sheet"], event["labels"]
    elif event["kind"] == "imported":
        for person, labels in event["labels"].items():
            yield f"{event['batch']}.{person}", labels


def answered(events: list[Event]) -> set[Said]:
    """(sheet, item) with an answer that stands."""
    return {at for at, label in decisions(events).items() if label["decision"] != WITHDRAW}


def independent(events: list[Event]) -> dict[Said, Fields]:
    """Screeners' answers as they stood when the last of them first answered the item: before any reconciliation.

    What somebody changes later may be a correction or the result of a talk; agreement is computed without it. What was
    asked again under another version of the codebook is a question of its own.
    """
    sheets = issued(events) | imported(events)
    screens = {sheet: info.version for sheet, info in sheets.items() if info.role == "screen"}
    reads = [(at, *one) for at, event in enumerate(events) for one in said(event) if one[0] in screens]
    first: dict[Said, int] = {}
    for at, sheet, labels in reads:
        for item, label in labels.items():
            if label["decision"] != WITHDRAW:
                first.setdefault((sheet, item), at)
    last: dict[tuple[int, str], int] = {}
    for (sheet, item), at in first.items():
        question = (screens[sheet], item)
        last[question] = max(at, last.get(question, 0))
    now: dict[Said, Fields] = {}
    for at, sheet, labels in reads:
        now |= {(sheet, item): label for item, label in labels.items() if at <= last.get((screens[sheet], item), -1)}
    return {at: label for at, label in now.items() if label["decision"] != WITHDRAW}


def lost(events: list[Event], present: Mapping[str, str]) -> dict[str, str]:
    """Unfinished sheets of which no version lies in the folder -> the version to put back (last read, else pristine).

    Files that nobody has read yet may be one of them: then nothing counts as lost.
    """
    known, done = accepted(events), answered(events)
    here = set(present.values())
    if here - pristine(events) - set(known):
        return {}
    out = {}
    for sheet, info in issued(events).items():
        versions = [info.sha256, *(digest for digest, event in known.items() if event["sheet"] == sheet)]
        unfinished = any((sheet, item) not in done for item in info.items)
        if unfinished and info.file not in present and not here & set(versions):
            out[sheet] = versions[-1]
    return out


def hidden(events: list[Event], present: Mapping[str, str]) -> list[str]:
    """Files that cannot be opened now, where sheets are missing that they may be: nobody can say what is lost."""
    closed = [name for name, digest in present.items() if digest == UNREADABLE]
    others = {name: digest for name, digest in present.items() if name not in closed}
    sheets = issued(events)
    return closed if any(sheets[sheet].file not in present for sheet in lost(events, others)) else []


def missed(before: list[Event], after: list[Event], present: Mapping[str, str]) -> dict[str, str]:
    """Lost sheets that no key could foresee: only what was read between `before` and `after` shows that they are lost.

    They go into an event `missed`, so that laying them out again does not change the key either.
    """
    seen = lost(before, present)
    return {sheet: digest for sheet, digest in lost(after, present).items() if sheet not in seen}


def key(events: list[Event], present: Mapping[str, str]) -> str:
    """Changes exactly when collect or issue have something to do, and not by their having done it."""
    fresh, sheets = pristine(events), issued(events)
    missing = lost(events, present)
    unseen = [at for event in events if event["kind"] == "missed" for at in event["sheets"].items()]
    restores = Counter(event["sheet"] for event in events if event["kind"] == "restored")
    restores.update(missing.keys())
    restores.subtract(sheet for sheet, _ in unseen)
    due = [(sheets[sheet].file, digest) for sheet, digest in missing.items()]
    found = {at for at in (*present.items(), *due) if at[1] not in fresh}
    known = sorted({*accepted(events), *(digest for _, digest in found)})
    found ^= {(sheets[sheet].file, digest) for sheet, digest in unseen if digest not in fresh}
    counted = {sheet: count for sheet, count in restores.items() if count}
    return files.sha256(ledger.canonical({"files": sorted(found), "known": known, "restores": counted}))[:16]


def _check_rows(version: Version, sheets: Mapping[str, SheetInfo]) -> None:
    """Hold a file whose sheet or rows we never issued."""
    if not version.sheet:
        version.doubts = version.doubts or [("", "", "no row of a sheet of this review is in it; take the file away")]
        return
    if version.sheet not in sheets:
        version.doubts.append(("", "", f"sheet {version.sheet} was never issued in this review; take the file away"))
        return
    strangers = version.rows - set(sheets[version.sheet].items)
    version.doubts += [("", item, f"{item} was not issued on this sheet; remove the row") for item in sorted(strangers)]
    version.doubts += _astray(version, sheets[version.sheet])


def _signs(item: str, info: SheetInfo) -> set[str]:
    """What shows whose row it is: the code where rows are codes, else the title, or the titles of a pair."""
    of = items.split(item)
    titles = (info.known_as.get(id_, ["", ""])[1] for id_ in of.ids)
    return {of.code} if of.code else {folded(title[:LONGEST_SIGN]) for title in titles} - {""}


def _astray(version: Version, info: SheetInfo) -> list[tuple[str, str, str]]:
    """Keys beside what belongs to another row: keys or titles were sorted or moved, and answers are not to be trusted.

    Only what shows another row counts, and only where nothing shows the right one: people may delete what they read.
    """
    whose: dict[str, str] = {}
    for item in info.items:
        for sign in _signs(item, info):
            whose.setdefault(sign, items.split(item).code or item)
    out = []
    for item, cell, texts in version.shown:
        own = _signs(item, info)
        seen = {sign for text in texts for sign in _read_as_signs(text, code=bool(items.split(item).code))}
        if own and not own & seen and (other := min((whose[sign] for sign in seen if sign in whose), default="")):
            what = f"this is the key of {item}, but beside it stands what belongs to {other}: was a column sorted or moved?"
            out.append((cell, item, what))
    return out


def _read_as_signs(text: str, *, code: bool) -> set[str]:
    """What a text in a row may be the sign of: its first word as a code, all of it or its first line as a title."""
    text = text[:LONGEST_SIGN].strip()
    return {(text.split() or [""])[0]} if code else {folded(text), folded(text.split("\n")[0])}


def _answer(label: Fields) -> Fields:
    return {name: value for name, value in label.items() if name != "cell"}


def judge(
    events: list[Event], present: Mapping[str, str], unread: Mapping[str, Version]
) -> tuple[list[str], list[tuple[str, Version]]]:
    """Which unread files to accept (names, in an order that only their bytes decide), and which have to wait.

    `events` are those of the stage, `present` all files by name and hash, `unread` what the new ones say. The answer
    depends on the set of files and on the ledger, not on names, dates, order or the number of runs: all copies of a
    sheet that lie in the folder must agree, and a label that was there must still be there in one of them.
    """
    known, sheets, before = accepted(events), issued(events), decisions(events)
    said: dict[Said, list[tuple[Fields, str]]] = {}
    for name, digest in sorted(present.items()):
        if name in unread:
            _check_rows(unread[name], sheets)
            sheet, labels = unread[name].sheet, unread[name].labels
        elif digest in known:
            sheet, labels = known[digest]["sheet"], known[digest]["labels"]
        else:
            continue
        for item, label in labels.items():
            said.setdefault((sheet, item), []).append((_answer(label), name))
    for name, version in unread.items():
        for item in sorted(sheets[version.sheet].items if version.sheet in sheets else ()):
            _compare(name, version, item, said.get((version.sheet, item), []), before.get((version.sheet, item)))
        _tell_changes(version, before)
    accept = sorted((name for name, v in unread.items() if v.sheet and not v.doubts), key=lambda name: present[name])
    return accept, [(name, version) for name, version in sorted(unread.items()) if version.doubts]


def _compare(name: str, version: Version, item: str, answers: list[tuple[Fields, str]], before: Fields | None) -> None:
    """Add a doubt where copies disagree, hold the row where a label that stood is gone."""
    mine = version.labels.get(item)
    if mine is not None:
        here = _answer(mine)
        for other, where in answers:
            if where != name and other != here:
                differs = next(field for field in sorted({*other, *here}) if other.get(field) != here.get(field))
                what = (
                    f"{differs} is `{here.get(differs, '')}` here, but `{other.get(differs, '')}` in {where}; "
                    "take the outdated file out of the folder"
                )
                version.doubts.append((mine["cell"], item, what))
        _keep_missing(version, item, before)
        return
    waiting = any(held_item == item for _, held_item, _ in version.held)
    if not answers and not waiting and before is not None and before["decision"] != WITHDRAW:
        what = f"was `{before['decision']}`, is now blank; restore it or write `{WITHDRAW}`"
        version.held.append(("", item, what))


def _tell_changes(version: Version, before: Mapping[Said, Fields]) -> None:
    """A note on answers that stood and are others now: meant, most likely, but never taken without a word."""
    changed = [
        f"{label['cell']} ({item}): `{old['decision']}`, now `{label['decision']}`"
        for item, label in version.labels.items()
        if (old := before.get((version.sheet, item)))
        and WITHDRAW not in (old["decision"], label["decision"])
        and old["decision"] != label["decision"]
    ]
    if changed:
        more = f", and {len(changed) - SHOWN:,} more" if len(changed) > SHOWN else ""
        told = f"{len(changed):,} answers changed" if len(changed) > 1 else "an answer changed"
        version.notes.append(f"{told} since the sheet was last read: {'; '.join(changed[:SHOWN])}{more}")


def _keep_missing(version: Version, item: str, before: Fields | None) -> None:
    """Hold a row whose answer would lose what stood in a column that is gone: nobody took that back."""
    gone = [name for name in sorted(version.missing) if before and before.get(name)]
    if before and gone:
        cell = version.labels.pop(item)["cell"]
        were = " and ".join(f"{name} was `{before[name]}`" for name in gone)
        version.held.append((cell, item, f"{were}, and that column is gone from the sheet; restore it"))
