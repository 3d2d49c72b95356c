"""The evidence map in a real browser: what it counts, what it lists, and what it lets nobody do."""

import csv
import importlib.util
import io
import itertools
import json
import re
import time
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from scoping import code_counts, evidence_map
from scoping.code_counts import NOT_CODABLE, UNCLEAR

_spec = importlib.util.spec_from_file_location("mapped", Path(__file__).with_name("mapped.py"))
assert _spec is not None
assert _spec.loader is not None
mapped = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(mapped)

LISTED = "[...document.querySelectorAll('#list tbody tr')].map((row) => row.dataset.study)"
CELLS = """
[...document.querySelectorAll('#matrix tbody tr')].map((row) => [...row.querySelectorAll('td button')].map((button) => [
  button.querySelector('.count').textContent,
  Object.fromEntries([...button.querySelectorAll('.slot')].filter((slot) => slot.textContent)
    .map((slot) => [slot.dataset.part, slot.textContent]))]))
"""
WATCH = "addEventListener('securitypolicyviolation', (event) => console.log('blocked ' + event.violatedDirective))"
NUMBERS = "[...document.querySelectorAll('#matrix .count')].map((count) => count.textContent)"


def status(browser: Any) -> str:
    said: str = browser.run("document.getElementById('status').textContent")
    return said


def click(browser: Any, selector: str, at: int = 0) -> None:
    browser.run(f"document.querySelectorAll({json.dumps(selector)})[{at}].click()")


def put(browser: Any, id_: str, value: str, event: str = "input") -> None:
    browser.run(
        f"(() => {{ const it = document.getElementById('{id_}'); it.value = {json.dumps(value)};"
        f" it.dispatchEvent(new Event('{event}', {{ bubbles: true }})); }})()"
    )


def until(browser: Any, expression: str) -> None:
    """Wait until something holds in the page; the driver gives up after a minute."""
    browser.run(
        f"new Promise((done) => {{ const look = () => ({expression}) ? done(true) : setTimeout(look, 10); look(); }})"
    )


@pytest.fixture
def show(browser: Any, tmp_path: Path) -> Any:
    """Opens a page in the browser and gives the browser."""
    return lambda text, address="", **size: mapped.opened(browser, tmp_path, text, address, **size)


# what is counted


@pytest.mark.parametrize("seed", range(6))
def test_every_number_is_that_of_the_gap_map_and_opens_to_its_ids(make: Any, show: Any, seed: int) -> None:
    found = mapped.drawn(make, seed)
    page, answers = show(mapped.page(found)), found.answers
    order = code_counts.strength(found.codebook)
    shown = page.run(CELLS)
    for down, mechanism in enumerate(("MA", "MB")):
        for across, change in enumerate(("CA", "CB")):
            gap = code_counts.gap(answers, mechanism, change, order)
            count, parts = shown[down][across]
            behind = f" {len(gap.behind)}" if gap.behind else ""
            assert count == (f"{gap.word}{behind}" if gap.word else str(len(gap.ids)))
            assert parts == {basis: str(len(ids)) for basis, ids in gap.studies.items()}
            click(page, "#matrix td button", down * 2 + across)
            assert sorted(page.run(LISTED)) == sorted(gap.behind if gap.word else gap.ids)
            for basis, ids in gap.studies.items():
                click(page, f"#parts button[data-part='{basis}']")
                assert sorted(page.run(LISTED)) == list(ids)
            click(page, "#parts li:last-child button")  # all studies again
    assert len(page.run(LISTED)) == len(found.names)
    assert not page.said()


@pytest.mark.parametrize("seed", range(6, 10))
def test_every_cell_of_every_pair_of_axes_against_brute_force(make: Any, show: Any, seed: int) -> None:
    found = mapped.drawn(make, seed)
    index = evidence_map.index(found)
    says = [dict(zip(index["studies"], line[3], strict=True)) for line in index["lines"]]
    text = mapped.page(found)
    for rows, _, down in index["axes"]:
        for columns, _, across in index["axes"]:
            page = show(text, f"#rows={rows}&columns={columns}&division=none")
            assert [[count for count, _ in row] for row in page.run(CELLS)] == [
                [by_hand([(says[one][s], says[other][s]) for s in index["studies"]]) for other in across]
                for one in down
            ]


