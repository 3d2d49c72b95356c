"""What a row about studies may say, and that names of models keep their places once they were read."""

from typing import Any

import pytest

from scoping import forms

PAIR, REPORT = "KX7RMW2XHB9~B2C3D4F5G6H", "KX7RMW2XHB9"


def settled(make: Any, item: str, decision: str, names: str = "", before: str = "") -> Any:
    old = {("st01.anna", item): {"decision": "several", "names": before}} if before else {}
    form = forms.form("studies", make.review(), before=old)
    return form.settle({"decision": decision, "names": names}, "st01.anna", item)


@pytest.mark.parametrize(
    ("item", "decision", "names", "kept"),
    [
        (PAIR, "same_study", "", ""),
        (PAIR, "different_studies", "", ""),
        (REPORT, "one", "", ""),
        (REPORT, "one", "Hub", "Hub"),
        (REPORT, "several", "Hub;  Learning pool\n Desk ;", "Hub; Learning pool; Desk"),
        (REPORT, "withdraw", "", ""),
        (PAIR, "withdraw", "", ""),
    ],
)
def test_an_answer_that_fits_its_row_is_taken(make: Any, item: str, decision: str, names: str, kept: str) -> None:
    assert settled(make, item, decision, names) == {"decision": decision, "names": kept}


@pytest.mark.parametrize(
    ("item", "decision", "names", "said"),
    [
        (PAIR, "one", "", "is no answer to this row; write same study or different studies"),
        (REPORT, "same_study", "", "is no answer to this row; write one or several"),
        (PAIR, "same_study", "Hub; Pool", "a pair has no names"),
        (REPORT, "several", "", "needs the names"),
        (REPORT, "several", "Hub", "needs the names"),
        (REPORT, "several", "; ".join(f"Hub {n}" for n in range(100)), "2 to 99"),
        (REPORT, "several", "Hub; HUB", "two of the names are the same"),
        (REPORT, "one", "Hub; Pool", "but 2 names stand there"),
    ],
)
def test_an_answer_that_does_not_fit_holds_the_row(make: Any, item: str, decision: str, names: str, said: str) -> None:
    found = settled(make, item, decision, names)
    assert isinstance(found, str)
    assert said in found


@pytest.mark.parametrize(
    ("names", "taken"),
    [
        ("Knowledge hub; Pool", True),
        ("Knowledge hub; Pool; Desk", True),
        ("Knowledge-Hub; Pool", True),
        ("Pool; Knowledge hub", False),
        ("Desk; Knowledge hub; Pool", False),
        ("Knowledge hub; Desk", False),
    ],
)
def test_names_keep_their_places_and_new_ones_go_to_the_end(make: Any, names: str, taken: bool) -> None:
    assert isinstance(settled(make, REPORT, "several", names, "Knowledge hub; Pool"), dict) is taken
    assert isinstance(settled(make, REPORT, "several", names), dict), "nothing was read before"


def test_fewer_names_than_before_hold_the_row(make: Any) -> None:
    found = settled(make, REPORT, "several", "Hub; Pool", "Hub; Pool; Desk")
    assert "model 3 was `Desk` when the sheet was last read, and is not there any more" in found
