"""Random reviews for the tests of the flow diagram: entries and the events of a ledger, led through the stages.

A review holds everything that the diagram can count: duplicates (also such as are found when their entries were answered
apart), unreadable entries, both arms, screening by title or not, conflicts, open adjudications, records that a declared
stop left unscreened, studies of several reports and, now and then, a previous version.
"""

import importlib.util
import random
from pathlib import Path
from typing import Any

from scoping import late_duplicates, link_studies, named_lines, previous, prisma, prisma_rows, record_ids, study_answers
from scoping.dedupe import dedupe
from scoping.prisma import Boxes, boxes, check, terminal_states
from scoping.studies import placed
from scoping.tables import Row, compact

_spec = importlib.util.spec_from_file_location("streams", Path(__file__).with_name("streams.py"))
assert _spec is not None
assert _spec.loader is not None
streams = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(streams)

KINDS = {"scopus": "database", "wos": "database", "trials": "register", "web": "website", "org": "organisation",
         "cited": "citation_searching", "contact": "contact"}  # fmt: skip
ARM = {id_: "databases" if kind in ("database", "register") else "other" for id_, kind in KINDS.items()}
REASONS = {"topic": "Wrong topic, or none; see the protocol", "design": "No data", "same": "No; data"}
REASONS |= {f"more{k}": f"Reason {k}" for k in range(1, 5)}
MOST = 4  # lines of reasons in a box
LINES = [
    {"box": "title_excluded", "label": "By title for the topic", "column": "reason", "values": ["topic"]},
    {"box": "screened", "label": "From 2020", "column": "year", "values": ["2020"]},
    {"box": "excluded", "label": "For the topic", "column": "reason", "values": ["topic"]},
    {"box": "included_reports", "label": "Articles", "column": "type", "values": ["article-journal"]},
    {"box": "not_retrieved", "label": "By letter", "column": "route", "values": ["letter"]},
]


