"""What goes to a journal names nobody of the team in the anonymised mode, whatever the format of the file."""

import importlib.util
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
TELLING = re.compile(r"(?<![a-z])(?:anna|ben|carys)(?![a-z])|prosser|okafor|madoc|osf\.io", re.IGNORECASE)


def texts(path):
    """All texts of a file: of a PDF its pages, of an Office or zip file every part, of others the bytes."""
    if path.suffix == ".pdf":
        with pypdfium2.PdfDocument(path) as document:
            yield " ".join(page.get_textpage().get_text_bounded() for page in document)
            yield str(document.get_metadata_dict())
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                inner = path.with_name(f"{path.name}.part") if name.endswith((".docx", ".zip")) else None
                if inner:
                    inner.write_bytes(archive.read(name))
                    yield from texts(inner)
                    inner.unlink()
                yield name + archive.read(name).decode("utf-8", "replace")
    else:
        yield path.read_bytes().decode("utf-8", "replace")


def telling(review):
    """File of the reports -> the names that it tells."""
    found = {}
    for path in sorted((review.root / "reports").rglob("*")):
        if path.is_file() and path.suffix not in (".png", ".tiff") and path.name not in OF_THE_TEAM:
            names = {name.lower() for text in texts(path) for name in TELLING.findall(text)}
            if names:
                found[path.relative_to(review.root / "reports").as_posix()] = names
    return found


def test_nothing_names_the_team_and_the_numbers_stay(tmp_path):
    review = review_folder.Review.create(tmp_path / "review", pilot=8)
    review.works()
    while review.label_everything():
        review.works()
    path = review.root / "config/review.yaml"
    named = (
        path.read_text(encoding="utf-8")
        + "declarations: {registration: {name: OSF, id: osf.io/abc12}, funding: Paid by Okafor.}\n"
    )
    path.write_text(named, encoding="utf-8")
    review.works()
    told = telling(review)
    assert {
        "tables/agreement.csv",
        "text/numbers_ids.csv",
        "text/methods.docx",
        "manifest.json",
        "supplement.zip",
    } <= told.keys()
    agreed = review.text("reports/tables/agreement.csv").splitlines()

    path.write_text(named + "report: {anonymous: yes}\n", encoding="utf-8")
    review.settles()
    assert telling(review) == {}
    assert "reviewer A" in review.text("reports/text/numbers_ids.csv")
    assert "Withheld for anonymous review." in review.text("reports/text/methods.md")
    hidden = review.text("reports/tables/agreement.csv").splitlines()
    assert len(hidden) == len(agreed)
    assert sorted(line for line in hidden if ",pair" not in line) == sorted(
        line for line in agreed if ",pair" not in line
    )
