"""What the protocol says of labels in exports: strict, and every mistake told with its line."""

from pathlib import Path

import pytest

from scoping import config
from scoping.errors import ScopingError

REVIEW = """\
title: T
question: {text: T, population: P, concept: C, context: X}
sources:
  rayyan:
    name: Scopus
    kind: database
    files: [a.csv]
    decisions:
      - stage: title_abstract
        labels: rayyan
        people: {Anna Z: anna}
        answers:
          Included: include
          Maybe: unclear
        reasons: {wrong design: E1}
criteria:
  include: [{id: I1, text: T}]
  exclude: [{id: E1, label: L, text: T}]
people: {anna: , ben: , carl: }
stages:
  duplicates: {people: [anna]}
  title_abstract: {mode: dual, people: [anna, ben], adjudicator: carl}
  full_text: {mode: dual, people: [anna, ben]}
  coding: {mode: single, people: [anna]}
seed: 1
"""


def load(text: str, folder: Path) -> config.Review:
    path = folder / "review.yaml"
    path.write_text(text, encoding="utf-8")
    return config.load(path)


def test_what_it_says(tmp_path: Path) -> None:
    (what,) = load(REVIEW, tmp_path).sources["rayyan"].decisions
    assert (what.people, what.answers, what.reasons) == (
        {"Anna Z": "anna"},
        {"Included": "include", "Maybe": "unsure"},
        {"wrong design": "E1"},
    )
    assert (what.person, what.unlabelled, what.files, what.ignore) == (None, None, (), ())


OTHERS = "labels: Decision\n        person: ben"
NAMED = "labels: rayyan\n        people: {Anna Z: anna}"
BAD = [
    ("anna}", "anne}", ["11: 'anne' is not one of people; did you mean 'anna'?"]),
    ("{Anna Z: anna}", "{Anna Z: carl}", ["11: 'carl' is stages.title_abstract.adjudicator, who judges what others decided there; name somebody else"]),
    ("stage: title_abstract", "stage: title", ["9: stages.title is not in this protocol; name the stage there, or another one here"]),
    ("stage: title_abstract", "stage: coding", ["9: sources.rayyan.decisions[1].stage is 'coding'; write one of title, title_abstract, full_text"]),
    ("Maybe: unclear", "Maybe: not retrieved", ["14: sources.rayyan.decisions[1].answers.Maybe is 'not retrieved'; write one of include, exclude, unsure, withdraw"]),
    ("design: E1", "design: E2", ["15: 'E2' is not in criteria.exclude; known here: E1"]),
    (NAMED, "labels: rayyan\n        person: anna", ["9: labels of Rayyan name people; say under 'people' who is who, and leave 'person' out"]),
    (NAMED, "labels: Rayyan\n        person: anna\n        people: {Anna Z: anna}", ["12: labels of Rayyan name people; say under 'people' who is who, and leave 'person' out"]),
    (NAMED, "labels: asreview\n        people: {Anna Z: anna}", ["9: these labels name nobody; say under 'person' whose they are, and leave 'people' out"]),
    (NAMED, "labels: asreview\n        person: dora", ["11: 'dora' is not one of people; known here: anna, ben, carl"]),
    ("answers:\n          Included: include\n          Maybe: unclear", "ignore: [Maybe]", ["9: 'answers' is missing or empty; say what each label means"]),
    ("labels: rayyan", "label: rayyan", ["10: 'label' is not known; did you mean 'labels'?", "9: 'labels' is missing or empty in sources.rayyan.decisions[1]; add it", "9: these labels name nobody; say under 'person' whose they are, and leave 'people' out"]),
    ("decisions:\n      - stage", "decisions:\n        stage", ["8: sources.rayyan.decisions is a mapping; write a list: '- ' lines under it, or [one, two]"]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "messages"), BAD)
def test_a_mistake_is_told_with_its_line(old: str, new: str, messages: list[str], tmp_path: Path) -> None:
    assert REVIEW.count(old) == 1
    with pytest.raises(ScopingError) as caught:
        load(REVIEW.replace(old, new), tmp_path)
    told = [line.removeprefix(f"{tmp_path}/review.yaml:") for line in str(caught.value).splitlines()]
    assert sorted(told) == sorted(messages)


@pytest.mark.parametrize(
    "text", [REVIEW.replace(NAMED, OTHERS), REVIEW.replace("answers:", "unlabelled: include\n        answers:")]
)
def test_what_is_right_is_taken(text: str, tmp_path: Path) -> None:
    assert text != REVIEW
    assert load(text, tmp_path).sources["rayyan"].decisions


def test_the_example_of_the_manual_is_right(tmp_path: Path) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs/exports.md").read_text(encoding="utf-8")
    (block,) = [
        part.partition("```")[0] for part in page.split("```yaml\n")[1:] if "decisions:" in part.partition("```")[0]
    ]
    text = REVIEW[: REVIEW.index("sources:")] + block + REVIEW[REVIEW.index("criteria:") :]
    text = text.replace("carl: }", "carla: , carl: }").replace("{id: E1, label: L, text: T}", "{id: population, label: P, text: T}, {id: scope, label: L, text: T}")  # fmt: skip
    first, second = load(text, tmp_path).sources["older"].decisions
    assert (first.labels, second.person) == ("rayyan", "carla")