def by_hand(said: list[tuple[str, str]]) -> str:
    both = sum(pair == ("y", "y") for pair in said)
    left = [pair for pair in said if "n" not in pair and pair != ("y", "y")]
    opened = sum("o" in pair for pair in left)
    if both:
        return str(both)
    return f"{NOT_CODABLE} {opened}" if opened else f"{UNCLEAR} {len(left)}" if left else "none found"


def test_a_row_and_a_column_open_to_their_studies(make: Any, show: Any) -> None:
    found = mapped.drawn(make, 3)
    page = show(mapped.page(found))
    for at, id_ in enumerate(("CA", "CB", "MA", "MB")):
        click(page, "#matrix th button", at)
        assert sorted(page.run(LISTED)) == list(found.answers.saying("yes", id_))
        rest = page.run("[...document.querySelectorAll('#parts button')].map((button) => button.textContent)")
        opened = len(found.answers.saying("not known yet", id_))
        assert (f"not counted, not coded yet {opened}" in rest) == bool(opened)


def test_other_ways_to_divide(make: Any, show: Any) -> None:
    found = mapped.drawn(make, 4)
    page = show(mapped.page(found), "#columns=oth&division=levels.columns")
    lines = [line[0] for line in evidence_map.index(found)["lines"] if line[1] in ("LA", "LB", "AG", "TIER")]
    lines = [line for line in lines if "AG=" not in line]
    levels = code_counts.levels(found.answers, [code for code in found.codebook.codes if code.levels])
    for down, mechanism in enumerate(("MA", "MB")):
        row = dict(zip(lines, page.run(CELLS)[down], strict=True))
        for code in ("LA", "LB"):
            both = set(found.answers.saying("yes", mechanism, code))
            wanted = {level: len(both & set(ids)) for (of, level), ids in levels.items() if of == code}
            assert row[code][1] == {level: str(size) for level, size in wanted.items() if size}
        assert not any(parts for line, (_, parts) in row.items() if line not in ("LA", "LB"))
    options = page.run("[...document.querySelectorAll('#division option')].map((option) => option.value)")
    assert options == ["none", "status.rows", "levels.columns"]


# what is listed


def plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).lower()


@pytest.mark.parametrize("seed", range(10, 14))
def test_filters_against_brute_force(make: Any, show: Any, seed: int) -> None:
    found = mapped.drawn(make, seed)
    page = show(mapped.page(found))

    def holding(*words: str) -> list[str]:
        text = dict.fromkeys(found.names, "")
        for row in found.reports:
            text[row["study_id"]] += f"{row['title']} {row['authors']} "
        for cell in found.cells:
            text[cell["study_id"]] += f"{cell['quote']} "
        folded = {id_: plain(each).replace("ł", "l").replace("æ", "ae") for id_, each in text.items()}
        return sorted(id_ for id_, each in folded.items() if all(word in each for word in words))

    for typed, words in (
        ("EVIDENCE rate", ("evidence", "rate")),
        ("lodz", ("lodz",)),
        ("quote aerlig", ("quote", "aerlig")),
    ):
        put(page, "words", typed)
        assert sorted(page.run(LISTED)) == holding(*words)
    click(page, "#clear")
    for low, high in ((2000, 0), (0, 2015), (2005, 2015)):
        put(page, "from", str(low or ""))
        put(page, "to", str(high or ""))
        fits = {r["study_id"] for r in found.reports if r["year"] and low <= int(r["year"]) <= (high or 9999)}
        assert set(page.run(LISTED)) == fits
    put(page, "type", "report", "change")
    fits = {r["study_id"] for r in found.reports if r["year"] == "2010" and r["type"] == "report"}
    assert set(page.run(LISTED)) == fits  # one report has to be both
    click(page, "#clear")
    put(page, "code", "AG", "change")
    put(page, "answer", "y AG=touches", "change")
    click(page, "#add")
    assert sorted(page.run(LISTED)) == list(code_counts.values(found.answers, found.codebook.codes[6])["touches"])
    put(page, "code", "MB", "change")
    put(page, "answer", "n MB", "change")
    click(page, "#add")
    touching = code_counts.values(found.answers, found.codebook.codes[6])["touches"]
    assert set(page.run(LISTED)) == set(touching) & set(found.answers.saying("no", "MB"))
    assert "Filters: Label AG: touches: yes; Label MB: no." in status(page)
    click(page, "#chosen button")
    assert set(page.run(LISTED)) == set(found.answers.saying("no", "MB"))


