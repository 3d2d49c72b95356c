"""Variables that follow from the cells, against values worked out by hand, each with the cells behind it."""

from typing import Any

import pytest

from scoping import derived, synthesis
from scoping.codebook import Codebook
from scoping.derived import NOT_YET, Value

RULES: list[dict[str, Any]] = [
    {"id": "forms_n", "kind": "count", "codes": ["K1", "K2"]},
    {"id": "mosaic", "kind": "combined", "codes": ["K1", "K2"], "joined_by": "K6"},
    {"id": "relational", "kind": "any", "codes": ["R1", "R2"], "quoted": "yes"},
    {"id": "levels", "kind": "levels", "codes": ["C1", "C2"]},
    {"id": "mechanisms", "kind": "set", "codes": ["M1", "M2"]},
    {"id": "claim", "kind": "best", "codes": ["I1", "I2"], "order": ["comparative", "observed", "self-report"]},
    {
        "id": "three", "kind": "all",
        "conditions": [
            {"variable": "relational", "values": ["yes"]},
            {"variable": "mosaic", "values": ["combined"]},
            {"variable": "levels"},
        ],
    },
]  # fmt: skip
CODES = ["K1", "K2", "K6", "R1", "R2", "C1", "C2", "M1", "M2", "I1", "I2"]


def book(rules: list[dict[str, Any]] = RULES, **more: Any) -> Codebook:
    codes = [{"id": code, "family": "f", "label": code, "definition": "d"} for code in CODES]
    families = [{"id": "f", "label": "F", "text": "t"}]
    labelled = [{"label": rule["id"], **rule} for rule in rules]
    return Codebook.model_validate({"version": 1, "families": families, "codes": codes, "derived": labelled, **more})


@pytest.fixture
def study(make: Any) -> Any:
    """The variables of a study whose cells all say no, but for what is given: value, or several fields."""

    def compute(*reports: dict[str, Any]) -> dict[str, Value]:
        cells = []
        for number, said in enumerate(reports or ({},)):
            for code in CODES:
                fields = said.get(code, "no")
                fields = {"value": fields} if isinstance(fields, str) else dict(fields)
                state = fields.pop("state", "coded" if fields["value"] else "pending")
                cells.append(make.cell(f"A{number}", code, state, study_id="A0", **fields))
        return {name: value for (_, _, name), value in derived.compute(cells, book(), make.studies()).items()}

    return compute


Y = "yes"
QUOTED = {"value": Y, "quote": "q"}
CASES = [
    ("forms_n", {}, "0"),
    ("forms_n", {"K1": Y, "K2": "unclear"}, "1"),
    ("forms_n", {"K1": Y, "K2": ""}, NOT_YET),
    ("forms_n", {"K1": Y, "K2": {"value": "", "state": "conflict"}}, NOT_YET),
    ("mosaic", {}, "none"),
    ("mosaic", {"K1": Y, "K6": Y}, "single"),
    ("mosaic", {"K1": Y, "K6": ""}, "single"),
    ("mosaic", {"K1": Y, "K2": Y}, "listed"),
    ("mosaic", {"K1": Y, "K2": Y, "K6": "unclear"}, "listed"),
    ("mosaic", {"K1": Y, "K2": Y, "K6": Y}, "combined"),
    ("mosaic", {"K1": Y, "K2": Y, "K6": ""}, NOT_YET),
    ("mosaic", {"K1": Y, "K2": "", "K6": Y}, NOT_YET),
    ("relational", {"R1": Y}, "no"),
    ("relational", {"R1": Y, "R2": QUOTED}, "yes"),
    ("relational", {"R1": "", "R2": QUOTED}, "yes"),
    ("relational", {"R1": ""}, NOT_YET),
    ("relational", {"R1": "unclear"}, "unclear"),
    ("levels", {"C1": Y}, "none"),
    ("levels", {"C1": {"value": Y, "level": "system"}, "C2": {"value": Y, "level": "individual; system"}}, "individual; system"),
    ("levels", {"C1": {"value": "no", "level": "system"}}, "none"),
    ("levels", {"C1": {"value": Y, "level": "system"}, "C2": ""}, NOT_YET),
    ("mechanisms", {}, "none"),
    ("mechanisms", {"M2": Y, "M1": Y}, "M1; M2"),
    ("mechanisms", {"M2": Y, "M1": ""}, NOT_YET),
    ("claim", {}, "none"),
    ("claim", {"I1": {"value": Y, "basis": "self-report"}, "I2": {"value": Y, "basis": "observed; self-report"}}, "observed"),
    ("claim", {"I1": {"value": "no", "basis": "comparative"}, "I2": {"value": Y, "basis": "self-report"}}, "self-report"),
    ("claim", {"I1": {"value": Y, "basis": "comparative"}, "I2": ""}, NOT_YET),
    ("three", {}, "no"),
    ("three", {"R1": QUOTED, "K1": Y, "K2": Y, "K6": Y, "C1": {"value": Y, "level": "system"}}, "yes"),
    ("three", {"R1": QUOTED, "K1": Y, "K2": Y, "K6": Y}, "no"),
    ("three", {"R1": QUOTED, "K1": Y, "K2": Y, "K6": Y, "C1": ""}, NOT_YET),
    ("three", {"R1": "", "K1": Y}, "no"),
    ("three", {"R1": "unclear", "K1": Y, "K2": Y, "K6": Y, "C1": {"value": Y, "level": "system"}}, "unclear"),
]  # fmt: skip


