"""What the protocol may say of the end of screening."""

import pytest

from scoping import screening_settings

STOP = {"rule": "buscar", "declared_by": "anna", "date": "2026-03-01", "reason": "Enough."}


def review(stages=None, **screening):
    return {"people": {"anna": {}}, "stages": stages or {"title_abstract": {}}, "screening": screening}


def test_nothing_is_stopped_or_drawn_unless_it_is_said():
    plain = screening_settings.Screening()
    assert (plain.stop, plain.control_sample, plain.target_recall, plain.p) == (None, 0, 0.95, 0.05)


@pytest.mark.parametrize(
    ("data", "place", "words"),
    [
        (review(stop={**STOP, "declared_by": "ana"}), ("screening", "stop", "declared_by"), "did you mean 'anna'"),
        (review(stop={**STOP, "stage": "title"}), ("screening", "stop", "stage"), "not screened alone"),
        (
            review({"title": {"mode": "single"}}, stop={**STOP, "stage": "title", "rule": "random_sample"}),
            ("screening", "stop", "rule"), "another rule",
        ),
        (review(control_sample=600), ("screening", "control_sample"), "sheet_rows, now 500"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named(data, place, words):
    ((where, what),) = screening_settings.problems(data)
    assert where == place
    assert words in what


@pytest.mark.parametrize(
    "data",
    [
        review(),
        {},
        review(stop=STOP),
        review({"title_abstract": {"sheet_rows": 700}}, control_sample=600),
        review({"title": {"mode": "single"}}, stop={**STOP, "stage": "title"}),
        review(control_sample="many"),
    ],
)
def test_what_fits_is_no_problem(data):
    assert screening_settings.problems(data) == []