def test_filters_that_leave_no_study_say_so_in_every_cell(make: Any, show: Any) -> None:
    page = show(mapped.page(mapped.drawn(make, 1)))
    put(page, "words", "nobody wrote this")
    assert {count for row in page.run(CELLS) for count, _ in row} == {"no study"}
    assert page.run("document.getElementById('download').disabled")
    assert status(page).endswith("Filters: with the words “nobody wrote this”.")


def test_sorting_and_pages(make: Any, show: Any) -> None:
    years = [str(1900 + number * 7 % 101) for number in range(101)]
    records = [make.record(f"S{number:03d}", year=year if number else "") for number, year in enumerate(years)]
    found = mapped.material(records, [], [make.study(row["record_id"]) for row in records], mapped.book())
    page = show(mapped.page(found))
    sorts = "[...document.querySelectorAll('#list thead th')].map((head) => head.getAttribute('aria-sort'))"
    assert page.run(sorts) == ["ascending", "none", "none", "none"]
    assert page.run(LISTED) == list(found.names)[:50]
    click(page, "#by-year button")
    assert page.run(sorts) == ["none", "none", "ascending", "none"]
    known = sorted((row for row in records if row["year"]), key=lambda row: int(row["year"]))
    assert page.run(LISTED) == [row["record_id"] for row in known[:50]]
    click(page, "#next")
    click(page, "#next")
    assert page.run("document.getElementById('page').textContent") == "101 to 101 of 101"
    assert page.run(LISTED) == ["S000"]  # without a year, last
    assert page.run("document.getElementById('next').disabled")
    click(page, "#by-year button")
    assert page.run(sorts) == ["none", "none", "descending", "none"]
    assert page.run(LISTED)[0] == "S000"
    click(page, "#by-title button")
    assert page.run(LISTED) == [row["record_id"] for row in sorted(records, key=lambda row: row["title"])[:50]]


def test_a_study_opens_to_all_that_was_coded(make: Any, show: Any) -> None:
    record = make.record("A", abstract="The abstract.", doi="10.5555/a", year="2020")
    cells = [
        make.cell(
            "A", "MA", "coded", value="yes", quote="As it stands.", locator="p. 3", verdict="missing", status="ended"
        ),
        make.cell("A", "CA", "pending"),
    ]
    found = mapped.material([record], cells, [make.study("A")], mapped.book())
    page = show(mapped.page(found, abstracts=True))
    assert "As it stands." not in page.run("document.getElementById('list').innerText")
    click(page, "#list details summary")
    until(page, "document.querySelector('#list details a')")
    text = page.run("document.getElementById('list').innerText")
    assert "Label MA: yes; ended – “As it stands.” (p. 3) [not found in the text]" in text
    assert "Label CA: not coded yet" in text
    assert page.run("document.querySelector('#list a').href") == "https://doi.org/10.5555/a"
    assert "The abstract." not in text
    click(page, "#list details details summary")
    assert "The abstract." in page.run("document.getElementById('list').innerText")
    click(page, "#matrix td button")
    assert status(page) == "All 1 study may report both “Label MA” and “Label CA”: not coded yet."
    evidence = page.run("[...document.querySelectorAll('.evidence > li')].map((item) => item.innerText)")
    assert evidence[:2] == [
        "Label MA: yes; ended – “As it stands.” (p. 3) [not found in the text]",
        "Label CA: not coded yet",
    ]


# the address, the keyboard, the download, the print


def test_the_address_keeps_what_is_chosen(make: Any, show: Any) -> None:
    found = mapped.drawn(make, 12)
    page = show(mapped.page(found))
    put(page, "rows", "oth", "change")
    put(page, "words", "a b&c=d #e %41")
    put(page, "from", "1990")
    put(page, "type", "report", "change")
    put(page, "code", "AG", "change")
    put(page, "answer", "y AG=main subject", "change")
    click(page, "#add")
    click(page, "#by-type button")
    click(page, "#by-type button")
    click(page, "#matrix td button", 2)
    seen = "document.getElementById('status').textContent + document.getElementById('matrix').outerHTML + location.hash"
    before = page.run(seen)
    assert "AG%3Dmain+subject" in page.run("location.hash")
    page = show(mapped.page(found), page.run("location.hash"))
    assert page.run(seen) == before
    assert page.run("document.getElementById('words').value") == "a b&c=d #e %41"
    click(page, "#clear")
    put(page, "rows", "mec", "change")
    click(page, "#by-study button")
    assert page.run("location.hash") == ""
    page.run("location.hash = '#columns=oth&row=MA&column=LA'")
    until(page, "document.getElementById('status').textContent.includes('“Label MA” and “Label LA”')")


