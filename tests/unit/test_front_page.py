"""The front page: every file is linked, nothing urgent is left out, nothing becomes markup, and its pictures show."""

import re
import shutil
import subprocess
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from PIL import Image

from scoping import front_page, paper
from scoping.front_page import MOST, PANEL, Material, Picture

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)> & \u202etxt.exe"
FILES = {
    "prisma.svg", "prisma.pdf", "prisma_ids.csv", "prisma.html", "manuscript.docx", "figures/years.svg",
    "figures/years.png", "figures/years_data.csv", "tables/gaps.docx", "tables/gaps.html", "tables/gaps_ids.csv",
    "tables/quotes.csv", "manifest.json",
}  # fmt: skip


class Seen(HTMLParser):
    """What a browser makes of the page: links, pictures with their words, and all text."""

    def __init__(self, text):
        super().__init__()
        self.links, self.pictures, self.tags, self.text = [], [], [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        self.tags.append(tag)
        if tag == "a":
            self.links.append(said["href"])
        if tag == "img":
            self.pictures.append((said["src"], said["alt"]))

    def handle_data(self, data):
        self.text += data


def material(**more):
    row = {name: f"{name} of {HOSTILE}" for name in PANEL}
    known = {
        "title": f"A review {HOSTILE}",
        "notice": "Made up.",
        "stages": [("Identified", f"5 entries {HOSTILE}"), ("Coding", "3 cells")],
        "sections": [("PLEASE LOOK", [f"sheet {at}: {HOSTILE}" for at in range(MOST + 2)], "problems.csv", True)],
        "next": "mend what PLEASE LOOK names",
        "finished": False,
        "figures": [Picture("figures/years", f"Years. {HOSTILE}", f"In words {HOSTILE}")],
        "flow": Picture("prisma", "The flow.", "302 records"),
        "captions": {"tables/gaps": f"Gaps {HOSTILE}"},
        "agreement": [row],
        "files": frozenset(FILES),
    }
    return Material(**(known | more))


def test_every_file_is_linked_and_nothing_that_is_not_there():
    seen = Seen(front_page.html(material()))
    files = {link for link in seen.links if not link.startswith("#")}
    assert files == FILES
    assert {f"#{name}" for name in ("stands", "paper", "flow", "figures", "tables", "agreement", "all")} <= {
        *seen.links
    }
    fewer = frozenset(FILES - {"manuscript.docx"})
    assert "manuscript.docx" not in Seen(front_page.html(material(files=fewer))).links


def test_it_says_that_it_is_a_draft_until_nothing_is_left_to_do():
    assert "Draft: people still have something to decide" in Seen(front_page.html(material())).text
    assert front_page.BLIND in Seen(front_page.html(material())).text
    done = Seen(front_page.html(material(finished=True))).text
    assert "Draft" not in done
    assert front_page.BLIND not in done


def test_long_lists_end_with_where_the_rest_is():
    text = Seen(front_page.html(material())).text
    assert f"sheet {MOST - 1}:" in text
    assert f"sheet {MOST}:" not in text
    assert "… and 2 more, see problems.csv" in text


def test_nothing_in_a_review_becomes_markup():
    page = front_page.html(material())
    seen = Seen(page)
    assert "script" not in seen.tags
    assert [src for src, _ in seen.pictures] == ["prisma.svg", "figures/years.svg"]
    assert seen.pictures[1][1] == f"In words {HOSTILE}".replace("\u202e", "\ufffd")
    assert "\u202e" not in page
    assert "default-src 'none'" in page
    assert not re.search(r"https?://(?!www\.w3\.org)", page), "nothing is loaded from elsewhere"


def test_figures_stand_in_the_order_of_the_paper():
    names = ["figures/zebra.png", "figures/agreement.png", "figures/evidence_gap_map.png", "figures/publications_per_year.png", "prisma.png", "figures/zebra.svg"]  # fmt: skip
    assert paper.figures(names) == [
        "figures/publications_per_year.png", "figures/evidence_gap_map.png", "figures/agreement.png", "figures/zebra.png",
    ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("chromium"), reason="no Chromium here")
@pytest.mark.parametrize("allowed", [True, False])
def test_chromium_shows_the_pictures_beside_the_page(tmp_path, allowed):
    """And the policy is at work: without leave for images, none is shown."""
    for name in ("prisma", "figures/years"):
        path = tmp_path / f"{name}.svg"
        path.parent.mkdir(exist_ok=True)
        path.write_text(
            '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200"><rect width="300" height="200" fill="#123456"/></svg>'
        )
    page = front_page.html(replace(material(), sections=()))
    if not allowed:
        assert "img-src 'self' file:" in page
        page = page.replace("; img-src 'self' file:", "")
    (tmp_path / "review.html").write_text(page, encoding="utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={tmp_path}/chromium",
        "--window-size=1000,3000", f"--screenshot={tmp_path}/page.png"]  # fmt: skip
    subprocess.run(
        ["chromium", *options, (tmp_path / "review.html").as_uri()], check=True, timeout=120, capture_output=True
    )
    with Image.open(tmp_path / "page.png") as shot:
        colours = {colour: count for count, colour in shot.convert("RGB").getcolors(1 << 24)}
    shown = colours.get((0x12, 0x34, 0x56), 0)
    assert shown >= 2 * 30_000 if allowed else shown == 0
