"""From entries to records: which entries are the same report, and what the record then says."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter

import orjson

from scoping import duplicate_answers, matching, merging
from scoping.duplicate_answers import CONFLICT, SAME, Answers
from scoping.errors import ScopingError
from scoping.groups import Groups, Pair
from scoping.items import split
from scoping.pair_model import Model
from scoping.tables import Row, compact


def orphans(entries: Iterable[Row], decisions: Iterable[Row]) -> list[Row]:
    """Answers about pairs of which no export holds one of the ids any more."""
    ids = {row["content_id"] for row in entries}
    return [row for row in decisions if row["decision"] != "withdraw" and not set(split(row["item"]).ids) <= ids]


def _check_collisions(entries: Iterable[Row]) -> None:
    identities: dict[str, str] = {}
    for row in entries:
        if identities.setdefault(row["content_id"], row["identity"]) != row["identity"]:
            raise ScopingError(
                f"two different items have the id {row['content_id']}: {row['title']!r}",
                path=f"data/raw/exports/{row['file']}",
                at=row["line_start"],
                do="this happens once in some thousand billion items; please report it",
            )


def _numbered(entries: Iterable[Row]) -> list[tuple[str, Row]]:
    """(entry id, entry) in order of the ids. Repeats are numbered by what they say, not by where they stood."""
    seen: dict[tuple[str, str], int] = defaultdict(int)
    out = []
    ordered = sorted(entries, key=itemgetter("content_id", "source", *merging.FIELDS, "raw", "file", "number"))
    for row in ordered:
        at = (row["content_id"], row["source"])
        seen[at] += 1
        out.append((f"{row['content_id']}-{row['source']}-{seen[at]}", row))
    return out


def _preference(arm: Mapping[str, str], entry: tuple[str, Row]) -> tuple[object, ...]:
    """Which entry speaks for a record: one from a database, with an abstract and a DOI, then by id."""
    entry_id, row = entry
    return (arm[row["source"]] != "databases", not row["abstract"], not row["doi"], entry_id)


def _record(arm: Mapping[str, str], members: list[tuple[str, Row]]) -> Row:
    """The record of some entries: known by its representative, each field from the entry that says it best."""
    ordered = sorted(members, key=lambda entry: _preference(arm, entry)) if len(members) > 1 else members
    rows = [row for _, row in ordered]
    return {
        **merging.merged(ordered),
        "record_id": rows[0]["content_id"],
        "study_id": "",
        "arm": min([arm[row["source"]] for row in rows]),
        "sources": merging.all_of(rows, "source"),
        "entry_ids": compact(sorted([entry_id for entry_id, _ in members])),
        "content_ids": merging.all_of(rows, "content_id"),
        "accessions": merging.all_of(rows, "accession"),
        "retracted": "",
        "flags": "[]",
    }


def fields(records: Sequence[Row], entries: Iterable[Row]) -> list[Row]:
    """Rows of the table of fields in which the entries of a record differ."""
    row_of = dict(_numbered(entries))
    found = ([(id_, row_of[id_]) for id_ in orjson.loads(row["entry_ids"])] for row in records)
    return [line for record, of in zip(records, found, strict=True) for line in merging.differing(record, of)]


def _studies(records: list[Row], record_of: Mapping[str, str], answers: Answers) -> None:
    """Give each record its study: reports that a person called related are one study."""
    related = [(record_of[a], record_of[b]) for a, b in answers.pairs("related") if a in record_of and b in record_of]
    groups = Groups(id_ for pair in related for id_ in pair)
    for a, b in related:
        groups.join(a, b)
    for row in records:
        row["study_id"] = groups.find(row["record_id"]) if row["record_id"] in groups.root else row["record_id"]


def dedupe(
    entries: list[Row],
    decisions: list[Row],
    arm: Mapping[str, str],
    model: Model | None = None,
    compared: matching.Compared | None = None,
) -> tuple[list[Row], list[Row], list[Row]]:
    """(records, entry_records, duplicate_pairs) of all entries and what people said of pairs.

    `arm` gives the arm of the flow diagram (databases, other) of each source. An answer of a person binds: `same`
    joins, `different` and `related` keep apart, for ever, also when searches are added; answers that contradict each
    other keep apart until they are settled. Where something speaks against two entries being the same, no third entry
    joins them: a person is asked. `model` stands in for that of the package, `compared` is what `matching.compared` gives
    of the entries that are not rejected.
    """
    _check_collisions(entries)
    numbered = _numbered(entries)
    whole = [(entry_id, row) for entry_id, row in numbered if row["status"] != "rejected"]
    ids = sorted({row["content_id"] for _, row in whole})
    answers = duplicate_answers.standing(decisions)
    found = matching.matches(compared or matching.compared(row for _, row in whole), model)
    groups = Groups(ids, answers.kept_apart)
    for a, b in answers.pairs(SAME):
        if a in groups.root and b in groups.root:
            groups.join(a, b)
    groups.keep_apart((m.a, m.b) for m in found if m.against and (m.a, m.b) not in answers.of)
    surest = sorted((m for m in found if m.band == "same"), key=lambda m: (-m.chance, m.a, m.b))
    by_people = len(groups.joins)
    torn = {(m.a, m.b) for m in surest if not groups.join(m.a, m.b)}
    members: dict[str, list[tuple[str, Row]]] = defaultdict(list)
    for entry in whole:
        members[groups.find(entry[1]["content_id"])].append(entry)
    records = [_record(arm, group) for _, group in sorted(members.items())]
    record_of = {id_: row["record_id"] for row in records for id_ in orjson.loads(row["content_ids"])}
    _studies(records, record_of, answers)
    return (
        records,
        _entry_records(numbered, record_of, arm),
        _pairs(found, answers, groups, torn, set(groups.joins[by_people:])),
    )


def _entry_records(numbered: list[tuple[str, Row]], record_of: Mapping[str, str], arm: Mapping[str, str]) -> list[Row]:
    """One row an entry: the first entry of its record counts as the record, the others as duplicates."""
    first: dict[str, str] = {}
    by_record: dict[str, list[tuple[str, Row]]] = defaultdict(list)
    for entry in numbered:
        if entry[1]["status"] != "rejected":
            by_record[record_of[entry[1]["content_id"]]].append(entry)
    for record_id, group in by_record.items():
        first[record_id] = min(group, key=lambda entry: _preference(arm, entry))[0] if group[1:] else group[0][0]
    out = []
    for entry_id, row in numbered:
        record_id = "" if row["status"] == "rejected" else record_of[row["content_id"]]
        role = "rejected" if not record_id else "record" if first[record_id] == entry_id else "duplicate"
        out.append(
            {
                "entry_id": entry_id,
                "content_id": row["content_id"],
                "source": row["source"],
                "arm": arm[row["source"]],
                "file": row["file"],
                "line_start": row["line_start"],
                "status": row["status"],
                "record_id": record_id,
                "role": role,
            }
        )
    return out


def _pairs(
    found: list[matching.Match], answers: Answers, groups: Groups, torn: set[Pair], joins: set[Pair]
) -> list[Row]:
    """Every match and every answer; `open` marks one pair for each two groups that nobody has told apart yet.

    `torn` are those of band same that stay apart all the same, `joins` those that made one group of two. Where answers contradict each other, their pairs are open: their records wait until that is settled.
    """
    rows = []
    by_pair = {(match.a, match.b): match for match in found}
    here = [pair for pair in sorted(answers.of) if set(pair) <= groups.root.keys()]

    def between(pair: Pair) -> Pair:
        a, b = sorted(map(groups.find, pair))
        return a, b

    settled = {between(pair) for pair in here if answers.of[pair].answer in duplicate_answers.APART}
    asked = {between(pair) for pair in here if answers.of[pair].answer == CONFLICT}
    for pair in sorted({*by_pair, *here}):
        match, said = by_pair.get(pair), answers.of.get(pair)
        ends = between(pair)
        is_open = said.answer == CONFLICT if said else False
        if match and not said and (match.band == "ask" or pair in torn):
            is_open = ends[0] != ends[1] and ends not in settled and ends not in asked
        if is_open:
            asked.add(ends)
        rows.append(
            {
                "a": pair[0],
                "b": pair[1],
                "band": match.band if match else "ask",
                "why": match.why if match else "a person said so",
                "chance": f"{match.likely:.3f}" if match else "",
                "against": "yes" if match and match.against else "",
                "by": "" if not match or match.band != "same" else "rule" if match.chance == 1 else "model",
                "joins": "yes" if pair in joins else "",
                "answer": said.answer if said else "",
                "person": said.person if said else "",
                "open": "yes" if is_open else "",
            }
        )
    return rows