@pytest.mark.parametrize(
    "address",
    ["#rows=__proto__&columns=none", "#row=CA&column=MA&part=x", "#from=-3&to=1e99&page=1e9&sort=constructor", "#%E0%A4%A",
     "#code=y%20NO&code=z%20MA&code=&type=x&division=basis.sideways&down=maybe", "#part=?open", "#" + "a" * 20000],
)  # fmt: skip
def test_an_address_that_makes_no_sense_opens_the_map(make: Any, show: Any, address: str) -> None:
    found = mapped.drawn(make, 5)
    plainly = show(mapped.page(found)).run(NUMBERS)
    page = show(mapped.page(found), address)
    assert page.run(NUMBERS) == plainly
    assert not page.said()


def test_a_part_that_a_cell_does_not_have_is_left_out(make: Any, show: Any) -> None:
    text, cell = mapped.page(mapped.drawn(make, 4)), "#row=MA&column=CA"
    whole = status(show(text, cell))
    assert "both “Label MA” and “Label CA”." in whole
    assert status(show(text, f"{cell}&part=operating")) == whole
    assert status(show(text, f"{cell}&part=asserted")) != whole


def test_the_keyboard_goes_through_the_matrix(make: Any, show: Any) -> None:
    page = show(mapped.page(mapped.drawn(make, 2)))
    focus = "document.activeElement.innerText.replace(/\\s+/g, ' ').replace(' :', ':')"
    assert page.run("document.querySelectorAll('#matrix button[tabindex=\"0\"]').length") == 1
    page.run("document.querySelector('#matrix button[tabindex=\"0\"]').focus()")
    assert page.run(focus).startswith("Label MA and Label CA: ")
    for key, begins in (("ArrowRight", "Label MA and Label CB: "), ("ArrowDown", "Label MB and Label CB: "), ("ArrowDown", "Label MB and Label CB: "),
                        ("Home", "Label MB: "), ("ArrowUp", "Label MA: "), ("ArrowUp", "Label MA: "), ("End", "Label MA and Label CB: "), ("ArrowUp", "Label CB: ")):  # fmt: skip
        page.press(key)
        assert page.run(focus).startswith(begins)
    page.press("Enter")
    assert page.run("document.activeElement.getAttribute('aria-pressed')") == "true"
    assert "“Label CB”." in status(page)
    assert page.run("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.press("Tab")
    assert page.run("document.activeElement.tagName") == "SUMMARY"  # the matrix is one stop


def test_the_download_is_what_is_listed(make: Any, show: Any, tmp_path: Path) -> None:
    found = mapped.drawn(make, 4)
    found.reports[0]["title"] = '=HYPERLINK("http://x")\n,"'
    page = show(mapped.page(found, notice="+Made up"))
    click(page, "#matrix td button")
    listed = page.run(LISTED)
    assert listed
    page.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path))
    click(page, "#download")
    for _ in range(600):
        if (tmp_path / "studies.csv").exists():
            break
        time.sleep(0.05)
    text = (tmp_path / "studies.csv").read_bytes().decode("utf-8")
    assert text.startswith("\ufeff")
    head, *rows = csv.reader(io.StringIO(text[1:], newline=""))
    assert [row[0] for row in rows] == listed
    assert {row[head.index("notice")] for row in rows} == {"'+Made up"}
    for row in rows:
        assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@"))]
        line = dict(zip(head, row, strict=True))
        for code in found.codebook.codes[:4]:
            word = found.answers.word(line["study_id"], code.id).replace("not known yet", "not coded yet")
            assert line[f"{code.id} {code.label}"] == word
        quotes = [c["quote"] for c in found.answers.cells[line["study_id"], "MA"] if c["quote"]]
        assert all(quote in line["quotes of MA"] for quote in quotes)
    main = {row["record_id"]: row["title"] for row in found.reports}
    assert [row[head.index("title")].removeprefix("'") for row in rows] == [main[id_] for id_ in listed]


def test_the_print_has_every_study_and_the_filters_in_words(make: Any, show: Any, tmp_path: Path) -> None:
    import pypdfium2

    records = [make.record(f"S{n:03d}", title=f"Title {n:03d}", year="2020") for n in range(120)]
    found = mapped.material(records, [], [make.study(row["record_id"]) for row in records], mapped.book())
    page = show(mapped.page(found), "#words=title")
    page.printed(tmp_path / "map.pdf")
    with pypdfium2.PdfDocument(tmp_path / "map.pdf") as document:
        words = "".join("".join(each.get_textpage().get_text_bounded() for each in document).split())
    assert all(f"Title{number:03d}" in words for number in range(120))
    assert "Filters:withthewords“title”." in words
    assert "LabelMA" in words
    assert "Clearall" not in words
    assert len(page.run(LISTED)) == 50  # and after the print as before


