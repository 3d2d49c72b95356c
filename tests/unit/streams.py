"""Random events of a screening stage, as a ledger holds them, and the states that follow from them.

Sheets are issued to one person, to two or to three, under any id of a record; they are read in several versions, in which
people answer, leave blank, change and withdraw; conflicts are adjudicated, or not yet. States come from the replay alone.
"""

import json
import random
from typing import Any

from scoping import collect, record_ids, resolve
from scoping.ledger import Event
from scoping.tables import Row
from scoping.votes import needed

PEOPLE = ("anna", "ben", "dora")
ADJUDICATOR = "carl"
ANSWERS = (*["include"] * 10, *["exclude"] * 4, "unsure", "withdraw")
RETRIEVAL = (*["include"] * 9, *["exclude"] * 4, "not_retrieved", "unsure", "withdraw")


class Stage:
    """One stage of a review: its events, and what they mean for the records of now."""

    def __init__(self, rng: random.Random, make: Any, stage: str, review: Any, reasons: tuple[str, ...]) -> None:
        self.rng, self.make, self.stage, self.reasons = rng, make, stage, reasons
        self.section, self.seed = getattr(review.stages, stage), review.seed
        self.events: list[Event] = []

    def screen(self, records: list[Row], universe: list[str], share: float) -> None:
        """Batches of these records, read in no, one or two versions each; `share` of the rows are answered."""
        ids = {row["record_id"]: json.loads(row["content_ids"]) for row in records}
        todo = self.rng.sample(universe, len(universe))
        while todo:
            size = self.rng.randint(1, 8)
            items = [self.rng.choice(ids[record_id]) for record_id in todo[:size]]
            team = self.rng.sample(PEOPLE, self.rng.choice((1, 2, 2, 2, 3)))
            self._batch(items, team, "screen", {}, share)
            todo = todo[size:]

    def adjudicate(self, states: list[Row], share: float, *, final: bool = False) -> None:
        """Conflicts are put before the adjudicator; if `final`, also what is pending, and no answer is left open."""
        wanted = ("conflict", "pending") if final else ("conflict",)
        torn = {row["record_id"]: json.loads(row["decided_ids"]) for row in states if row["state"] in wanted}
        if torn:
            self._batch(list(torn), [ADJUDICATOR], "adjudicate", torn, share, final=final)

    def _batch(
        self, items: list[str], team: list[str], role: str, covers: dict[str, list[str]], share: float, *, final: bool = False
    ) -> None:  # fmt: skip
        batch = f"{self.stage}{len(self.events):03}"
        known_as = {item: ["", ""] for item in items}
        self.events.append(
            self.make.issued(batch, team, items, stage=self.stage, role=role, covers=covers, known_as=known_as)
        )
        for person in team:
            for version in range(1 if final else self.rng.choice((0, *[1] * 7, 2))):
                labels = {item: self._label(final=final) for item in items if self.rng.random() < share}
                event = self.make.read(f"{batch}.{person}", {}, f"{batch}{person}{version}", stage=self.stage)
                self.events.append({**event, "labels": labels})

    def _label(self, *, final: bool) -> dict[str, str]:
        answer = self.rng.choice(RETRIEVAL if self.stage == "full_text" else ANSWERS)
        if final and answer in ("unsure", "withdraw"):
            answer = "exclude"
        label = {"decision": answer, "cell": "Screening!B2"}
        if answer == "exclude" and (self.stage == "full_text" or self.rng.random() < 0.5):
            label["reason"] = self.rng.choice(self.reasons)
        if answer == "not_retrieved":
            label |= {"route": "letter", "date": "2026-02-20"}
        return label

    def states(self, records: list[Row], universe: list[str]) -> list[Row]:
        """By replay of the events, as `scoping collect` and `scoping resolve` have it; no answer may belong to nobody."""
        decisions = collect.decision_rows(self.events)
        rules = resolve.Rules(
            votes=needed(self.stage, self.section, records, self.seed),
            unsure_includes=getattr(self.section, "unsure", "conflict") == "include",
            reasons=self.reasons,
        )
        found, orphans = resolve.screening(records, decisions, universe, rules)
        assert not orphans
        return found


def stopped(rng: random.Random, states: list[Row]) -> list[Row]:
    """After a declared stop: what nobody has answered stays unscreened."""
    return [
        {**row, "state": "unscreened"}
        if row["state"] == "pending" and row["answers"] == "0" and rng.random() < 0.8
        else row
        for row in states
    ]


def passed(states: list[Row]) -> list[str]:
    return record_ids.included(states)
