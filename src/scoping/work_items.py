"""What people are given that is no record, as the page of progress counts it: pairs, files, counts of models."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from scoping.items import split
from scoping.tables import Row


def of_pairs(pairs: Iterable[Row]) -> dict[str, str]:
    """Pair that a person was or is to be asked about -> answered, to do, or in conflict."""
    return {
        f"{row['a']}~{row['b']}": row["answer"]
        if row["answer"] == "conflict"
        else "pending"
        if row["open"] == "yes"
        else "answered"
        for row in pairs
        if row["open"] == "yes" or row["answer"]
    }


def of_models(rows: Iterable[Row]) -> dict[str, str]:
    """Report whose models a person counted or is to count -> answered or to do."""
    return {
        row["record_id"]: "answered" if row["answered"] else "pending"
        for row in rows
        if row["answered"] or row["asked"]
    }


def of_files(asked: Iterable[str], answers: Iterable[Row], known: Mapping[str, str]) -> dict[str, str]:
    """File and report that it may be -> answered or to do."""
    done = [row["item"] for row in answers if row["stage"] == "doubtful_texts"]
    return {by_record(item, known): "pending" for item in asked} | {by_record(item, known): "answered" for item in done}


def by_record(item: str, known: Mapping[str, str]) -> str:
    """The item under the present ids of its records; of a pair the smaller first."""
    of = split(item)
    return str(replace(of, record="~".join(sorted(known.get(id_, id_) for id_ in of.ids))))
