"""The same bytes whatever the number of cores, hash seed, time zone, language, folder and place of the call."""

import importlib.util
import subprocess
from pathlib import Path

import pytest

_spec = importlib.util.spec_from_file_location("review_folder", Path(__file__).with_name("review_folder.py"))
review_folder = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(review_folder)

pytestmark = pytest.mark.slow


def turkish():
    """A language whose small letters are not those of English, where the computer has it."""
    known = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout.split()
    return next((name for name in known if name.lower().startswith("tr_tr.utf")), "C.UTF-8")


HERE = {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C", "LANG": "C"}
THERE = {"PYTHONHASHSEED": "2", "TZ": "America/Lima", "LC_ALL": turkish(), "LANG": "en_GB.UTF-8"}


def run_twice(here, there, *targets):
    """One core in the folder itself, four from elsewhere; files whose bytes differ, and files that only one has."""
    first = here.run(*targets, cores=1, env=HERE)
    assert first.code == 0, first
    place = ("--snakefile", str(there.snakefile), "--directory", str(there.root))
    second = there.run(*place, *targets, cores=4, env=THERE, cwd=Path("/"))
    assert second.code == 0, second
    a, b = here.results(), there.results()
    return sorted(name for name in {*a, *b} if a.get(name) != b.get(name))


def test_the_demo_gives_the_same_bytes_elsewhere(tmp_path):
    here = review_folder.clone(tmp_path / "here")
    there = review_folder.clone(tmp_path / "ein anderer Ort, weit weg" / "ö")
    assert run_twice(here, there) == []
    assert len(here.results()) > 60


TELLTALES = """
rule place:
    output: "data/processed/place.txt"
    shell: "pwd > {output}"

rule zone:
    output: "data/processed/zone.txt"
    shell: "date +%Z > {output}"

rule order:
    output: "data/processed/order.txt"
    shell: "python -c 'print(set(map(str, range(99))))' > {output}"
"""


def test_control_files_that_tell_where_they_were_made_are_found(tmp_path):
    reviews = [review_folder.Review.create(tmp_path / name) for name in ("here", "there")]
    for review in reviews:
        review.snakefile.write_text(review.text("Snakefile") + TELLTALES)
    files = [f"data/processed/{name}.txt" for name in ("order", "place", "zone")]
    assert run_twice(*reviews, *files) == files
