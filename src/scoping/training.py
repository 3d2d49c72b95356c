"""What a code's model learns from: sentences of reports in which people have settled the code.

Yes: the sentence that holds the quote of a settled yes, one text a cell, since two sentences of one quote are not two
findings. No: of each report where the code is settled no, the sentences that its indicators point to (people read them
and said no) and some drawn by lot (most of a report says nothing of a code). No sentence of a report with yes is taken
for no: it may say the same elsewhere. `unclear` teaches nothing. A report never teaches what is suggested for itself:
studies are dealt into `FOLDS` parts by lot, and the model for a part learns from the others.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from scoping import quotes, suggest, suggest_model
from scoping.codebook import Code, sense
from scoping.items import join
from scoping.suggest import Report
from scoping.suggest_model import Model
from scoping.tables import Row

FOLDS = 5
POINTED, BY_LOT = 3, 5
"""Sentences of a report where the code is settled no: those that indicators point to, and those drawn by lot."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one settled cell teaches: the part its study is in, and texts that are all yes (`label` 1) or all no (0)."""

    fold: int
    label: int
    texts: tuple[str, ...]


def fold(study_id: str, seed: int) -> int:
    """The part, from 0, that a study is in: a matter of its id and the seed alone."""
    return int(_lot(f"{seed}:fold:{study_id}"), 16) % FOLDS


def lesson(cell: Row, code: Code, report: Report, pages: Sequence[str], seed: int) -> Lesson | None:
    """What a cell teaches; None where it is not settled, is unclear, or has no quote that stands in the text."""
    said = label(cell)
    if said is None:
        return None
    texts = _of_quote(cell, report, pages) if said else _of_no(cell, code, report, seed)
    return Lesson(fold(cell["study_id"], seed), said, texts) if texts else None


def label(cell: Row) -> int | None:
    """1 for a settled yes, 0 for a settled no; None for what is open or unclear."""
    said = sense(cell["value"]) if cell["state"] == "coded" and cell["value"] else ""
    return {"yes": 1, "no": 0}.get(said)


def _of_quote(cell: Row, report: Report, pages: Sequence[str]) -> tuple[str, ...]:
    """The sentences that hold a quote, as one text; what is left out of searches is taught by the quoted words."""
    if cell["verdict"] not in ("verbatim", "near"):
        return ()
    found = quotes.find(cell["quote"], pages)
    held = [
        passage.text
        for passage in report.passages
        for page, start, end in found.spans
        if page == passage.page and 2 * _shared(passage.start, passage.end, start, end) >= min(
            passage.end - passage.start, end - start
        )
    ]  # fmt: skip
    return (" ".join(dict.fromkeys(held)) or quotes.shown(found, pages),)


def _shared(start: int, end: int, other: int, end_of_other: int) -> int:
    """How many characters two stretches share."""
    return max(0, min(end, end_of_other) - max(start, other))


def _of_no(cell: Row, code: Code, report: Report, seed: int) -> tuple[str, ...]:
    pointed = [each.quote for each in suggest.suggest(code.indicators, report, POINTED).suggestions]
    rest = [passage for passage in report.passages if passage.whole and passage.text not in pointed]
    where = f"{seed}:{join(cell['record_id'], cell['code'])}"
    drawn = sorted(rest, key=lambda passage: _lot(f"{where}:{passage.page}:{passage.start}"))[:BY_LOT]
    return tuple(dict.fromkeys([*pointed, *(passage.text for passage in drawn)]))


def _lot(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def models(lessons: Iterable[Lesson], seed: int) -> dict[int | None, Model]:
    """The models of one code: for each part of the studies one that learnt from all others, None: one from all.

    They give words and no probability: `calibrated` adds that. A part for which fewer than `suggest_model.LEAST` reports
    with yes, or with no, are left has no model.
    """
    lessons = list(lessons)
    found = {}
    for part in (None, *range(FOLDS)):
        left = [each for each in lessons if each.fold != part]
        labels = [each.label for each in left]
        if min(labels.count(1), labels.count(0)) < suggest_model.LEAST:  # reports, not sentences
            continue
        taught = [(text, each.label) for each in left for text in each.texts]
        model = suggest_model.train([text for text, _ in taught], [label for _, label in taught], seed)
        if model is not None:
            found[part] = replace(model, calibration=None)
    return found


def calibrated(model: Model, best: Sequence[tuple[float, int]]) -> Model:
    """A model with probabilities, if at least `suggest_model.CALIBRATED` reports were settled yes, and as many no.

    `best` has for each of them the score of its best sentence, by a model that had not seen it, and 1 for yes: what is
    likely is that a report with such a passage is coded yes.
    """
    scores, known = [score for score, _ in best], [label for _, label in best]
    if min(known.count(1), known.count(0)) < suggest_model.CALIBRATED:
        return model
    return replace(model, calibration=suggest_model.calibrated(scores, known))
