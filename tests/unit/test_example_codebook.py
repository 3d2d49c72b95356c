"""The codebook of knowledge mobilisation that a team can start from, and the lists of others that it answers to."""

import csv
import io
import re
from collections import Counter
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from scoping import codebook, collect, derived, forms, indicators, sheets
from scoping.batches import Batch
from scoping.cli import group
from scoping.workbook.write import write

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "knowledge_mobilisation"
BOOK = codebook.load(FOLDER / "codebook.yaml")
README = (FOLDER / "README.md").read_text(encoding="utf-8")
FAMILIES = {
    "relationships": 8, "knowledge": 7, "context": 8, "practices": 10, "mechanisms": 11, "barriers": 11, "enablers": 3,
    "changes": 8, "evidence-basis": 1, "demand": 1, "gaps": 3, "priorities": 6, "setting": 11, "source": 5,
}  # fmt: skip
CROSSWALKS = {
    "three-features": (14, 9), "upen-priorities": (6, 0), "upen-projects": (5, 1), "mobilise": (5, 0),
    "co-production": (6, 2), "cardiff": (8, 0), "jbi-charting": (4, 26),
}  # fmt: skip
DERIVED = [
    "forms_n",
    "mosaic",
    "relational",
    "context_levels",
    "three_feature",
    "mechanism_set",
    "claim_strength",
    "actors",
]
NO_CODES = [f"COP{n}" for n in range(1, 6)]  # targets of a crosswalk instead
IN_PARTS = {"SET4": [f"SET4{letter}" for letter in "ABCDEFG"]}  # several of a list may hold, and a code has one value
UNITS = {"M": "model", "S": "study", "R": "report", "M x IMP": "model"}
LEVELS = {"I": "individual", "O": "organisation", "Y": "system"}
RUN = 6
"""Words; so many in a row that stand elsewhere too are taken for copied."""


def of(*families: str) -> list[codebook.Code]:
    return [code for code in BOOK.codes if code.family in families]


def rows(crosswalk: str) -> dict[str, list[tuple[str, str]]]:
    """Target -> codes with the kinds of their rows."""
    (walk,) = [walk for walk in BOOK.crosswalks if walk.id == crosswalk]
    return {t.id: [(row.code, row.kind) for row in walk.rows if row.target == t.id] for t in walk.targets}


# what is in it


def test_codes_stand_by_family_in_its_order() -> None:
    assert [family.id for family in BOOK.families] == list(FAMILIES)
    assert Counter(code.family for code in BOOK.codes) == FAMILIES
    places = [list(FAMILIES).index(code.family) for code in BOOK.codes]
    assert places == sorted(places)


def test_what_is_asked_beside_the_value() -> None:
    assert {code.id for code in BOOK.codes if code.status} == {f"MEC{n}" for n in range(1, 12)}
    assert {code.id for code in BOOK.codes if code.basis} == {f"IMP{n}" for n in range(1, 9)}
    assert [code.id for code in BOOK.codes if not code.quote] == ["SRC1"]
    assert {code.values for code in of("priorities")} == {("none", "touches", "main subject", "unclear")}
    own = {"EVB", "SET1", "SET2", "SET3", "SET5", "SRC1", "SRC2", "SRC3"}
    assert {code.id for code in BOOK.codes if code.values != codebook.USUAL} == own | {c.id for c in of("priorities")}


@pytest.mark.parametrize("code", BOOK.codes, ids=lambda code: code.id)
def test_each_code_has_examples_and_indicators_that_can_be_found(code: codebook.Code) -> None:
    assert code.include
    assert code.exclude
    assert len(indicators.compiled(code.indicators)) == len(code.indicators) >= 5
    for phrase in code.indicators:
        text = re.sub(r"\?", "s", phrase.replace("*", ""))
        assert indicators.hits(indicators.compiled([phrase]), indicators.words(f"so {text} is")), phrase


def test_each_crosswalk_reaches_every_item_and_has_the_rows_that_the_readme_states() -> None:
    found = {walk.id: Counter(row.kind for row in walk.rows) for walk in BOOK.crosswalks}
    assert {name: (count["explicit"], count["inferred"]) for name, count in found.items()} == CROSSWALKS
    stated = re.findall(r"^\| `([\w-]+)` \| [^|]+ \| (\d+) \| (\d+) \|$", README, re.MULTILINE)
    assert {name: (int(explicit), int(inferred)) for name, explicit, inferred in stated} == CROSSWALKS
    for walk in BOOK.crosswalks:
        assert walk.version == 1
        assert {row.target for row in walk.rows} == {target.id for target in walk.targets}


