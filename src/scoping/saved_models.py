"""A trained model as numbers (npz) that anybody can read again: nothing in it is code, and the same model is the same bytes.

For each part (text, title, metadata): `<part>_terms` (UTF-8, a line each), `<part>_idf`, and `<part>_coefficients`, a
row for each machine; terms that weigh nothing in any machine are left out. `intercepts` has one number for each machine.
The decision value of a machine for a record is its intercept plus, over its terms, coefficient x tf-idf weight.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Saved:
    """A model that was written: of each part its terms, their idf and their coefficients (machines x terms)."""

    intercepts: Any
    terms: dict[str, list[str]]
    idf: dict[str, Any]
    coefficients: dict[str, Any]


def dump(model: Saved) -> bytes:
    """The bytes of an npz file; terms without a weight are left out."""
    import numpy as np

    arrays: dict[str, Any] = {"intercepts": np.asarray(model.intercepts, dtype=np.float64)}
    for part, names in sorted(model.terms.items()):
        kept = np.flatnonzero(np.any(model.coefficients[part] != 0, axis=0)).tolist()
        text = "\n".join(names[at] for at in kept).encode()
        arrays[f"{part}_terms"] = np.frombuffer(text, dtype=np.uint8)
        arrays[f"{part}_idf"] = model.idf[part][kept]
        arrays[f"{part}_coefficients"] = model.coefficients[part][:, kept]
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)
    return out.getvalue()


def load(data: bytes) -> Saved:
    """What `dump` wrote. Raises ValueError for what is no such file; code in it is refused, not run."""
    import numpy as np

    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        found: Mapping[str, Any] = dict(arrays)
    parts = sorted(name.removesuffix("_terms") for name in found if name.endswith("_terms"))
    return Saved(
        found["intercepts"],
        {part: found[f"{part}_terms"].tobytes().decode().split("\n") for part in parts},
        {part: found[f"{part}_idf"] for part in parts},
        {part: found[f"{part}_coefficients"] for part in parts},
    )


NOTHING = Saved((), {}, {}, {})
"""Where no model was trained: before an inclusion and an exclusion are known."""
