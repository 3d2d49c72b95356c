"""The page of the flow diagram: every number leads to its list, and nothing in a record becomes markup."""

import importlib.util
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from scoping import diagram, prisma_page
from scoping.drawing.flow_layout import layout

_spec = importlib.util.spec_from_file_location("flows", Path(__file__).with_name("flows.py"))
assert _spec is not None
assert _spec.loader is not None
flows = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(flows)

HOSTILE = "</td></table><script>alert(1)</script><img src=x onerror=alert(1)> ]]> &amp; \u202etxt.exe"
VOID = {"meta"}


class Tree(HTMLParser):
    """What a browser makes of the page: elements with attributes and text."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.root = ET.Element("root")
        self.open = [self.root]
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        made = ET.SubElement(self.open[-1], tag, {name: value or "" for name, value in attributes})
        if tag not in VOID:
            self.open.append(made)

    def handle_endtag(self, tag):
        assert self.open[-1].tag == tag, (self.open[-1].tag, tag)
        self.open.pop()

    def handle_data(self, data):
        last = self.open[-1]
        if len(last):
            last[-1].tail = (last[-1].tail or "") + data
        else:
            last.text = (last.text or "") + data


def material(review, found):
    reasons = {row["record_id"]: flows.REASONS.get(row["reason"], row["reason"]) for row in review.second}
    sources = {id_: source.name for id_, source in review.protocol.sources.items()}
    return prisma_page.Material(found, review.entries, review.records, review.ends(), reasons, sources, review.before)


def page(review):
    found, wrong = review.count()
    assert wrong == []
    flow = diagram.flow(found, review.protocol)
    return flow, prisma_page.html(flow, layout(flow), material(review, found))


def shown(root, anchor):
    """The rows that the style rules show while a heading is the target."""
    style = "".join(element.text or "" for element in root.iter("style"))
    classes = re.findall(rf"#{re.escape(anchor)}:target ~ \.list \.([\w-]+) \{{ display: var\(--rows\); \}}", style)
    assert len(classes) == 1
    return [
        row for body in root.iter("tbody") if classes[0] in body.get("class", "").split() for row in body.iter("tr")
    ]


@pytest.fixture(scope="module")
def reviews(make):
    """All four variants with something in them."""
    made = [flows.Review(make, seed) for seed in range(40)]
    return [review for review in made if len(review.entries) > 10]


def test_each_number_links_to_a_list_of_as_many_rows(reviews):
    variants = set()
    for review in reviews:
        flow, text = page(review)
        root = Tree(text).root
        headings = {heading.get("id"): heading for heading in root.iter("h2")}
        (figure,) = root.iter("figure")
        links = [link.get("href")[1:] for link in figure.iter("a")]
        assert set(links) == set(headings)
        numbers = sum(line.number is not None for box in flow.boxes.values() for line in box.lines)
        assert len(set(links)) >= numbers
        for anchor, heading in headings.items():
            label, number, unit = re.fullmatch(r"(.*): ([\d,]+) (\w+)(?:, in .*)?", heading.text, re.DOTALL).groups()
            assert label
            rows = shown(root, anchor)
            if unit in ("study", "studies"):
                assert len(rows) >= int(number)
            else:
                assert len(rows) == int(number)
        variants.add((review.updated, review.other))
    assert len(variants) == 4


def test_the_list_holds_the_ids_behind_the_number(reviews):
    for review in reviews[:10]:
        found, _ = review.count()
        root = Tree(page(review)[1]).root
        for anchor, box in (
            ("list-excluded", "excluded"),
            ("list-not_retrieved", "not_retrieved"),
            ("list-sought", "sought"),
        ):
            ids = {re.search(r"record (\w+)", "".join(row.itertext()))[1] for row in shown(root, anchor)}
            assert ids == found.of(box)
        (duplicates,) = {
            heading.get("id") for heading in root.iter("h2") if heading.text.startswith("Duplicate records")
        }
        first = {"".join(row[-1].itertext()).split(",")[0] for row in shown(root, duplicates)}
        assert first == found.of("duplicates")


def test_a_list_of_another_length_is_refused(reviews):
    """Control: an id that no row has."""
    review = next(review for review in reviews if review.count()[0].count("duplicates"))
    found, _ = review.count()
    flow = diagram.flow(found, review.protocol)
    entries = [row for row in review.entries if row["role"] != "duplicate"]
    with pytest.raises(ValueError, match=r"Records identified from: \d+ in the diagram, \d+ in the list"):
        prisma_page.html(flow, layout(flow), replace(material(review, found), entry_records=entries))


def test_every_entry_stands_once(reviews):
    for review in reviews[:10]:
        root = Tree(page(review)[1]).root
        assert sum(1 for body in root.iter("tbody") for _ in body.iter("tr")) == len(review.entries) + len(
            review.before
        )


def test_one_file_without_script_that_loads_nothing(reviews):
    root = Tree(page(reviews[0])[1]).root
    assert not list(root.iter("script"))
    assert not list(root.iter("img"))
    policy = [meta.get("content") for meta in root.iter("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"]
    for element in root.iter():
        assert not {"src", "srcset", "onload", "onclick", "style"} & set(element.attrib) or element.tag == "svg"
        assert element.get("href", "#").startswith("#")


def test_for_those_who_do_not_see_it(reviews):
    root = Tree(page(reviews[0])[1]).root
    (figure,) = root.iter("figure")
    (svg,) = figure.iter("svg")
    assert svg.get("role") == "group", "an image would hide its links"
    assert svg.get("aria-labelledby") == "title desc"
    assert {element.get("id") for element in svg} >= {"title", "desc"}
    assert all(link.get("aria-label") for link in figure.iter("a"))
    (nav,) = root.iter("nav")
    assert {link.get("href") for link in nav.iter("a")} == {link.get("href") for link in figure.iter("a")}
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(set(ids)) == len(ids)


def test_a_hostile_record_stays_text(make):
    review = flows.Review(make, 3)
    assert review.records
    hostile = [{**row, "title": HOSTILE, "authors": make.authors(HOSTILE)} for row in review.records]
    review.records = hostile
    review.before = [{**row, "title": HOSTILE, "report": f"{at}{HOSTILE}"} for at, row in enumerate(review.before)]
    _, text = page(review)
    assert "<script" not in text
    assert "<img" not in text
    assert "\u202e" not in text
    root = Tree(text).root
    assert HOSTILE.replace("\u202e", "\ufffd") in [head.text for head in root.iter("th")]


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("chromium"), reason="no Chromium here")
def test_a_browser_shows_the_list_of_the_target_alone(make, tmp_path):
    """Printed to PDF, since that shows what is displayed."""
    review = next(
        r for r in (flows.Review(make, seed) for seed in range(99)) if r.count()[0].count("not_retrieved") > 1
    )
    _, text = page(review)
    file = tmp_path / "prisma.html"
    file.write_text(text, encoding="utf-8")
    root = Tree(text).root
    wanted = {row[-1].find("div/span").text.split(",")[0] for row in shown(root, "list-not_retrieved")}
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
               "--disable-background-networking", "--disable-component-update", "--disable-sync",
               f"--user-data-dir={tmp_path / 'profile'}", f"--print-to-pdf={tmp_path / 'page.pdf'}"]  # fmt: skip
    subprocess.run(
        ["chromium", *options, f"{file.as_uri()}#list-not_retrieved"], check=True, timeout=120, capture_output=True
    )
    seen = _letters(_words(tmp_path / "page.pdf"))
    for row in review.entries:
        assert (_letters(row["entry_id"]) in seen) == (row["entry_id"] in wanted)


def _letters(text: str) -> str:
    """Hyphens are lost at the end of a line."""
    return re.sub(r"[\W_]", "", text)


def _words(pdf: Path) -> str:
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        return "".join(page.get_textpage().get_text_bounded() for page in document)