@pytest.mark.parametrize(("variable", "said", "expected"), CASES)
def test_values_by_hand(study: Any, variable: str, said: dict[str, Any], expected: str) -> None:
    assert study(said)[variable].value == expected


def test_each_value_names_its_cells(study: Any) -> None:
    found = study({"K1": Y, "K2": Y, "K6": "no", "R1": Y, "R2": QUOTED})
    assert found["mosaic"].counting == ("A0:K1", "A0:K2")
    assert found["mosaic"].cells == ("A0:K1", "A0:K2", "A0:K6")
    assert (found["relational"].counting, found["relational"].cells) == (("A0:R2",), ("A0:R1", "A0:R2"))
    assert found["three"].cells == ("A0:R1", "A0:R2", "A0:K1", "A0:K2", "A0:K6", "A0:C1", "A0:C2")
    for name in ("forms_n", "mechanisms"):
        number = found[name].value
        assert len(found[name].counting) == (2 if number == "2" else 0)


def test_a_study_is_all_its_reports(study: Any) -> None:
    """Yes where one report says so; what is open in another could still say more only where it matters."""
    found = study(
        {"K1": Y, "C1": {"value": Y, "level": "system"}}, {"K1": "", "K2": Y, "C1": {"value": Y, "level": "individual"}}
    )
    assert (found["forms_n"].value, found["forms_n"].counting) == ("2", ("A0:K1", "A1:K2"))
    assert found["levels"].value == "individual; system"
    assert study({}, {"K1": ""})["forms_n"].value == NOT_YET
    assert study({}, {"C1": ""})["levels"].value == NOT_YET
    assert study({"R1": "no"}, {"R1": "unclear"})["relational"].value == "unclear"


def test_a_code_with_a_single_level_stands_there_unless_it_was_placed(make: Any) -> None:
    """A yes to "level acted on: system" is not lost because the column beside it was left empty."""
    plain = {"family": "f", "label": "l", "definition": "d"}
    codes = [{"id": "C1", "levels": ["system"], **plain}, {"id": "C2", "levels": ["system", "individual"], **plain}]
    rules = [{"id": "levels", "label": "l", "kind": "levels", "codes": ["C1", "C2"]}]
    families = [{"id": "f", "label": "F", "text": "t"}]
    levelled = Codebook.model_validate({"version": 1, "families": families, "codes": codes, "derived": rules})

    def levels(**said: str) -> tuple[str, tuple[str, ...]]:
        fields = {"C1": "no", "C2": "no"} | said
        cells = [
            make.cell("A", code, "coded", value=v.split()[0], level=v.partition(" ")[2]) for code, v in fields.items()
        ]
        found = derived.compute(cells, levelled, make.studies())["A", "", "levels"]
        return found.value, found.counting

    assert levels(C1="yes") == ("system", ("A:C1",))
    assert levels(C1="yes individual") == ("individual", ("A:C1",))
    assert levels(C1="no") == ("none", ())
    assert levels(C2="yes") == ("none", ())


WALK = {
    "id": "themes", "label": "Themes", "version": 2,
    "targets": [{"id": "A", "label": "a"}, {"id": "B", "label": "b"}, {"id": "C", "label": "c"}],
    "rows": [
        {"code": "K1", "target": "A", "kind": "explicit"},
        {"code": "K2", "target": "A", "kind": "inferred"},
        {"code": "K2", "target": "B", "kind": "inferred"},
    ],
}  # fmt: skip


def test_coverage_of_another_list(make: Any) -> None:
    records = [
        make.record(id_, title=id_, study_id=study) for id_, study in (("A", "A"), ("A2", "A"), ("B", "B"), ("C", "C"))
    ]
    full = {id_: make.state(id_, "exclude" if id_ == "C" else "include") for id_ in ("A", "A2", "B", "C")}
    said = [
        ("A", "A", "K1", "yes"),
        ("A2", "A", "K1", "yes"),
        ("B", "B", "K2", "yes"),
        ("B", "B", "K1", "unclear"),
        ("C", "C", "K1", "yes"),
    ]
    cells = [make.cell(id_, code, "coded", study_id=study, value=value) for id_, study, code, value in said]
    material = synthesis.Material(records, [], [], {}, full, cells, [])
    rows = synthesis.crosswalks(material, book(crosswalks=[WALK])).rows
    assert [(r["Item"], r["Studies"], r["Studies by explicit rows alone"], r["Of studies"], r["Rests on"]) for r in rows] == [
        ("A", "2", "1", "2", "A:K1; A2:K1; B:K2"), ("B", "1", "0", "2", "B:K2"), ("C", "0", "0", "2", ""),
    ]  # fmt: skip
    assert rows[0]["Codes"] == "K1 (explicit); K2 (inferred)"
    table = synthesis.derived_variables(material, book()).rows
    assert [(row["Study id"], row["Variable"]) for row in table] == [(s, rule["id"]) for s in "AB" for rule in RULES]


def test_values_of_a_codes_own_say_yes_but_none(make: Any) -> None:
    cells = [make.cell("A", code, "coded", value=value) for code, value in (("K1", "touches"), ("K2", "none"))]
    found = derived.compute(cells, book([RULES[0]]), make.studies())
    assert found["A", "", "forms_n"] == Value("1", ("A:K1",), ("A:K1", "A:K2"))