def test_which_code_speaks_to_what() -> None:
    for target, prefix in (("relationships", "REL"), ("forms", "KNI"), ("context", "CTX")):
        assert [code for code, _ in rows("three-features")[target]] == [c.id for c in BOOK.codes if c.id[:3] == prefix]
    assert {target: codes for target, ((codes, _),) in rows("upen-priorities").items()} == {
        "practice": "UPN1", "reach": "UPN2", "impact": "UPN3", "deciding": "UPN4", "communities": "UPN5", "profile": "UPN6",
    }  # fmt: skip
    projects = rows("upen-projects")
    assert projects["what-works"] == [
        ("UPN1", "inferred"), ("UPN2", "explicit"), ("UPN4", "explicit"), ("UPN5", "explicit"),
    ]  # fmt: skip
    assert projects["impacts"] == [("UPN3", "explicit"), ("UPN6", "explicit")]
    assert [code for codes in rows("mobilise").values() for code, _ in codes] == [f"IMP{n}" for n in range(1, 6)]
    assert {target: [code for code, _ in codes] for target, codes in rows("co-production").items()} == {
        "COP1": ["CTX4", "MEC10"], "COP2": ["KNI7"], "COP3": ["KNI5"], "COP4": ["CTX2", "CTX3", "BAR8"], "COP5": ["PRA8"],
    }  # fmt: skip
    assert [code for codes in rows("cardiff").values() for code, _ in codes] == [
        "MEC1", "MEC3", "MEC4", "MEC5", "MEC9", "MEC11", "PRA3", "PRA9",
    ]  # fmt: skip


def test_the_readme_names_every_code_and_their_number() -> None:
    named = set()
    for prefix, first, last in re.findall(r"\b([A-Z]{3})(\d+)–(\d+)", README):
        named |= {f"{prefix}{n}" for n in range(int(first), int(last) + 1)}
    named |= {f"SET4{letter}" for letter in "ABCDEFG" if "SET4A–G" in README}
    named |= set(re.findall(r"\b[A-Z]{3}[A-Z0-9]?\b", README))
    assert {code.id for code in BOOK.codes} - named == set()
    assert f"asks {len(BOOK.codes)} questions" in README


# what follows from it


def test_the_variables_of_a_study_that_has_everything(make: Any) -> None:
    """Worked out by hand: four forms and their joining, levels named or given by the code, the stronger basis."""
    yes = {
        "REL2": {}, "KNI1": {}, "KNI2": {}, "KNI3": {}, "KNI5": {}, "KNI6": {}, "CTXO": {}, "CTX2": {"level": "system"},
        "MEC3": {"status": "operating"}, "MEC11": {}, "SET4A": {}, "SET4E": {},
        "IMP1": {"basis": "self-report"}, "IMP7": {"basis": "documentary"},
    }  # fmt: skip
    cells = [
        make.cell("A", code.id, "coded", value="yes", quote="q", **yes[code.id])
        if code.id in yes
        else make.cell("A", code.id, "coded", value="none" if "none" in code.values else "no")
        for code in BOOK.codes
    ]
    found = {name: value.value for (_, _, name), value in derived.compute(cells, BOOK, make.studies()).items()}
    assert list(found) == DERIVED
    assert found == {
        "forms_n": "4",
        "mosaic": "combined",
        "relational": "yes",
        "context_levels": "organisation; system",
        "three_feature": "yes",
        "mechanism_set": "MEC3; MEC11",
        "claim_strength": "documentary",
        "actors": "SET4A; SET4E",
    }


def test_a_sheet_with_all_codes_is_written_filled_and_read(make: Any) -> None:
    """Every value of every code comes back as it was chosen, with what else the code asks."""
    record = make.id("a")
    asked = {code.id: forms.Asked(code.values, code.quote, code.status, code.basis) for code in BOOK.codes}
    items = tuple(f"{record}:{code.id}" for code in BOOK.codes)
    review = make.review()
    form = forms.form("coding", review, {"co01.anna": asked})
    content = sheets.Content({record: make.record(record, year="2020")}, {}, {}, {})
    sheet = sheets.sheet(Batch("co01", "main", "screen", {"anna": items}), "anna", review, form, content, BOOK)
    blank = write(sheet)
    most = max(len(code.values) for code in BOOK.codes)
    for turn in range(most):
        chosen = {code.id: code.values[turn % len(code.values)] for code in BOOK.codes}
        said = _filled(blank, form, chosen, asked)
        reading = collect.version(said, form)
        assert (reading.held, reading.doubts) == ([], [])
        assert {item.partition(":")[2]: label["decision"] for item, label in reading.labels.items()} == chosen
        told = {item.partition(":")[2] for item, label in reading.labels.items() if label.get("status")}
        assert told == {code for code, value in chosen.items() if asked[code].status and value == "yes"}