# what nobody can do


def test_a_hostile_record_does_nothing(make: Any, show: Any) -> None:
    page = show(mapped.page(mapped.hostile(make), abstracts=True, notice=mapped.HOSTILE))
    page.run(WATCH)
    click(page, "#matrix td button")
    click(page, "#list details summary")
    until(page, "document.querySelector('a')")
    assert page.run("[...document.querySelectorAll('a')].map((link) => link.protocol)") == ["https:"]
    put(page, "words", "</script>")
    put(page, "code", "MA", "change")
    click(page, "#add")
    page.run("new Promise((done) => setTimeout(done, 200))")
    assert page.run("document.title") == "Evidence map: a test"
    assert page.run("document.images.length + document.querySelectorAll('script').length") == 3
    assert "</script><img src=x" in page.run("document.querySelector('#list .title').textContent")
    assert len(page.run("document.querySelectorAll('q')[1].textContent")) == 10_002
    for width in (390, 1400):
        page.size(width, 900)
        assert page.run("document.documentElement.scrollWidth") <= width
    assert page.said() == []
    assert [address for address in page.asked_for() if not address.startswith("file:")] == []


INJECTED = "(() => { const made = document.createElement('script'); made.textContent = \"document.title = 'taken'\"; document.body.append(made); return document.title; })()"


def test_the_policy_stops_what_is_injected(make: Any, show: Any) -> None:
    page = show(mapped.page(mapped.drawn(make, 1)))
    page.run(WATCH)
    assert page.run(INJECTED) == "Evidence map: a test"
    page.run("document.body.setAttribute('style', 'color: red')")
    page.run("document.body.append(Object.assign(new Image(), { src: 'map.html' }))")
    for _ in range(600):
        said = set(re.findall(r"blocked [\w-]+", " ".join(page.said())))
        if said >= {"blocked script-src-elem", "blocked style-src-attr", "blocked img-src"}:
            break
        time.sleep(0.05)
    else:
        pytest.fail(f"only {said}")
    assert len([address for address in page.asked_for() if address.endswith("map.html")]) == 1


def test_without_the_policy_it_would_run(make: Any, show: Any) -> None:
    """Control."""
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", mapped.page(mapped.drawn(make, 1)))
    assert show(text).run(INJECTED) == "taken"


def test_without_scripts_it_says_where_the_numbers_are(make: Any, show: Any) -> None:
    text = mapped.page(mapped.drawn(make, 1))
    page = show("<title>nothing</title>")
    try:
        page.call("Emulation.setScriptExecutionDisabled", value=True)
        seen = show(text).run("document.body.innerText")
    finally:
        page.call("Emulation.setScriptExecutionDisabled", value=False)
    assert "The map needs JavaScript" in seen
    assert "evidence_gap_map_data.csv" in seen
    assert "Clear all" not in seen


def test_a_review_without_studies_says_so(make: Any, show: Any) -> None:
    page = show(mapped.page(mapped.material([], [], [], mapped.book())))
    assert "No study has been included yet." in page.run("document.body.innerText")
    assert page.run("document.getElementById('main').hidden")
    assert not page.said()


# who does not see it, who sees it on a phone

NAMES = """
[...document.querySelectorAll('button, input, select, a, summary')].filter((it) => it.checkVisibility()).map((it) =>
  [it.tagName, (it.labels?.[0]?.innerText ?? it.innerText).trim(), it.getBoundingClientRect().height])
"""
CONTRAST = """
[...document.querySelectorAll('body *')].filter((it) => it.checkVisibility() && !it.disabled && [...it.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
  .map((it) => {
    const light = (colour) => { const [r, g, b] = colour.match(/[\\d.]+/g).map((part) => part / 255).map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
    let under = it; while (under && /rgba\\(.*, 0\\)/.test(getComputedStyle(under).backgroundColor)) under = under.parentElement;
    const two = [light(getComputedStyle(it).color), under ? light(getComputedStyle(under).backgroundColor) : 1].sort((a, b) => b - a);
    return [(two[0] + 0.05) / (two[1] + 0.05), it.textContent];
  })
"""


