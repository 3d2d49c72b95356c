"""The order in which undecided records are issued: it excludes nothing, and no sheet shows a score."""

import dataclasses
import json

from scoping import prior, ranking, saved_models
from scoping.config import Review
from scoping.ranking_settings import Prior
from scoping.record_features import Document
from scoping.tables import Row

NOTHING = prior.Known()


def _document(row: Row) -> Document:
    return Document(row["title"], row["abstract"], " ".join(json.loads(row["keywords"] or "[]")), row["journal"])


def rank(
    records: list[Row], states: list[Row], review: Review, known: prior.Known = NOTHING
) -> tuple[list[Row], str, bytes]:
    """(rows of the order, the model card as JSON, the model as npz); `review` needs question, criteria, ranking and seed.

    `states`: one for each record, that of the last screening it came to. `known`: the files that the protocol names as
    prior knowledge; it teaches the model and decides nothing.
    """
    state = {row["record_id"]: row["state"] for row in states}
    labels = {id_: int(what == "include") for id_, what in state.items() if what in ("include", "exclude")}
    question = review.question
    query = " ".join(
        [question.text, question.population, question.concept, question.context]
        + [criterion.text for criterion in review.criteria.include]
    )
    rows = [row for row in records if state[row["record_id"]] in ("pending", "include", "exclude")]
    if not any(state[row["record_id"]] == "pending" for row in rows):
        nothing = {"kind": "nothing left to order", "n_labelled": len(labels), "n_included": sum(labels.values())}
        return [], json.dumps(nothing, sort_keys=True, indent=1) + "\n", saved_models.dump(saved_models.NOTHING)
    relevant, lost = prior.find(review.ranking.prior.included, rows)
    on = review.ranking.enabled
    found = ranking.order(
        [row["record_id"] for row in rows],
        [_document(row) for row in rows],
        labels if on else {},
        query=query if on else "",
        c=review.ranking.c,
        ratio=review.ranking.ratio,
        seed=review.seed,
        known=relevant if on else (),
        prior=list(zip(known.documents, known.labels, strict=True)) if on else (),
    )
    order = [
        {"position": str(position), "record_id": id_, "score": f"{score:.6f}"}
        for position, (id_, score) in enumerate(((id_, score) for id_, score in found.ranked if id_ not in labels), 1)
    ]
    card = dataclasses.asdict(found.model)
    if review.ranking.prior != Prior():
        named = {"known_records": sorted(relevant), "not_among_the_records": lost, "files": list(known.files)}
        card["prior"] = named
    text = json.dumps(card, sort_keys=True, ensure_ascii=False, indent=1) + "\n"
    return order, text, found.saved or saved_models.dump(saved_models.NOTHING)
