"""Tables of what studies say: every number against a count by hand or by brute force, and the ids behind it."""

import random
from collections import Counter
from typing import Any

import pytest

from scoping import code_tables
from scoping.author_sheet import Sheet
from scoping.codebook import Codebook
from scoping.coded_studies import CodedStudies, first, levels

SHEETS = (
    code_tables.frequencies, code_tables.feature_levels, code_tables.mechanisms_by_changes,
    code_tables.mechanism_change_basis, code_tables.practices, code_tables.gaps,
)  # fmt: skip


@pytest.fixture
def codebook() -> Codebook:
    families = [{"id": "rel", "label": "Relationships", "text": "t"}, {"id": "act", "label": "Acting", "text": "t"}]
    plain = {"definition": "d", "family": "rel"}
    codes = [
        {**plain, "id": "REL1", "label": "Trust", "levels": ["individual", "system"]},
        {**plain, "id": "REL2", "label": "Talk", "levels": ["organisation"]},
        {**plain, "id": "SET1", "label": "Tier", "values": ["local", "national", "none", "unclear"]},
        {**plain, "id": "MEC1", "label": "Broker", "family": "act", "status": "yes"},
        {**plain, "id": "MEC2", "label": "Network", "family": "act", "status": "yes"},
        {**plain, "id": "CHA1", "label": "Skill", "family": "act", "basis": "yes"},
        {**plain, "id": "CHA2", "label": "Use", "family": "act", "basis": "yes"},
    ]
    walk = {
        "id": "agenda", "version": 1, "label": "Agenda",
        "targets": [{"id": id_, "label": f"Item {id_}"} for id_ in ("one", "two", "three")],
        "rows": [{"code": "REL1", "target": "one", "kind": "explicit"}, {"code": "REL2", "target": "one", "kind": "inferred"},
                 {"code": "MEC2", "target": "two", "kind": "explicit"}],
    }  # fmt: skip
    return Codebook.model_validate({"version": 1, "families": families, "codes": codes, "crosswalks": [walk]})


@pytest.fixture
def coded(make: Any, codebook: Codebook) -> CodedStudies:
    """A, B, C; B has two reports (B and B2); C is not coded but for one code."""

    def cell(record: str, code: str, value: str, **fields: str) -> dict[str, str]:
        row: dict[str, str] = make.cell(record, code, "coded" if value else "pending", value=value, **fields)
        return {**row, "study_id": record[0]}

    quoted = {"quote": "they  met", "verdict": "verbatim", "locator": "p. 4"}
    cells = [
        cell("A", "REL1", "yes", level="individual; system", quote="never said", verdict="missing"),
        cell("A", "REL2", "yes", quote="nearly", verdict="near", page="7"),
        cell("A", "SET1", "local"),
        cell("A", "MEC1", "yes", status="operating"),
        cell("A", "MEC2", "no"),
        cell("A", "CHA1", "yes", basis="observed; documentary"),
        cell("A", "CHA2", "unclear"),
        cell("B", "REL1", "no"),
        cell("B2", "REL1", "yes", **quoted),
        cell("B", "REL2", "unclear"),
        cell("B", "SET1", "local"),
        cell("B2", "SET1", "national"),
        cell("B", "MEC1", "yes", status="ended"),
        cell("B", "MEC2", "no"),
        cell("B", "CHA1", "yes"),
        cell("B", "CHA2", "no"),
        cell("C", "REL1", ""),
        cell("C", "SET1", "none"),
        cell("C", "MEC1", "yes", status="ended"),
        cell("C", "CHA1", ""),
        cell("C", "MEC2", "no"),
    ]
    return CodedStudies({"A": "Ash 2020", "B": "Birch 2021", "C": "Cox 2022"}, tuple(cells), codebook)


def columns(sheet: Sheet, *names: str) -> list[tuple[str, ...]]:
    return [tuple(row[name] for name in names) for row in sheet.rows]


def test_frequencies_are_of_the_studies_that_are_settled(coded: CodedStudies) -> None:
    sheet = code_tables.frequencies(coded)
    numbers = [
        "Code", "Value", "Studies", "Of studies settled", "Per cent of settled", "Studies unclear", "Studies not yet coded",
    ]  # fmt: skip
    assert columns(sheet, *numbers) == [
        ("REL1", "yes", "2", "2", "100%", "0", "1"),
        ("REL2", "yes", "1", "2", "50%", "1", "1"),
        ("SET1", "local", "2", "3", "67%", "0", "0"),
        ("SET1", "national", "1", "3", "33%", "0", "0"),
        ("MEC1", "yes", "3", "3", "100%", "0", "0"),
        ("MEC2", "yes", "0", "3", "0%", "0", "0"),
        ("CHA1", "yes", "2", "2", "100%", "0", "1"),
        ("CHA2", "yes", "0", "2", "0%", "1", "1"),
    ]
    assert [
        id_ for label, column, _, id_ in sheet.ids or () if (label, column) == ("REL2: yes", "Studies unclear")
    ] == ["B"]
    assert sheet.note.startswith("n = 3 included studies. Unit: studies")


