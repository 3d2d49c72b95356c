"""Suggestions for the cells of included reports: what indicators and a model of the code point to, best first.

A suggestion never sets a value. Reports without a text have none; a code of which nothing is found has one row with rank
0 that says what was searched.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from scoping import suggest, suggest_model, training
from scoping.codebook import Code
from scoping.suggest import MOST, Passage, Report, Suggestion
from scoping.suggest_model import Model, Opinion
from scoping.tables import Row
from scoping.training import Lesson

INDICATORS, MODEL, BOTH = "indicators", "model", "both"
UNSEARCHED = "not searched: the codebook has no indicators for it, and too little is coded to learn from"
_SURE = {"high": 0, "medium": 1, "low": 2}
_EMPTY = dict.fromkeys(("file", "page", "start", "end", "quote", "why", "source", "confidence", "probability"), "")


class Page(Protocol):
    """A page of a stored text, see `scoping.texts`."""

    @property
    def file(self) -> str:
        """File within data/raw/fulltext."""

    @property
    def number(self) -> int:
        """Page of the file, from 1."""


@dataclass(frozen=True)
class _Taught:
    """The models of one code (see `training.models`), and the studies in which it is settled."""

    models: Mapping[int | None, Model]
    studies: frozenset[str]

    def of(self, study_id: str, seed: int) -> Model | None:
        """The model that has learnt nothing from a study."""
        return self.models.get(training.fold(study_id, seed) if study_id in self.studies else None)


def rows(
    cells: Sequence[Row], codes: Sequence[Code], texts: Mapping[str, Sequence[str]], seed: int, most: int = MOST
) -> list[Row]:
    """The table of suggestions; `texts` gives the pages of each report that has a full text.

    Settled cells have suggestions too, by a model that learnt from other studies; only open ones have probabilities,
    since these rest on all that is settled.
    """
    here: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for cell in cells:  # several where a study has several models
        if cell["record_id"] in texts:
            here[cell["record_id"]][cell["code"]].append(cell)
    taught = _taught(here, codes, texts, seed)
    best: dict[str, list[tuple[float, int]]] = defaultdict(list)
    out: list[Row] = []
    for settled in (True, False):  # how settled reports score makes the probabilities of open ones
        for record_id in sorted(here):
            mine = here[record_id]
            wanted = [code for code in codes if code.id in mine and _settled(mine[code.id]) == settled]
            if not wanted:
                continue
            report = suggest.read(texts[record_id])
            held = suggest_model.postings(report)
            for code in wanted:
                model = taught[code.id].of(mine[code.id][0]["study_id"], seed)
                judged = suggest_model.opinions(model, report, held, most) if model else []
                label = _label(mine[code.id])
                best[code.id] += [(judged[0][0].score, label)] if judged and label is not None else []
                out += _of_code(record_id, code, report, model, judged, most)
        if settled:
            taught = {code: _calibrated(each, best[code]) for code, each in taught.items()}
    return out


def located(made: Sequence[Row], places: Mapping[str, Sequence[Page]]) -> list[Row]:
    """The rows with file, and page of that file, in place of the page among all that was searched for a report."""
    found = []
    for row in made:
        at = places[row["record_id"]][int(row["page"]) - 1] if row["page"] else None
        found.append({**row, "file": at.file, "page": str(at.number)} if at else row)
    return found


def _label(cells: Sequence[Row]) -> int | None:
    """1 where a code is settled yes for one of the models of a report, 0 where it is settled no for all."""
    said = {training.label(cell) for cell in cells}
    return 1 if 1 in said else 0 if said == {0} else None


def _settled(cells: Sequence[Row]) -> bool:
    return all(cell["state"] == "coded" for cell in cells)


def _taught(
    reports: Mapping[str, Mapping[str, Sequence[Row]]],
    codes: Sequence[Code],
    texts: Mapping[str, Sequence[str]],
    seed: int,
) -> dict[str, _Taught]:
    lessons: dict[str, list[Lesson]] = defaultdict(list)
    studies: dict[str, set[str]] = defaultdict(set)
    for record_id in sorted(reports):
        settled = {code: cells for code, cells in reports[record_id].items() if _settled(cells)}
        if not settled:
            continue
        report = suggest.read(texts[record_id])
        for code in codes:
            cells = settled.get(code.id, ())
            label = _label(cells)
            studies[code.id] |= {cell["study_id"] for cell in cells}
            for cell in cells:
                # what one model has, the text says: then no sentence of the report is taken for no
                found = training.lesson(cell, code, report, texts[record_id], seed)
                lessons[code.id] += [found] if found and found.label == label else []
    return {code.id: _Taught(training.models(lessons[code.id], seed), frozenset(studies[code.id])) for code in codes}


def _calibrated(taught: _Taught, best: Sequence[tuple[float, int]]) -> _Taught:
    whole = taught.models.get(None)
    return (
        taught if whole is None else replace(taught, models={**taught.models, None: training.calibrated(whole, best)})
    )


def _of_code(
    record_id: str, code: Code, report: Report, model: Model | None,
    judged: Sequence[tuple[Opinion, Passage]], most: int,
) -> list[Row]:  # fmt: skip
    """The rows of one code of a report."""
    found = suggest.suggest(code.indicators, report, most)
    learnt = suggest_model.likely(model, judged, most) if model else ()
    whose = {"record_id": record_id, "code": code.id}
    sentences = str(len(report.passages))
    out = []
    for rank, (each, source) in enumerate(_joined(found.suggestions, learnt)[:most], 1):
        likely = suggest_model.judge(model, each.quote).probability if model and source != INDICATORS else None
        place = {"file": "", "page": str(each.page), "start": str(each.start), "end": str(each.end)}
        row = {**whose, "rank": str(rank), **place, "quote": each.quote, "why": each.why, "source": source}
        out.append(
            {
                **row,
                "confidence": each.confidence,
                "probability": "" if likely is None else f"{likely:.3f}",
                "searched": found.searched,
                "sentences": sentences,
            }
        )
    if not code.indicators and model is None:
        return [{**whose, **_EMPTY, "rank": "0", "searched": UNSEARCHED, "sentences": ""}]
    searched = _searched(found.searched, model)
    return out or [{**whose, **_EMPTY, "rank": "0", "searched": searched, "sentences": sentences}]


def _searched(searched: str, model: Model | None) -> str:
    learnt = f"; a model of {model.yes} yes and {model.no} no finds none likely" if model else ""
    return searched + learnt


def _joined(pointed: Sequence[Suggestion], learnt: Sequence[Suggestion]) -> list[tuple[Suggestion, str]]:
    """What indicators and the model suggest, a passage once: the surer before the less sure, what both say first."""
    places: dict[tuple[int, int], list[tuple[Suggestion, str]]] = {}
    for source, each in (*((INDICATORS, s) for s in pointed), *((MODEL, s) for s in learnt)):
        same = [at for at, said in places.items() if suggest.alike(said[0][0].quote, each.quote)]
        places.setdefault(same[0] if same else (each.page, each.start), []).append((each, source))
    joined = [_one(said) for said in places.values()]
    return sorted(joined, key=lambda item: (item[1] != BOTH, _SURE[item[0].confidence]))


def _one(said: Sequence[tuple[Suggestion, str]]) -> tuple[Suggestion, str]:
    """One passage, suggested once or by both."""
    first, source = said[0]
    if len({source for _, source in said}) < 2:
        return first, source
    surest = min((each.confidence for each, _ in said), key=lambda word: _SURE[word])
    return replace(first, why="; ".join(dict.fromkeys(each.why for each, _ in said)), confidence=surest), BOTH
