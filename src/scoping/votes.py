"""How many people an item needs, by the mode of its stage."""

import hashlib
import json
from collections.abc import Iterable

from scoping.stage_settings import ScreeningStage
from scoping.tables import Row


def needed(stage: str, section: ScreeningStage, records: Iterable[Row], seed: int) -> dict[str, int]:
    """Record id -> people who must decide on it, unknown to each other.

    Whether a record is in the sample is a matter of its ids, the stage and the seed alone, so every command knows it
    without asking; a record of several entries is in it if one of them is.
    """
    if section.mode == "dual-with-sample":
        return {
            row["record_id"]: 2 if any(_drawn(stage, id_, seed) < section.sample for id_ in _ids(row)) else 1
            for row in records
        }
    return dict.fromkeys((row["record_id"] for row in records), 2 if section.mode == "dual" else 1)


def _ids(record: Row) -> list[str]:
    ids: list[str] = json.loads(record["content_ids"])
    return ids


def _drawn(stage: str, id_: str, seed: int) -> float:
    """A number from 0 to 1 that looks drawn by lot and is always the same."""
    digest = hashlib.sha256(f"{seed}:{stage}:sample:{id_}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64
