"""What goes to a journal names nobody of the team in the anonymised mode, whatever the format of the file."""

import importlib.util
import io
import re
import zipfile
from pathlib import Path

import pypdfium2
import pytest

_spec = importlib.util.spec_from_file_location("review_folder", Path(__file__).with_name("review_folder.py"))
review_folder = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(review_folder)

pytestmark = pytest.mark.slow

OF_THE_TEAM = ("progress.html", "progress.xlsx", "review.html")  # pages to work with; they stay with the team
TELLING = re.compile(rb"(?<![A-Za-z])(?:anna|ben|carys|Anna Prosser|Ben Okafor|Carys Madoc)(?![A-Za-z])|osf\.io")


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


def telling(review):
    """File of the reports, or part of one -> what it tells of the team."""
    found = {}
    for path in sorted((review.root / "reports").rglob("*")):
        if path.is_file() and path.name not in OF_THE_TEAM:
            for part, content in contents(path.relative_to(review.root / "reports").as_posix(), path.read_bytes()):
                if told := {match.decode().lower() for match in TELLING.findall(content)}:
                    found[part] = told
    return found


def test_nothing_names_the_team_and_the_numbers_stay(tmp_path):
    review = review_folder.Review.create(tmp_path / "review", pilot=8)
    path = review.root / "config/review.yaml"
    named = (
        path.read_text(encoding="utf-8")
        + "declarations: {registration: {name: OSF, id: osf.io/abc12}, funding: Paid by Carys Madoc.}\n"
    )
    path.write_text(named, encoding="utf-8")
    review.finishes()
    told = telling(review)
    assert {"tables/quotes.csv", "text/numbers_ids.csv", "text/methods.html", "manifest.json"} <= told.keys()
    assert told["manifest.json"] == {"anna", "ben", "carys"}, "the search finds names where they stand"
    assert {"osf.io", "carys madoc"} <= told["text/methods.docx!word/document.xml"], "inside archives, too"
    assert "supplement.zip!text/numbers_ids.csv" in told
    agreed = review.text("reports/tables/agreement.csv").splitlines()

    path.write_text(named + "report: {anonymous: yes}\n", encoding="utf-8")
    review.settles()
    assert telling(review) == {}
    assert "reviewer A" in review.text("reports/text/numbers_ids.csv")
    assert re.search(r"co0\d\.reviewer [ABC]", review.text("reports/tables/quotes.csv"))
    assert "anna" in review.text("reports/progress.html"), "the team's own page names it"
    assert "Withheld for anonymous review." in review.text("reports/text/methods.md")
    hidden = review.text("reports/tables/agreement.csv").splitlines()
    assert len(hidden) == len(agreed)
    assert sorted(line for line in hidden if ",pair" not in line) == sorted(
        line for line in agreed if ",pair" not in line
    )