class Review:
    """A random review: entries, events of people's work, what follows from them, receipts, and what came before.

    `settled`: nothing is left to do, and nothing was left out.
    """

    def __init__(self, make: Any, seed: int, *, settled: bool = False) -> None:
        self.random = random.Random(seed)
        self.make = make
        self.other = self.random.random() < 0.6
        self.updated = self.random.random() < 0.5
        self.titled = self.random.random() < 0.4
        sources = sorted(id_ for id_ in ARM if self.other or ARM[id_] == "databases")
        entries = [self._entry(number, sources) for number in range(self.random.randint(0, 30))]
        self.protocol = self._protocol(sources)
        ids = sorted({row["content_id"] for row in entries})
        answers = [
            make.decision("~".join(sorted(self.random.sample(ids, 2))), self.random.choice(["related", "same"]))
            for _ in range(self.random.randint(0, 5))
            if len(ids) > 1
        ]
        before, _, _ = dedupe(entries, answers[:2], ARM)  # people screen while some duplicates are not told yet
        records, self.entries, _ = dedupe(entries, answers, ARM)
        self.stages: dict[str, Any] = {}
        everything = [row["record_id"] for row in records]
        self.title = self._screened("title", before, records, everything, settled=settled) if self.titled else None
        first = everything if self.title is None else streams.passed(self.title)
        self.first = self._screened("title_abstract", before, records, first, settled=settled)
        self.second = self._screened(
            "full_text", records, records, streams.passed(self.first), settled=settled, stop=False
        )
        self.studies = self._studies(records)
        self.records = placed(records, self.studies)
        self.before = self._before() if self.updated else []

    def _protocol(self, sources: list[str]) -> Any:
        def stage(**more: str) -> dict[str, Any]:
            mode = self.random.choice(["single", "dual", "dual", "dual-with-sample"])
            return {"mode": mode, "people": ["anna", "ben"], "adjudicator": "carl", **more}

        by = {"unsure": self.random.choice(["conflict", "include"])}
        stages = {
            "duplicates": {"people": ["anna"]}, "title_abstract": stage(**by), "full_text": stage(), "coding": stage(),
        }  # fmt: skip
        return self.make.review(
            sources={id_: {"name": f"{id_}, the base", "kind": KINDS[id_], "files": [f"{id_}.ris"]} for id_ in sources},
            criteria={
                "include": [{"id": "I1", "text": "x"}],
                "exclude": [{"id": id_, "label": label, "text": "x"} for id_, label in REASONS.items()],
            },
            report={
                "lines": [line for line in LINES if self.titled or not line["box"].startswith("title_")],
                "wording": self.random.choice(["studies", "sources of evidence"]),
                "reasons": MOST,
            },
            stages=stages | ({"title": stage(**by)} if self.titled else {}),
            **({"previous": {"citation": "The first version, 2020."}} if self.updated else {}),
        )

    def _screened(
        self, name: str, before: list[Row], records: list[Row], universe: list[str], *, settled: bool, stop: bool = True
    ) -> list[Row]:  # fmt: skip
        """The states of a stage after its events; `before` are the records as they were when sheets were issued."""
        stage = streams.Stage(self.random, self.make, name, self.protocol, tuple(REASONS))
        self.stages[name] = stage
        known = record_ids.aliases(records)
        asked = [row["record_id"] for row in before if known[row["record_id"]] in universe]
        asked = [id_ for id_ in asked if self.random.random() < 0.9]
        share = self.random.choice((0.3, 0.9, 1.0, 1.0, 1.0))
        stage.screen(before, asked, share)
        if self.random.random() < 0.3:
            stage.adjudicate(stage.states(before, asked), share)
        if self.random.random() < 0.7:
            stage.adjudicate(stage.states(records, universe), share)
        if settled:
            stage.adjudicate(stage.states(records, universe), 1.0, final=True)
        states = stage.states(records, universe)
        return streams.stopped(self.random, states) if stop and self.random.random() < 0.4 and not settled else states

    def _studies(self, records: list[Row]) -> list[Row]:
        """The included reports, each with its study: by answers about duplicates, and by some about studies."""
        included = streams.passed(self.second)
        pairs = [sorted(self.random.sample(included, 2)) for _ in range(2) if len(included) > 2]
        said = [
            self.make.decision("~".join(pair), "same_study", stage="studies", sheet=f"st{at}.anna")
            for at, pair in enumerate(pairs)
        ]
        known, _ = record_ids.known_ids(records, said)
        return link_studies.studies(records, included, study_answers.read(said, known), {}, ask=False)[0]

    def _entry(self, number: int, sources: list[str]) -> Row:
        source = self.random.choice(sources)
        fields = {"source": source, "file": f"{source}.ris", "number": str(number), "raw": f"raw {number}"}
        fields["year"] = self.random.choice(["2020", "2021"])
        if self.random.random() < 0.1:
            return self.make.entry("", author="", status="rejected", **fields)
        return self.make.entry(f"Evidence in county council {self.random.randint(1, 18)}", **fields)

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

    def tables(self) -> dict[str, list[Row]]:
        """All that the diagram is made of."""
        found = {"entry_records": self.entries, "records": self.records, "title_abstract": self.first,
                 "full_text": self.second, "studies": self.studies, "receipts": self.receipts}  # fmt: skip
        return found if self.title is None else {**found, "title": self.title}

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
        first, second = (record_ids.by_id(tables[name]) for name in ("title_abstract", "full_text"))
        title = record_ids.by_id(tables["title"]) if "title" in tables else None
        entries, records = tables["entry_records"], tables["records"]
        found = boxes(entries, records, first, second, title)
        wrong = check(found, entries, records, terminal_states(entries, first, second, title))
        if self.before:
            found = found.and_(previous.boxes(self.before, records, found))
            wrong += previous.check(found, self.before, records)
        stages = [tables[name] for name in ("title", "title_abstract", "full_text") if name in tables]
        found = found.and_(late_duplicates.box(late_duplicates.found(entries, stages)))
        wrong += late_duplicates.check(found)
        return found.and_(named_lines.boxes(self.protocol.report.lines, found, records, first, second, title)), wrong

    def ends(self) -> dict[str, str]:
        """Where each entry ended."""
        first, second = record_ids.by_id(self.first), record_ids.by_id(self.second)
        title = None if self.title is None else record_ids.by_id(self.title)
        return terminal_states(self.entries, first, second, title)


def ids_of(found: Boxes) -> dict[tuple[str, str], set[str]]:
    """(box, line) -> ids, by way of the table that is written."""
    out: dict[tuple[str, str], set[str]] = {}
    for row in prisma.rows(found):
        out.setdefault((row["box"], row["detail"]), set()).add(row["id"])
    return out