def test_levels_say_what_was_not_asked_and_what_was_not_stated(coded: CodedStudies) -> None:
    sheet = code_tables.feature_levels(coded)
    assert columns(sheet, "Code", "Individual", "Organisation", "System", "No level stated", "Studies") == [
        ("REL1", "1", "–", "1", "1", "2"),
        ("REL2", "–", "1", "–", "0", "1"),  # its only level goes without saying
    ]


def test_mechanisms_and_changes_in_the_same_study(coded: CodedStudies) -> None:
    sheet = code_tables.mechanisms_by_changes(coded)
    assert columns(sheet, *sheet.columns) == [
        ("MEC1 Broker", "2", "0", "3"),
        ("MEC2 Network", "0", "0", "0"),
        ("Studies that report the change", "2", "0", ""),
    ]
    basis = code_tables.mechanism_change_basis(coded)
    (pair,) = [row for row in basis.rows if (row["Mechanism"], row["Change"]) == ("MEC1 Broker", "CHA1 Skill")]
    assert [pair[name] for name in basis.columns[2:]] == ["2", "0", "1", "1", "0", "0", "1", "2", "0", "1"]
    (other,) = [row for row in basis.rows if (row["Mechanism"], row["Change"]) == ("MEC1 Broker", "CHA2 Use")]
    assert [other[name] for name in basis.columns[-3:]] == ["2", "1", "1"]
    (no_and_unclear,) = [row for row in basis.rows if (row["Mechanism"], row["Change"]) == ("MEC2 Network", "CHA2 Use")]
    assert no_and_unclear["Studies with one unclear"] == "0"


def test_without_mechanisms_or_changes_the_table_says_why(coded: CodedStudies) -> None:
    book = coded.codebook.model_copy(update={"codes": coded.codebook.codes[:3]})
    without = CodedStudies(coded.names, coded.cells, book)
    for sheet in (code_tables.mechanisms_by_changes(without), code_tables.mechanism_change_basis(without)):
        assert not sheet.rows
        assert "No code of the codebook asks for status or for basis." in sheet.note


def test_practices_name_their_studies_and_quote_only_what_was_found(coded: CodedStudies) -> None:
    rows = {row["Code"]: row for row in code_tables.practices(coded).rows}
    assert [(row["Kind"], row["Studies"]) for row in rows.values()] == [
        ("feature", "2"), ("feature", "1"), ("feature", "2"), ("mechanism", "3"), ("mechanism", "0"), ("change", "2"),
        ("change", "0"),
    ]  # fmt: skip
    assert (rows["REL1"]["Reported by"], rows["REL1"]["Example quote"], rows["REL1"]["Where"]) == (
        "Ash 2020; Birch 2021", "they met", "Birch 2021, p. 4",
    )  # fmt: skip
    assert (rows["REL2"]["Example quote"], rows["REL2"]["Where"]) == ("nearly", "Ash 2020, p. 7")
    assert rows["MEC1"]["Status or evidence basis (studies)"] == "operating 1; ended 2"
    assert rows["CHA1"]["Status or evidence basis (studies)"] == "observed 1; documentary 1; not stated 1"


def test_an_example_is_not_longer_than_a_cell_bears(coded: CodedStudies) -> None:
    for cell in coded.cells:
        cell["quote"] = "word " * 100 if cell["quote"] else ""
    shown = code_tables.practices(coded).rows[0]["Example quote"]
    assert shown.endswith("word […]")
    assert len(shown) < 310


def test_gaps_tell_none_found_from_not_known_and_not_covered(coded: CodedStudies) -> None:
    sheet = code_tables.gaps(coded)
    assert columns(sheet, "Item", "What was found", "Studies", "Of studies settled", "Studies unclear") == [
        ("one Item one", "reported", "2", "2", "0"),
        ("two Item two", "none found", "0", "3", "0"),
        ("three Item three", "not covered", "0", "0", "0"),
        ("MEC2 Network", "none found", "0", "3", "0"),
        ("CHA2 Use", "not known yet", "0", "2", "1"),
    ]