def test_names_contrast_headings_and_landmarks(make: Any, show: Any) -> None:
    page = show(mapped.page(mapped.drawn(make, 4), draft="work goes on", notice="Made up."))
    click(page, "#matrix td button")
    click(page, "#list details summary")
    until(page, "document.querySelector('a, #list details li')")
    controls = page.run(NAMES)
    assert len(controls) > 20
    assert all(name for _, name, _ in controls)
    assert all(height >= 24 for tag, _, height in controls if tag not in ("A", "SUMMARY"))
    assert min(page.run(CONTRAST))[0] >= 4.5
    page.run("document.querySelector('h1').style.color = '#888'")
    assert min(page.run(CONTRAST))[0] < 4.5  # control
    assert page.run("document.documentElement.lang") == "en"
    levels = page.run("[...document.querySelectorAll('h1,h2,h3')].map((head) => Number(head.tagName[1]))")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert page.run(
        "['main', 'header', 'form[role=search]', 'nav[aria-label]', '[role=status]'].every((it) => document.querySelectorAll(it).length === 1)"
    )
    assert page.run(
        "[...document.querySelectorAll('[id]')].every((it, at, all) => all.findIndex((other) => other.id === it.id) === at)"
    )


@pytest.mark.parametrize("width", [320, 390, 900, 1400])
def test_nothing_is_wider_than_the_window(make: Any, show: Any, width: int) -> None:
    page = show(mapped.page(mapped.drawn(make, 4)), "#columns=oth", width=width)
    click(page, "#matrix td button", 1)
    assert page.run("document.documentElement.scrollWidth") <= width


AXES = ["", "#columns=oth", "#row=MA&column=CA", "#rows=oth&columns=oth&division=none", "#words=nothing-is-like-this"]


@pytest.mark.parametrize("address", AXES)
@pytest.mark.parametrize("width", [390, 1400])
def test_axe_finds_nothing(make: Any, show: Any, address: str, width: int) -> None:
    axe = importlib.util.find_spec("axe_core_python")
    assert axe is not None
    assert axe.origin is not None
    script = Path(axe.origin).with_name("axe.min.js").read_text(encoding="utf-8")
    page = show(mapped.page(mapped.drawn(make, 4), draft="work goes on", notice="Made up."), address, width=width)
    page.run("document.querySelectorAll('details').forEach((it) => { it.open = true; })")
    page.run(f"{script}; 0")
    find = "axe.run().then((found) => found.violations.map((each) => each.id + ': ' + each.nodes.map((node) => node.html).join(' ')))"
    assert page.run(find) == []
    page.run("document.querySelector('h1').append(document.createElement('button'))")
    assert [each.partition(":")[0] for each in page.run(find)] == ["button-name"]  # control


@pytest.mark.slow
def test_five_thousand_studies_with_abstracts(show: Any) -> None:
    """That it works; how fast it is, `benchmarks/evidence_map.py` says."""
    file = Path(__file__).resolve().parents[2] / "benchmarks" / "evidence_map.py"
    spec = importlib.util.spec_from_file_location("made_up", file)
    assert spec is not None
    assert spec.loader is not None
    made_up = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made_up)
    found = made_up.material(5000)
    page, order = show(made_up.page(found)), code_counts.strength(found.codebook)
    assert len(page.run(LISTED)) == 50
    mechanisms = [code.id for code in found.codebook.codes if code.status]
    changes = [code.id for code in found.codebook.codes if code.basis]
    for row, mechanism in zip(page.run(CELLS), mechanisms, strict=True):
        for (count, parts), change in zip(row, changes, strict=True):
            gap = code_counts.gap(found.answers, mechanism, change, order)
            assert count == f"{len(gap.ids):,}"
            assert parts == {basis: f"{len(ids):,}" for basis, ids in gap.studies.items()}
    put(page, "words", "123 łódź")
    texts = {row["record_id"]: plain(f"{row['title']} {row['authors']} {row['abstract']}") for row in found.reports}
    for cell in found.cells:
        texts[cell["study_id"]] += plain(cell["quote"])
    fits = sum("123" in text and "łodz" in text for text in texts.values())
    assert 0 < fits < 5000
    assert status(page).startswith(f"{fits:,} of 5,000 studies.")
    click(page, "#clear")
    click(page, "#by-title button")
    click(page, "#next")
    assert len(page.run(LISTED)) == 50
    assert not page.said()
