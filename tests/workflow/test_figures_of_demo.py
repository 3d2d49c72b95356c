"""The figures of the finished demonstration keep what all figures have to; anonymous, its reports name nobody of the team."""

import importlib.util
import io
import re
import sys
import zipfile
from pathlib import Path

import pypdfium2
import pytest

from scoping.figure_settings import GENERIC

HERE = Path(__file__)


def _load(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


review_folder = _load("review_folder_of_figures", HERE.with_name("review_folder.py"))
figure_checks = _load("figure_checks_of_demo", HERE.parents[1] / "figure_checks.py")

PEOPLE = re.compile(rb"(?<![A-Za-z])(anna|ben|carys|Anna Prosser|Ben Okafor|Carys Madoc)(?![A-Za-z])")
# what the team works with, and what people themselves wrote: see docs/decisions.md
OF_THE_TEAM = ("progress.html", "progress.xlsx", "index.html")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    review = review_folder.clone(tmp_path_factory.mktemp("figures") / "scoping")
    assert review.run(cores=2).code == 0
    return review


def test_every_figure_of_the_demonstration_keeps_what_all_have_to(demo):
    folder = demo.root / "reports/figures"
    names = sorted(path.name.removesuffix("_data.csv") for path in folder.glob("*_data.csv"))
    assert len(names) >= 15
    wrong = [
        fault
        for name in names
        for fault in figure_checks.faults(figure_checks.Figure.read(folder, name), GENERIC)
    ]  # fmt: skip
    assert wrong == []


def contents(name, content):
    """All that a file says: parts of an archive each by itself, the text of a PDF beside its bytes."""
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for part in archive.namelist():
                yield f"{name}: the name of a part", part.encode()
                yield from contents(f"{name}!{part}", archive.read(part))
        return
    yield name, content
    if content.startswith(b"%PDF"):
        document = pypdfium2.PdfDocument(content)
        try:
            yield f"{name}: text", "\n".join(page.get_textpage().get_text_range() for page in document).encode()
        finally:
            document.close()


def named(review):
    """File of the reports -> the people that it names."""
    found = {}
    for path in sorted((review.root / "reports").rglob("*")):
        if path.is_file() and path.name not in OF_THE_TEAM:
            for part, content in contents(path.relative_to(review.root).as_posix(), path.read_bytes()):
                people = {match.decode() for match in PEOPLE.findall(content)}
                if people:
                    found[part] = people
    return found


def test_anonymous_reports_name_nobody_of_the_team(demo, tmp_path):
    plain = named(demo)
    assert plain["reports/manifest.json"] == {"anna", "ben", "carys"}, "the search finds names where they stand"
    assert "reports/tables/quotes.csv" in plain
    assert any(part.startswith("reports/tables/quotes.xlsx!") for part in plain), "inside archives, too"
    hidden = demo.copy(tmp_path / "scoping")
    protocol = hidden.root / "config/review.yaml"
    protocol.write_text(protocol.read_text(encoding="utf-8") + "\nreport: {anonymous: yes}\n", encoding="utf-8")
    assert hidden.run(cores=2).code == 0
    assert named(hidden) == {}
    assert "reviewer A" in hidden.text("reports/manifest.json")
    assert re.search(r"co0\d\.reviewer [ABC]", hidden.text("reports/tables/quotes.csv"))
    assert "anna" in hidden.text("reports/progress.html"), "the team's own page names it"