@pytest.mark.parametrize("make_sheet", SHEETS)
def test_every_number_has_its_ids_each_once(coded: CodedStudies, make_sheet: Any) -> None:
    sheet = make_sheet(coded)
    numbers = Counter(int(row[name]) for row in sheet.rows for name in counted(sheet) if row[name] not in ("–", ""))
    behind = Counter((label, column) for label, column, _, _ in sheet.ids)
    assert Counter(behind.values()) == Counter({n: times for n, times in numbers.items() if n})
    assert len(set(sheet.ids)) == len(sheet.ids)
    assert {unit for _, _, unit, _ in sheet.ids} == {"study"}
    assert {id_ for *_, id_ in sheet.ids} <= set(coded.names)


def counted(sheet: Sheet) -> set[str]:
    return {column for _, column, _, _ in sheet.ids or ()}


@pytest.mark.parametrize("seed", range(40))
def test_tables_are_what_brute_force_counts(make: Any, codebook: Codebook, seed: int) -> None:
    chance = random.Random(seed)
    studies = [f"S{n}" for n in range(chance.randint(0, 6))]
    cells = []
    for study in studies:
        for report in range(chance.randint(1, 2)):
            for code in codebook.codes:
                if chance.random() < 0.8:
                    value = chance.choice([*code.values, ""])
                    level = chance.choice(["", *code.levels]) if value == "yes" else ""
                    basis = (
                        chance.choice(["", "observed", "asserted; observed"]) if value == "yes" and code.basis else ""
                    )
                    row = make.cell(f"{study}{report}", code.id, "coded" if value else "conflict", value=value)
                    cells.append({**row, "study_id": study, "level": level, "basis": basis})
    coded = CodedStudies({study: study for study in studies}, tuple(cells), codebook)
    said = {(study, code.id): [c["value"] for c in cells if (c["study_id"], c["code"]) == (study, code.id)]
            for study in studies for code in codebook.codes}  # fmt: skip
    absent = {"no", "none", "unclear", ""}

    def yes(study: str, code: str) -> bool:
        return any(value not in absent for value in said[study, code])

    def settled(study: str, code: str) -> bool:
        return yes(study, code) or (bool(said[study, code]) and "" not in said[study, code])

    for row in code_tables.frequencies(coded).rows:
        code = row["Code"]
        assert int(row["Studies"]) == sum(row["Value"] in said[study, code] for study in studies)
        assert int(row["Of studies settled"]) == sum(settled(study, code) for study in studies)
        assert int(row["Studies not yet coded"]) == sum(not settled(study, code) for study in studies)
        unclear = [s for s in studies if settled(s, code) and not yes(s, code) and "unclear" in said[s, code]]
        assert int(row["Studies unclear"]) == len(unclear)
    matrix = code_tables.mechanisms_by_changes(coded)
    for row, mechanism in zip(matrix.rows, ("MEC1", "MEC2"), strict=False):
        for column, change in zip(matrix.columns[1:], ("CHA1", "CHA2"), strict=False):
            assert int(row[column]) == sum(yes(study, mechanism) and yes(study, change) for study in studies)
    for row in code_tables.mechanism_change_basis(coded).rows:
        mechanism, change = row["Mechanism"][:4], row["Change"][:4]
        both = [study for study in studies if yes(study, mechanism) and yes(study, change)]
        claims = {study: " ".join(c["basis"] or "not stated" for c in cells
                                  if (c["study_id"], c["code"], c["value"]) == (study, change, "yes")) for study in both}  # fmt: skip
        for basis in ("Observed", "Asserted", "Not stated", "Comparative"):
            assert int(row[basis]) == sum(basis.lower() in claims[study] for study in both)
    for row in code_tables.feature_levels(coded).rows:
        only = {"REL1": "", "REL2": "organisation"}[row["Code"]]
        placed = {study: {c["level"] or only or "no" for c in cells
                          if (c["study_id"], c["code"], c["value"]) == (study, row["Code"], "yes")} for study in studies}  # fmt: skip
        for level in ("Individual", "Organisation", "System"):
            if row[level] != "–":
                assert int(row[level]) == sum(level.lower() in at for at in placed.values())
        assert int(row["No level stated"]) == sum(at == {"no"} for at in placed.values())


@pytest.mark.parametrize(
    ("words", "together"),
    [
        ([], "not yet coded"), (["no"], "no"), (["no", "unclear"], "unclear"), (["unclear", "not yet coded"], "not yet coded"),
        (["no", "not yet coded", "yes"], "yes"),
    ],
)  # fmt: skip
def test_what_several_answers_are_together(words: list[str], together: str) -> None:
    assert first(words) == together


def test_a_level_that_was_stated_stands(make: Any, codebook: Codebook) -> None:
    code = codebook.codes[1]
    assert levels(make.cell("A", "REL2", "coded", level="organisation; system"), code) == ["organisation", "system"]
