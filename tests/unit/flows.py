"""Random reviews for the tests of the flow diagram: tables as the stages before it would give them.

A review holds everything that the diagram can count: duplicates, unreadable entries, both arms, records that a declared
stop left unscreened, studies of several reports and, if asked for, a previous version.
"""

import random
from typing import Any

from scoping import named_lines, previous, prisma, prisma_rows
from scoping.dedupe import dedupe
from scoping.prisma import Boxes, boxes, check, terminal_states
from scoping.tables import Row, compact

KINDS = {"scopus": "database", "wos": "database", "trials": "register", "web": "website", "org": "organisation",
         "cited": "citation_searching", "contact": "contact"}  # fmt: skip
ARM = {id_: "databases" if kind in ("database", "register") else "other" for id_, kind in KINDS.items()}
STATES = ("pending", "conflict", "include", "include", "exclude", "unscreened")
REPORTS = ("pending", "conflict", "include", "include", "include", "exclude", "not_retrieved")
REASONS = {"topic": "Wrong topic, or none; see the protocol", "design": "No data", "same": "No; data"}
LINES = [
    {"box": "screened", "label": "From 2020", "column": "year", "values": ["2020"]},
    {"box": "excluded", "label": "For the topic", "column": "reason", "values": ["topic"]},
    {"box": "included_reports", "label": "Articles", "column": "type", "values": ["article-journal"]},
    {"box": "not_retrieved", "label": "By letter", "column": "route", "values": ["letter"]},
]


class Review:
    """A random review: entries, what people said of duplicates, states, receipts, and what came before."""

    def __init__(self, make: Any, seed: int, *, settled: bool = False) -> None:
        self.random = random.Random(seed)
        self.make = make
        self.other = self.random.random() < 0.6
        self.updated = self.random.random() < 0.5
        sources = sorted(id_ for id_ in ARM if self.other or ARM[id_] == "databases")
        entries = [self._entry(number, sources) for number in range(self.random.randint(0, 30))]
        ids = sorted({row["content_id"] for row in entries})
        answers = [
            make.decision("~".join(sorted(self.random.sample(ids, 2))), self.random.choice(["related", "same"]))
            for _ in range(self.random.randint(0, 5))
            if len(ids) > 1
        ]
        self.records, self.entries, _ = dedupe(entries, answers, ARM)
        self.first = [self._state(row, STATES, settled) for row in self.records]
        passed = [row for row, state in zip(self.records, self.first, strict=True) if state["state"] == "include"]
        self.second = [self._state(row, REPORTS, settled) for row in passed]
        self.before = self._before() if self.updated else []
        self.protocol = make.review(
            sources={id_: {"name": f"{id_}, the base", "kind": KINDS[id_], "files": [f"{id_}.ris"]} for id_ in sources},
            criteria={
                "include": [{"id": "I1", "text": "x"}],
                "exclude": [{"id": id_, "label": label, "text": "x"} for id_, label in REASONS.items()],
            },
            report={"lines": LINES, "wording": self.random.choice(["studies", "sources of evidence"])},
            **({"previous": {"citation": "The first version, 2020."}} if self.updated else {}),
        )

    def _entry(self, number: int, sources: list[str]) -> Row:
        source = self.random.choice(sources)
        fields = {"source": source, "file": f"{source}.ris", "number": str(number), "raw": f"raw {number}"}
        fields["year"] = self.random.choice(["2020", "2021"])
        if self.random.random() < 0.1:
            return self.make.entry("", author="", status="rejected", **fields)
        return self.make.entry(f"Evidence in county council {self.random.randint(1, 18)}", **fields)

    def _state(self, row: Row, states: tuple[str, ...], settled: bool) -> Row:
        open_ = ("pending", "conflict") if settled else ()
        state = self.random.choice([state for state in states if state not in open_])
        reason = self.random.choice([*REASONS, ""]) if state == "exclude" else ""
        return self.make.state(
            row["record_id"], state, reason=reason, route="letter" if state == "not_retrieved" else ""
        )

    def _before(self) -> list[Row]:
        """Reports of which some are known here by id, and some are not."""
        some = self.random.sample(self.records, min(len(self.records), 3))
        known = [{"record_id": row["record_id"], "study": f"S{at % 2}"} for at, row in enumerate(some)]
        unknown = [{"record_id": "", "study": f"S{at}"} for at in range(self.random.randint(1, 4))]
        blank = dict.fromkeys(previous.KNOWN, "")
        return [{**blank, **row, "report": f"Report {at}"} for at, row in enumerate([*known, *unknown])]

    @property
    def receipts(self) -> list[Row]:
        """What reading the files found, by the entries themselves."""
        made = []
        for source in sorted({row["source"] for row in self.entries}):
            mine = [row["status"] for row in self.entries if row["source"] == source]
            counts = {status: str(mine.count(status)) for status in ("ok", "warned", "rejected")}
            file = next(row["file"] for row in self.entries if row["source"] == source)
            lines = [int(r["line_start"]) for r in self.entries if (r["source"], r["status"]) == (source, "rejected")]
            made.append({"source": source, "file": file, **counts, "rejected_lines": compact(lines)})
        return made

    @property
    def studies(self) -> list[Row]:
        """The included reports, each with its study."""
        study_of = {row["record_id"]: row["study_id"] for row in self.records}
        included = [row["record_id"] for row in self.second if row["state"] == "include"]
        return [self.make.study(id_, study_of[id_]) for id_ in included]

    def tables(self) -> dict[str, list[Row]]:
        """All that the diagram is made of."""
        return {"entry_records": self.entries, "records": self.records, "title_abstract": self.first,
                "full_text": self.second, "studies": self.studies, "receipts": self.receipts}  # fmt: skip

    def problems(self, **changed: list[Row]) -> list[str]:
        """What is wrong where some tables are others: first the rows, then the sums, as the command has it."""
        given = self.tables() | changed
        wrong = prisma_rows.check(*given.values())
        if wrong:
            return wrong
        return self.count(given)[1]

    def count(self, given: dict[str, list[Row]] | None = None) -> tuple[Boxes, list[str]]:
        """The boxes, and what does not hold."""
        tables = given or self.tables()
        first, second = ({row["record_id"]: row for row in tables[name]} for name in ("title_abstract", "full_text"))
        entries, records = tables["entry_records"], tables["records"]
        found = boxes(entries, records, first, second)
        wrong = check(found, entries, records, terminal_states(entries, first, second))
        if self.before:
            found = found.and_(previous.boxes(self.before, records, found))
            wrong += previous.check(found, self.before, records)
        return found.and_(named_lines.boxes(self.protocol.report.lines, found, records, first, second)), wrong

    def ends(self) -> dict[str, str]:
        """Where each entry ended."""
        first, second = ({row["record_id"]: row for row in rows} for rows in (self.first, self.second))
        return terminal_states(self.entries, first, second)


def ids_of(found: Boxes) -> dict[tuple[str, str], set[str]]:
    """(box, line) -> ids, by way of the table that is written."""
    out: dict[tuple[str, str], set[str]] = {}
    for row in prisma.rows(found):
        out.setdefault((row["box"], row["detail"]), set()).add(row["id"])
    return out
