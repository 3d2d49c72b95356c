"""The table for authors of what the interviews say: each code by transcripts, with the ids behind every number."""

from collections.abc import Iterable, Mapping, Sequence

from scoping.author_sheet import Sheet
from scoping.codebook import Codebook, sense
from scoping.tables import Row

COUNTS = {"yes": "Yes", "no": "No", "unclear": "Unclear", "": "Not yet coded"}
COLUMNS = ["Family", "Code", "Label", *COUNTS.values(), "Said yes", "Quote"]
WIDTHS = [22, 7, 30, 8, 8, 8, 9, 30, 60]
CHECKED = ("verbatim", "near")


def table(codebook: Codebook, cells: Iterable[Row], names: Mapping[str, str]) -> Sheet:
    """How many transcripts say yes, no or unclear to each code, and one quote.

    `names` gives the id in the protocol of each transcript, in the order of the protocol; a value of a code's own counts
    as yes unless it says that nothing is there. A cell that is open, or in conflict, is not yet coded: never a no.
    """
    by_code: dict[str, dict[str, Row]] = {code.id: {} for code in codebook.codes}
    for cell in cells:
        if cell["record_id"] in names:
            by_code[cell["code"]][cell["record_id"]] = cell
    family = {entry.id: entry.label for entry in codebook.families}
    rows, ids = [], []
    for code in codebook.codes:
        mine = [by_code[code.id][id_] for id_ in names if id_ in by_code[code.id]]
        said = {
            word: [cell for cell in mine if (sense(cell["value"]) if cell["state"] == "coded" else "") == word]
            for word in COUNTS
        }
        rows.append(
            {
                "Family": family[code.family],
                "Code": code.id,
                "Label": code.label,
                **{column: str(len(said[word])) for word, column in COUNTS.items()},
                "Said yes": ", ".join(_named(cell, names) for cell in said["yes"]),
                "Quote": _quote(said["yes"], names),
            }
        )
        ids += [
            (code.id, column, "transcript", cell["record_id"]) for word, column in COUNTS.items() for cell in said[word]
        ]
    note = (
        f"n = {len(names)} {'transcript' if len(names) == 1 else 'transcripts'}. Unit: transcripts, apart from the "
        "literature: no count of PRISMA, no study and no other table includes them. Blank is never counted as no."
    )
    return Sheet("interviews", "What the interviews say to each code", COLUMNS, WIDTHS, rows, ids, note)


def _named(cell: Row, names: Mapping[str, str]) -> str:
    """The transcript, with its value where that is one of the code's own."""
    own = f" ({cell['value']})" if cell["value"] != "yes" else ""
    return f"{names[cell['record_id']]}{own}"


def _quote(cells: Sequence[Row], names: Mapping[str, str]) -> str:
    """The first quote that stands in its transcript; else the first, with a word that it was not found."""
    quoted = [cell for cell in cells if cell["quote"]]
    best = next((cell for cell in quoted if cell["verdict"] in CHECKED), quoted[0] if quoted else None)
    if best is None:
        return ""
    page = f", p. {best['page']}" if best["page"] else ""
    found = "" if best["verdict"] in CHECKED else ", not found in the transcript"
    return f"“{best['quote']}” ({names[best['record_id']]}{page}{found})"