def _filled(blank: bytes, form: forms.Form, chosen: dict[str, str], asked: dict[str, forms.Asked]) -> bytes:
    """The sheet with the chosen value in the row of each code."""
    book = openpyxl.load_workbook(io.BytesIO(blank))
    for tab in book.worksheets:
        heads = {str(cell.value).casefold(): cell for row in tab.iter_rows() for cell in row if cell.value}
        if form.inputs[0].header.casefold() not in heads or tab.sheet_state != "visible":
            continue
        at = {entry.field: heads[entry.header.casefold()].column for entry in form.inputs}
        label = heads["code"].column
        for row in range(heads["code"].row + 1, tab.max_row + 1):
            code = str(tab.cell(row, label).value or "").partition("  ")[0]
            if code not in chosen:
                continue
            value = chosen[code]
            says = {"decision": value, "quote": "what it says", "note": "why"}
            if codebook.sense(value) == "yes":
                says |= {"status": "operating"} if asked[code].status else {}
                says |= {"basis": "observed"} if asked[code].basis else {}
            for field, text in says.items():
                tab.cell(row, at[field]).value = text
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


# where it comes from


@pytest.fixture(scope="module")
def draft(shared_data: Any) -> dict[str, dict[str, str]]:
    """The codes that the review began with, by id."""
    with shared_data("codebook_draft.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def test_ids_are_those_of_the_draft_but_for_what_is_named(draft: dict[str, dict[str, str]]) -> None:
    expected = [part for id_ in draft if id_ not in NO_CODES for part in IN_PARTS.get(id_, [id_])]
    assert len(draft) == 92
    assert [code.id for code in BOOK.codes] == expected
    assert list(rows("co-production")) == NO_CODES


def test_labels_units_and_levels_are_those_of_the_draft(draft: dict[str, dict[str, str]]) -> None:
    for code in BOOK.codes:
        if code.id not in draft:
            continue
        row = draft[code.id]
        levels = tuple(LEVELS[letter] for letter in row["alevel"].split(",") if letter in LEVELS)
        assert (code.label, code.unit, code.levels) == (row["label"], UNITS[row["unit"]], levels)


def runs(text: str) -> set[tuple[str, ...]]:
    """All runs of six words, whatever stands between them."""
    words = re.findall(r"\w+", text.casefold())
    return {tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}


def prose() -> dict[str, str]:
    """What is worded here: all texts but labels, which are names, and the titles of the sources."""
    texts = {
        f"{code.id}.{name}": getattr(code, name) for code in BOOK.codes for name in ("definition", "include", "exclude")
    }
    texts |= {f"{code.id}: {phrase}": phrase for code in BOOK.codes for phrase in code.indicators}
    texts |= {f"family {family.id}": family.text for family in BOOK.families}
    return texts | {"README": README.partition("## Sources")[0]}


def test_runs_of_words_are_seen() -> None:
    assert runs("One two three, four -- five six") == {("one", "two", "three", "four", "five", "six")}
    assert runs("one two three four five") == set()


def test_no_wording_is_taken_from_the_draft_or_the_sources(draft: dict[str, dict[str, str]], shared_data: Any) -> None:
    texts = [row[name] for row in draft.values() for name in ("definition", "include", "exclude", "label")]
    seeds = sorted(shared_data("seeds").glob("*.txt"))
    assert len(seeds) == 5
    texts += [path.read_text(encoding="utf-8") for path in seeds]
    theirs = set().union(*map(runs, texts))
    assert len(theirs) > 3000
    assert {where: found for where, text in prose().items() if (found := runs(text) & theirs)} == {}


TERMS = {"what works network", "what works centre", "areas of research interest", "community of practice"}
"""Names and terms of the field of three or more words."""


def test_indicators_are_lists_of_our_own(draft: dict[str, dict[str, str]]) -> None:
    """Single words of the field are nobody's; long phrases and whole lists are."""
    taken = set()
    for code in BOOK.codes:
        theirs = {
            phrase.strip(" *").casefold() for phrase in draft.get(code.id, {"indicators": "-"})["indicators"].split(";")
        }
        ours = {phrase.strip(" *").casefold() for phrase in code.indicators}
        assert len(ours & theirs) * 2 <= len(ours), code.id
        assert theirs - ours, code.id
        taken |= {phrase for phrase in ours & theirs if len(phrase.split()) > 2}
    assert taken <= TERMS


def test_passages_are_suggested_on_a_source(shared_data: Any) -> None:
    (seed,) = shared_data("seeds").glob("002_*.txt")
    done = CliRunner().invoke(
        group, ["code", "suggest", str(seed), "--codebook", str(FOLDER / "codebook.yaml"), "--csv"]
    )
    assert done.exit_code == 0
    found = {row["code"] for row in csv.DictReader(io.StringIO(done.stdout)) if row["quote"]}
    assert {"MEC1", "MEC3", "MEC4", "MEC5", "MEC9", "MEC11", "PRA3", "PRA9", "BAR1", "BAR4", "ENA1"} <= found
