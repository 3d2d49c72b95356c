"""Small reviews for the tests of the evidence map: by hand, drawn by lot, and hostile."""

import random
from pathlib import Path
from typing import Any

from scoping import citation, evidence_map, evidence_map_page
from scoping.codebook import Codebook
from scoping.columns import BASES, STATUSES
from scoping.studies import Studies
from scoping.tables import Row, compact

HOSTILE = (
    "=1+1</script><img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>"
    "<!--<script> \u202etxt.exe\u2066 \x00\x0b\x7f \u05e9\u05dc\u05d5\u05dd \u2028 ]]> &amp; 'q' \"q\" "
)


def code(id_: str, **more: Any) -> dict[str, Any]:
    return {"id": id_, "family": "mec", "label": f"Label {id_}", "definition": f"What {id_} means", **more}


def book(**more: Any) -> Codebook:
    """Two mechanisms, two changes, a code with levels and one with a single level, values of its own, a closed list."""
    codes = [
        code("MA", status="yes", unit="model"),
        code("MB", status="yes"),
        code("CA", family="cha", basis="yes"),
        code("CB", family="cha", basis="yes"),
        code("LA", family="oth", levels=["individual", "system"]),
        code("LB", family="oth", levels=["organisation"]),
        code("AG", family="oth", values=["none", "touches", "main subject"]),
        code("TIER", family="oth", values=["local", "national", "unclear"], quote="no"),
    ]
    families = [{"id": id_, "label": id_.upper(), "text": "t"} for id_ in ("mec", "cha", "oth")]
    return Codebook.model_validate({"version": 1, "families": families, "codes": codes, **more})


def drawn(make: Any, seed: int, studies: int = 12) -> evidence_map.Material:
    """A review by lot: reports of one study, models, open cells, several statuses, cells that nobody was asked."""
    draw = random.Random(seed)
    whole = book()
    records, cells, rows = [], [], []
    for number in range(draw.randint(1, studies)):
        study = f"S{number:02d}"
        for at, id_ in enumerate([study, f"{study}B"][: draw.choice((1, 1, 2))]):
            names = ["one", "two"][: draw.choice((0, 2))]
            about = {
                "year": draw.choice(["", "1999", "2010", "2020"]),
                "type": draw.choice(["article-journal", "report", ""]),
                "title": draw.choice(["Évidence für Räte", "Łódź and the council", "Knowledge “brokers”"]),
            }
            records.append(make.record(id_, study_id=study, authors=make.authors(draw.choice("ABC")), **about))
            rows.append(make.study(id_, study, *names))
            cells += [
                cell(make, draw, whole, id_, study, one["id"], model)
                for one in whole.model_dump()["codes"]
                for model in range(1, max(1, len(names) if one["unit"] == "model" else 1) + 1)
                if not at or draw.random() < 0.5
            ]
    return material(records, [each for each in cells if each], rows, whole)


def cell(make: Any, draw: random.Random, whole: Codebook, report: str, study: str, id_: str, model: int) -> Row:
    (asked,) = (one for one in whole.codes if one.id == id_)
    said = draw.choice([*asked.values, *asked.values, ""])
    yes = said not in ("", "no", "none", "unclear")
    return make.cell(
        report, id_, "coded" if said else draw.choice(["pending", "conflict"]), study_id=study, model=str(model), value=said,
        level=draw.choice(["", *asked.levels, "; ".join(asked.levels)]) if yes and asked.levels else "",
        status=draw.choice(["", *STATUSES, "operating; ended"]) if yes and asked.status else "",
        basis=draw.choice(["", *BASES, "self-report; observed"]) if yes and asked.basis else "",
        quote=f"Quote of {report} for {id_}, ærlig" if yes else "", locator="p. 3" if yes else "",
        verdict=draw.choice(["verbatim", "missing"]) if yes else "",
    )  # fmt: skip


def material(records: list[Row], cells: list[Row], rows: list[Row], whole: Codebook) -> evidence_map.Material:
    """As `scoping map` puts it together."""
    reports = sorted(records, key=citation.sort_key)
    short = citation.shorts(reports)
    linked = Studies(rows)
    names: dict[str, str] = {}
    for row in reports:
        if linked.of(row["record_id"]).main == row["record_id"]:
            names[row["study_id"]] = short[row["record_id"]]
    return evidence_map.Material(reports, names, cells, linked, whole)


def hostile(make: Any) -> evidence_map.Material:
    """One study in which all that people or strangers wrote is hostile."""
    texts = dict.fromkeys(("title", "abstract", "journal", "publisher", "volume", "type"), f"{HOSTILE}\ud800")
    person = compact([{"family": HOSTILE, "given": "", "literal": ""}])
    whole = book(
        codes=[code("MA", status="yes", label=HOSTILE, definition=HOSTILE), code("CA", family="cha", basis="yes")],
        families=[{"id": id_, "label": HOSTILE, "text": "t"} for id_ in ("mec", "cha")],
    )
    evil = dict.fromkeys(("quote", "locator", "level", "status", "basis", "note"), HOSTILE) | {"verdict": "missing"}
    cells = [make.cell("A", id_, "coded", value="yes", **evil) for id_ in ("MA", "CA")]
    cells[1]["quote"] = "long " * 2000
    record = make.record("A", authors=person, year="2020", doi='10.5555/<b>"x', url="javascript:alert(1)", **texts)
    return material([record], cells, [make.study("A")], whole)


def page(found: evidence_map.Material, *, abstracts: bool = False, draft: str = "", notice: str = "") -> str:
    return evidence_map_page.html(
        evidence_map.index(found),
        evidence_map.details(found, abstracts=abstracts),
        title="Evidence map: a test",
        notice=notice,
        draft=draft,
        abstracts=abstracts,
    )


def opened(browser: Any, folder: Path, text: str, address: str = "", **size: int) -> Any:
    """The page in the browser."""
    file = folder / "map.html"
    file.write_text(text, encoding="utf-8")
    browser.open(f"{file.as_uri()}{address}", **size)
    return browser
