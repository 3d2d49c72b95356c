"""The demonstration's tables of codes, against counts made from its answers without the package."""

import csv
import importlib.util
from collections import Counter, defaultdict
from pathlib import Path

import pytest

_spec = importlib.util.spec_from_file_location("review_folder", Path(__file__).with_name("review_folder.py"))
review_folder = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(review_folder)

ANSWERS = Path(__file__).resolve().parents[2] / "examples/demo"
STUDIES = {  # studies, of 23, counted by eye on a list of the answers that stand
    ("REL3", "yes"): 11,
    ("REL3", "no"): 11,
    ("KNI3", "yes"): 12,
    ("KNI6", "yes"): 12,
    ("KNI6", "no"): 11,
    ("CTX2", "yes"): 9,
    ("CTX2", "unclear"): 7,
    ("MEC3", "yes"): 4,
    ("MEC6", "yes"): 3,
    ("MEC6", "unclear"): 2,
    ("MEC8", "yes"): 2,
    ("BAR9", "yes"): 9,
    ("BAR9", "no"): 12,
    ("IMP5", "unclear"): 1,
    ("AGE4", "touches"): 16,
    ("AGE4", "main subject"): 2,
    ("AGE4", "none"): 5,
    ("SET2", "regional"): 3,
    ("SRC1", "journal article"): 17,
    ("SRC1", "evaluation report"): 3,
}
FIRST = ("yes", "unclear", "no")


def plain(title):
    """A title without its capitals, blanks and final stop: databases differ in these."""
    return "".join(c for c in title.casefold() if c.isalnum())


def rows(path):
    """A table as dicts, with or without a mark at its beginning."""
    with path.open(newline="", encoding="utf-8-sig") as handle:
        return list(csv.DictReader(handle))


def settled():
    """(title, model, code) -> the row that stands: Carys's, or what Anna and Ben both said."""
    given = defaultdict(dict)
    for row in rows(ANSWERS / "coding.csv"):
        given[plain(row["title"]), row["model"], row["code"]][row["person"]] = row
    for place, people in given.items():
        assert ("carys" in people) == (people["anna"]["value"] != people["ben"]["value"]), place
    return {place: people.get("carys", people["anna"]) for place, people in given.items()}


def study(title):
    """The title that stands for a study: of two reports, the first in studies.csv."""
    same = {
        plain(row["other"]): plain(row["title"])
        for row in rows(ANSWERS / "studies.csv")
        if row["decision"] == "same study"
    }
    return same.get(title, title)


def by_study():
    """(code, value) -> studies: a study says yes if one of its models does, and has each value of a code's own."""
    said = defaultdict(set)
    for (title, _, code), row in settled().items():
        said[study(title), code].add(row["value"])
    found = defaultdict(set)
    for (title, code), values in said.items():
        own = values - {*FIRST, "none"} or {next(word for word in (*FIRST, "none") if word in values)}
        for value in own:
            found[code, value].add(title)
    return found


def test_the_count_by_code_agrees_with_the_count_by_hand():
    found = by_study()
    assert {place: len(found[place]) for place in STUDIES} == STUDIES
    titles = {study(title) for title, _, _ in settled()}
    assert len(titles) == 23
    assert len({code for _, _, code in settled()}) == 34


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A clone in which the workflow was run once."""
    review = review_folder.clone(tmp_path_factory.mktemp("by-hand") / "scoping")
    review.works(cores=4)
    return review


@pytest.mark.slow
def test_the_matrix_of_codes_says_what_the_answers_say(demo):
    table = rows(demo.root / "reports/figures/feature_matrix_data.csv")
    title = {row["Record id"]: plain(row["Title"]) for row in rows(demo.root / "reports/tables/included_studies.csv")}
    assert {row["of"] for row in table} == {"23"}
    found = by_study()
    assert {(row["code"], row["value"]): int(row["studies"]) for row in table if row["studies"] != "0"} == {
        place: len(titles) for place, titles in found.items() if titles
    }
    for row in table:
        ids = [id_ for id_ in row["ids"].split("; ") if id_]
        assert {study(title[id_]) for id_ in ids} == found[row["code"], row["value"]], (row["code"], row["value"])


@pytest.mark.slow
def test_each_coded_feature_is_the_answer_that_was_given(demo):
    title = {row["Record id"]: plain(row["Title"]) for row in rows(demo.root / "reports/tables/included_studies.csv")}
    models = {plain(row["title"]): row["names"].split("; ") for row in rows(ANSWERS / "studies.csv") if row["names"]}
    answers = settled()
    table = rows(demo.root / "reports/tables/coded_features.csv")
    assert len(table) == len(answers)
    for row in table:
        report = title[row["Record id"]]
        names = models.get(report, [])
        model = str(names.index(row["Model"]) + 1) if row["Model"] in names else "1"
        place = next(
            place
            for place in answers
            if place[1:] == (model, row["Code"])
            and (place[0] == report if row["Code"] == "SRC1" else study(place[0]) == study(report))
        )
        assert (row["Value"], row["Quote found"] == "") == (answers[place]["value"], not answers[place]["quote"]), place


@pytest.mark.slow
def test_raw_agreement_on_coding_is_the_share_of_cells_that_nobody_had_to_settle(demo):
    given = Counter(row["person"] for row in rows(ANSWERS / "coding.csv"))
    share = 1 - given["carys"] / given["anna"]
    table = rows(demo.root / "reports/tables/agreement.csv")
    found = [row for row in table if row["Stage"] == "Coding" and row["Items answered"] == str(given["anna"])]
    assert [row["Raw agreement"][:4] for row in found[:1]] == [f"{share:.2f}"]
