"""The folder people work in: one run settles any act of a person, copies must agree, and no answer is ever lost."""

import itertools
import json
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoping import collect, files, folder
from scoping.errors import ScopingError
from scoping.folder import SheetInfo, Version

STAGE = "title_abstract"
ITEMS = ["A", "B", "C"]
FORTH = ["anna", "ben"]


class Book:
    """A ledger in memory."""

    def __init__(self):
        self.events, self.blobs = [], {}

    def keep(self, data):
        self.blobs[files.sha256(data)] = data
        return files.sha256(data)

    def append(self, kind, **fields):
        self.events.append(json.loads(json.dumps({"kind": kind, **fields})))


def read(data: bytes) -> Version:
    """What a sheet of these tests says; anything but whole JSON cannot be read."""
    try:
        found = json.loads(data)
    except ValueError:
        return Version(doubts=[("", "", "cannot be read")])
    sure = {item: what for item, what in found["labels"].items() if what != "perhaps"}
    return Version(
        sheet=found["sheet"],
        rows=set(found["rows"]),
        labels={item: {"decision": what, "cell": f"S!{item}1"} for item, what in sure.items()},
        held=[(f"S!{item}1", item, "`perhaps` is no answer") for item in found["labels"].keys() - sure.keys()],
        doubts=[tuple(doubt) for doubt in found.get("doubts", [])],
    )


class Desk:
    """A folder of sheets with its ledger; `run` does what collect and issue do."""

    def __init__(self, people=FORTH, items=ITEMS):
        self.book, self.files, self.saves, self.closed = Book(), {}, itertools.count(), set()
        sheets = []
        for person in people:
            data = json.dumps({"sheet": f"ta01.{person}", "rows": items, "labels": {}}).encode()
            sheets.append({"person": person, "file": f"ta01_{person}.xlsx", "sha256": self.book.keep(data)})
            self.files[f"ta01_{person}.xlsx"] = data
        self.book.append(
            "issued", stage=STAGE, batch="ta01", purpose="main", role="screen", items=items, sheets=sheets, covers={},
            known_as={},
        )  # fmt: skip

    @property
    def events(self):
        return folder.of_stage(self.book.events, STAGE)

    @property
    def present(self):
        closed = self.closed & set(self.files)
        return {n: folder.UNREADABLE if n in closed else files.sha256(data) for n, data in self.files.items()}

    @property
    def key(self):
        return folder.key(self.events, self.present)

    @property
    def answers(self):
        return {at: label["decision"] for at, label in folder.decisions(self.events).items()}

    def save(self, name, to=None, **changes):
        """A person saves a sheet: every save gives other bytes."""
        what = json.loads(self.files[name])
        for item, answer in changes.pop("labels", {}).items():
            what["labels"].pop(item, None)
            if answer:
                what["labels"][item] = answer
        self.files[to or name] = json.dumps({**what, **changes, "save": next(self.saves)}).encode()

    def collect(self):
        present = {name: data for name, data in self.files.items() if name not in self.closed}
        unread = dict.fromkeys(self.closed & set(self.files), "in use")
        return collect.collect(self.book, STAGE, present, unread, read)

    def restore(self):
        for sheet, digest in folder.lost(self.events, self.present).items():
            name = folder.issued(self.events)[sheet].file
            if name not in self.files:
                self.files[name] = self.book.blobs[digest]
                self.book.append("restored", stage=STAGE, sheet=sheet, sha256=digest)

    def run(self):
        """One run; the next one must have nothing to do."""
        key = self.key
        result = self.collect()
        assert self.key == key, "collect must not make the next run dirty"
        self.restore()
        assert self.key == key, "issue must not make the next run dirty"
        events, lying = list(self.book.events), dict(self.files)
        again = self.collect()
        self.restore()
        assert (self.book.events, self.files) == (events, lying), "the second run does nothing"
        assert again.problems == result.problems
        return result


@pytest.fixture
def desk():
    return Desk()


def waits(result):
    """What has to be mended; remarks on what was read are none of it."""
    return [row for row in result.problems if row["waits"] != "nothing"]


def said(result) -> str:
    return "\n".join(f"{row['file']} {row['item']} {row['waits']}: {row['problem']}" for row in result.problems)


# --- what a ledger says ----------------------------------------------------------------------------------------------


@pytest.fixture
def told(make):
    """Two batches; anna has answered, changed her mind and taken back."""
    return [
        make.issued("ta01", ["anna", "ben"], ["A", "B"], known_as={"A": ["10.1/a", "Title"]}),
        make.read("ta01.anna", {"A": "include", "B": "exclude"}, "v1"),
        make.read("ta01.anna", {"B": "withdraw"}, "v2"),
        make.issued("ta02", ["carl"], ["A"], role="adjudicate", purpose="adjudication", covers={"A": ["A", "B"]}),
        {"kind": "restored", "stage": STAGE, "sheet": "ta01.ben", "sha256": "x"},
    ]


def test_issued(told):
    found = folder.issued(told)
    assert list(found) == ["ta01.anna", "ta01.ben", "ta02.carl"]
    assert found["ta02.carl"] == SheetInfo(
        sheet="ta02.carl", stage=STAGE, batch="ta02", purpose="adjudication", role="adjudicate", person="carl",
        file="ta02_carl.xlsx", sha256=told[3]["sheets"][0]["sha256"], items=("A",), covers={"A": ["A", "B"]}, known_as={},
    )  # fmt: skip
    assert found["ta01.anna"].known_as == {"A": ["10.1/a", "Title"]}


def test_pristine_and_accepted(told):
    assert folder.pristine(told) == {sheet["sha256"] for event in (told[0], told[3]) for sheet in event["sheets"]}
    assert folder.accepted(told) == {"v1": told[1], "v2": told[2]}


def test_decisions_are_the_last_label_of_each_sheet(told):
    said = {at: label["decision"] for at, label in folder.decisions(told).items()}
    assert said == {("ta01.anna", "A"): "include", ("ta01.anna", "B"): "withdraw"}


def test_a_later_version_without_a_label_takes_nothing_away(told, make):
    more = [*told, make.read("ta01.anna", {}, "v3"), make.read("ta01.ben", {"A": "exclude"}, "v4")]
    assert folder.decisions(more)["ta01.anna", "A"]["decision"] == "include"
    assert folder.decisions(more)["ta01.ben", "A"]["decision"] == "exclude"


def test_answered_leaves_out_what_was_withdrawn(told):
    assert folder.answered(told) == {("ta01.anna", "A")}


def test_independent_answers_are_those_before_anybody_could_reconcile(make):
    events = [
        make.issued("ta01", ["anna", "ben"], ["R1", "R2", "R3"]),
        make.read("ta01.anna", {"R1": "include", "R2": "include"}, "a1"),
        make.read("ta01.anna", {"R1": "exclude", "R2": "include"}, "a2"),  # a second thought, still alone
        make.read("ta01.ben", {"R1": "include"}, "b1"),
        make.read("ta01.anna", {"R1": "include", "R2": "unsure", "R3": "withdraw"}, "a3"),  # R1 after a talk
        make.read("ta01.ben", {"R1": "include", "R2": "exclude"}, "b2"),
        make.issued("ta02-adjudication", ["carl"], ["R2"], role="adjudicate"),
        make.read("ta02-adjudication.carl", {"R2": "include"}, "c1"),
    ]
    found = {at: label["decision"] for at, label in folder.independent(events).items()}
    assert found == {
        ("ta01.anna", "R1"): "exclude",
        ("ta01.anna", "R2"): "unsure",
        ("ta01.ben", "R1"): "include",
        ("ta01.ben", "R2"): "exclude",
    }
    assert folder.decisions(events)["ta01.anna", "R1"]["decision"] == "include", "the decision itself may change"


def test_a_person_of_a_batch_may_have_fewer_items(make):
    event = make.issued("ta01", ["anna", "ben"], ["R1", "R2"])
    event["sheets"][1]["items"] = ["R2"]
    sheets = folder.issued([event])
    assert (sheets["ta01.anna"].items, sheets["ta01.ben"].items) == (("R1", "R2"), ("R2",))


def test_of_stage(make):
    events = [make.issued("ta01", ["a"], []), make.issued("ft01", ["a"], [], stage="full_text")]
    assert folder.of_stage(events, "full_text") == events[1:]


# --- the files -------------------------------------------------------------------------------------------------------


def test_hashes_find_every_file_at_any_depth_but_no_lock_file(tmp_path):
    sheets = ["a.xlsx", "sub/b (1).ods", "Ünïcode .XLSX", "_anna.xlsx", "no ending"]
    others = ["~$a.xlsx", ".~lock.a.xlsx#", ".tmp-x", ".hidden/c.xlsx", "__MACOSX/a.xlsx", "sub/~$b.xlsx"]
    for name in (*sheets, *others):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(name.encode())
    (tmp_path / "empty folder.xlsx").mkdir()
    assert folder.hashes(tmp_path) == {name: files.sha256(name.encode()) for name in sheets}
    assert folder.hashes(tmp_path / "nowhere") == {}


def test_hashes_depend_on_bytes_alone(tmp_path):
    (tmp_path / "a.xlsx").write_bytes(b"1")
    before = folder.hashes(tmp_path)
    os.utime(tmp_path / "a.xlsx", (1, 1))
    assert folder.hashes(tmp_path) == before
    (tmp_path / "a.xlsx").write_bytes(b"2")
    os.utime(tmp_path / "a.xlsx", (1, 1))
    assert folder.hashes(tmp_path) != before


def test_a_file_that_cannot_be_opened_is_known_to_lie_there(tmp_path, monkeypatch):
    (tmp_path / "a.xlsx").write_bytes(b"1")
    real = type(tmp_path).read_bytes

    def locked(path):
        if path.name == "a.xlsx":
            raise PermissionError(13, "in use")
        return real(path)

    monkeypatch.setattr(type(tmp_path), "read_bytes", locked)
    assert folder.hashes(tmp_path) == {"a.xlsx": folder.UNREADABLE}


# --- the key: one run settles any act --------------------------------------------------------------------------------


def test_a_run_with_nothing_new_does_nothing(desk):
    events = list(desk.book.events)
    desk.run()
    assert desk.book.events == events


def test_nothing_issued_yet():
    desk = Desk(people=[])
    desk.book.events.clear()
    assert folder.key([], {}) == desk.key
    desk.run()
    assert desk.book.events == []


ACTS = {
    "a label": lambda d: d.save("ta01_anna.xlsx", labels={"A": "include"}),
    "saved without a label": lambda d: d.save("ta01_anna.xlsx"),
    "a copy beside": lambda d: d.save("ta01_anna.xlsx", to="copy.xlsx", labels={"A": "include"}),
    "in a folder": lambda d: d.save("ta01_anna.xlsx", to="from anna/x.xlsx", labels={"A": "include"}),
    "half a copy": lambda d: d.files.update({"half.xlsx": d.files["ta01_anna.xlsx"][:9]}),
    "an unfinished sheet is removed": lambda d: d.files.pop("ta01_anna.xlsx"),
    "all are removed": lambda d: d.files.clear(),
    "a foreign sheet": lambda d: d.save("ta01_anna.xlsx", to="x.xlsx", sheet="ta07.zoe"),
}


@pytest.mark.parametrize("act", ACTS)
def test_the_key_changes_with_an_act_and_not_with_the_run_it_triggers(desk, act):
    before = desk.key
    ACTS[act](desk)
    assert desk.key != before
    desk.run()  # asserts that the key stays


NOTHING = {
    "renamed as issued": lambda d: d.files.update({"Anna's.xlsx": d.files.pop("ta01_anna.xlsx")}),
    "copied as issued": lambda d: d.files.update({"copy.xlsx": d.files["ta01_anna.xlsx"]}),
}


@pytest.mark.parametrize("act", NOTHING)
def test_acts_that_are_none(desk, act):
    before = desk.key
    NOTHING[act](desk)
    assert desk.key == before
    desk.run()
    assert desk.answers == {}


def test_a_key_made_of_the_present_would_make_every_run_dirty(desk):
    """Control: a simpler design, which the key is not."""

    def naive():
        return (sorted(folder.accepted(desk.events)), desk.present)

    desk.save("ta01_anna.xlsx", labels={"A": "include"})
    before, key = naive(), desk.key
    desk.collect()
    assert naive() != before
    assert desk.key == key


def test_a_key_that_forgets_restores_would_make_a_run_dirty(desk, monkeypatch):
    """Control: the versions that a run will put back are part of what will be."""
    desk.save("ta01_anna.xlsx", labels={"A": "include"})
    desk.run()
    del desk.files["ta01_anna.xlsx"]
    lost = folder.lost
    monkeypatch.setattr(folder, "lost", lambda *_: {})
    before = desk.key
    monkeypatch.setattr(folder, "lost", lost)
    desk.restore()
    monkeypatch.setattr(folder, "lost", lambda *_: {})
    assert desk.key != before


def test_a_sheet_that_is_lost_while_another_is_new_is_put_back_in_the_same_run(desk):
    """No key could foresee it: the new file might have been the lost one."""
    desk.save("ta01_ben.xlsx", labels={"A": "include"})
    pristine = desk.files.pop("ta01_anna.xlsx")
    desk.run()
    assert desk.files["ta01_anna.xlsx"] == pristine
    assert [event["kind"] for event in desk.events] == ["issued", "read", "missed", "restored"]


def test_without_the_event_that_run_would_leave_a_dirty_folder(desk, monkeypatch):
    """Control of the above."""
    monkeypatch.setattr(folder, "missed", lambda *_: {})
    desk.save("ta01_ben.xlsx", labels={"A": "include"})
    del desk.files["ta01_anna.xlsx"]
    with pytest.raises(AssertionError, match="must not make the next run dirty"):
        desk.run()


def test_a_sheet_that_came_back_so_may_be_taken_away_to_settle_copies(desk):
    """Its going must trigger a run like that of any other file."""
    desk.save("ta01_anna.xlsx", labels={"A": "include"})
    desk.run()
    half = desk.files.pop("ta01_anna.xlsx")
    desk.save("ta01_ben.xlsx", labels={"A": "include"})
    desk.run()
    assert desk.files["ta01_anna.xlsx"] == half
    desk.save("ta01_anna.xlsx", to="copy.xlsx", labels={"A": "exclude"})
    assert desk.run().waiting == ("copy.xlsx",)
    before = desk.key
    del desk.files["ta01_anna.xlsx"]
    assert desk.key != before
    assert desk.run().waiting == ()
    assert desk.answers["ta01.anna", "A"] == "exclude"


def test_a_file_that_is_in_use_waits_and_may_be_the_lost_one(desk):
    desk.files["x.xlsx"] = desk.files.pop("ta01_anna.xlsx")
    desk.save("x.xlsx", labels={"A": "include"})
    desk.save("ta01_ben.xlsx", labels={"A": "include"})
    desk.closed = {"x.xlsx"}
    result = desk.run()
    assert result.waiting == ("x.xlsx",)
    assert said(result) == "x.xlsx  file: in use"
    assert set(desk.files) == {"x.xlsx", "ta01_ben.xlsx"}
    desk.closed = set()
    desk.run()
    assert desk.answers == {("ta01.anna", "A"): "include", ("ta01.ben", "A"): "include"}


def test_the_key_of_one_stage_knows_nothing_of_another(desk, make):
    before = desk.key
    desk.book.events.append(make.issued("ft01", ["anna"], ["A"], stage="full_text"))
    desk.book.events.append(make.read("ft01.anna", {"A": "include"}, "v", stage="full_text"))
    assert desk.key == before


def test_an_unfinished_sheet_comes_back_as_it_was_last_read(desk):
    pristine = desk.files.pop("ta01_ben.xlsx")
    desk.run()
    assert desk.files["ta01_ben.xlsx"] == pristine
    desk.save("ta01_anna.xlsx", labels={"A": "include"})
    desk.run()
    half = desk.files.pop("ta01_anna.xlsx")
    desk.run()
    assert desk.files["ta01_anna.xlsx"] == half
    del desk.files["ta01_anna.xlsx"]
    desk.run()
    assert desk.files["ta01_anna.xlsx"] == half, "as often as it is removed"


def test_a_finished_sheet_may_be_taken_away(desk):
    desk.save("ta01_anna.xlsx", labels=dict.fromkeys(ITEMS, "include"))
    desk.run()
    answers = desk.answers
    del desk.files["ta01_anna.xlsx"]
    desk.run()
    assert "ta01_anna.xlsx" not in desk.files
    assert desk.answers == answers


def test_a_sheet_whose_answer_was_withdrawn_is_not_finished(desk):
    desk.save("ta01_anna.xlsx", labels={"A": "include", "B": "include", "C": "withdraw"})
    desk.run()
    last = desk.files.pop("ta01_anna.xlsx")
    desk.run()
    assert desk.files["ta01_anna.xlsx"] == last


def test_a_renamed_sheet_is_not_lost(desk):
    desk.files["Anna's.xlsx"] = desk.files.pop("ta01_anna.xlsx")
    desk.run()
    desk.save("Anna's.xlsx", labels={"A": "include"})
    desk.run()
    desk.files["done anna.xlsx"] = desk.files.pop("Anna's.xlsx")
    desk.run()
    assert set(desk.files) == {"done anna.xlsx", "ta01_ben.xlsx"}
    assert desk.answers == {("ta01.anna", "A"): "include"}


def test_renamed_and_finished_in_one_go(desk):
    desk.save("ta01_anna.xlsx", to="Anna final.xlsx", labels=dict.fromkeys(ITEMS, "include"))
    del desk.files["ta01_anna.xlsx"]
    desk.run()
    assert set(desk.files) == {"Anna final.xlsx", "ta01_ben.xlsx"}


def test_nothing_counts_as_lost_while_a_file_is_unread(desk):
    """It may be the lost one under another name."""
    unread = {"new.xlsx": "a hash that nobody knows"}
    assert folder.lost(desk.events, unread) == {}
    assert set(folder.lost(desk.events, {})) == {"ta01.anna", "ta01.ben"}
    assert folder.lost(desk.events, {"ta01_anna.xlsx": folder.UNREADABLE}) == {}


def test_a_sheet_whose_name_is_taken_is_not_lost(desk):
    """By another sheet, as it was issued: nothing is ever written over a file."""
    ben = desk.files.pop("ta01_ben.xlsx")
    desk.files["ta01_anna.xlsx"] = ben
    assert folder.lost(desk.events, desk.present) == {}
    desk.run()
    assert desk.files == {"ta01_anna.xlsx": ben}


# --- which files are accepted ----------------------------------------------------------------------------------------


def test_labels_are_taken_from_any_file_name(desk):
    desk.save("ta01_anna.xlsx", to="returned/Copy (2) of x.ods", labels={"A": "include"})
    result = desk.run()
    assert (result.accepted, result.waiting, result.problems) == (1, (), [])
    assert desk.answers == {("ta01.anna", "A"): "include"}


def test_the_same_bytes_under_two_names_are_one_event(desk):
    desk.save("ta01_anna.xlsx", labels={"A": "include"})
    desk.files["copy.xlsx"] = desk.files["ta01_anna.xlsx"]
    desk.run()
    assert [event["kind"] for event in desk.events] == ["issued", "read"]


def test_a_half_copy_waits_and_the_whole_one_is_read(desk):
    desk.save("ta01_anna.xlsx", to="copy.xlsx", labels={"A": "include"})
    whole = desk.files["copy.xlsx"]
    desk.files["copy.xlsx"] = whole[: len(whole) // 2]
    result = desk.run()
    assert result.waiting == ("copy.xlsx",)
    assert "copy.xlsx  file: cannot be read" in said(result)
    desk.files["copy.xlsx"] = whole
    assert desk.run().problems == []
    assert desk.answers == {("ta01.anna", "A"): "include"}


NAMES = st.lists(
    st.sampled_from(["a.xlsx", "z.xlsx", "ta01_anna.xlsx", "(1).xlsx"]), min_size=3, max_size=3, unique=True
)


@settings(max_examples=60)
@given(names=NAMES, arrival=st.permutations(range(3)), runs=st.lists(st.booleans(), min_size=3, max_size=3))
def test_copies_that_disagree_wait_whatever_their_names_order_and_number_of_runs(names, arrival, runs):
    """Nobody wins until a person takes a file away; what arrived alone and was read before stands."""
    desk = Desk()
    desk.files["base"] = desk.files.pop("ta01_anna.xlsx")
    versions = {
        "old": {"A": "include"},
        "new": {"A": "exclude", "B": "include"},
        "newer": {"A": "exclude", "C": "exclude"},
    }
    data = []
    for labels in versions.values():
        desk.save("base", to="made", labels=labels)
        data.append(desk.files.pop("made"))
    del desk.files["base"]
    first = None
    for position, run in zip(arrival, runs, strict=True):
        desk.files[names[position]] = data[position]
        if run:
            desk.run()
            first = first if first is not None else dict(desk.answers)
    result = desk.run()
    seen = desk.answers.get(("ta01.anna", "A"))
    assert seen in (None, *([first.get(("ta01.anna", "A"))] if first else []))
    assert result.waiting, "somebody waits"
    assert "take the outdated file out of the folder" in said(result)
    del desk.files[names[0]]
    assert waits(desk.run()) == []
    assert desk.answers == {("ta01.anna", "A"): "exclude", ("ta01.anna", "B"): "include", ("ta01.anna", "C"): "exclude"}


def test_without_the_comparison_hashes_would_decide(monkeypatch):
    """Control: of two copies that disagree the one with the larger hash would win."""
    monkeypatch.setattr(folder, "_compare", lambda *_: None)
    found = set()
    for salt in range(12):
        desk = Desk()
        desk.save("ta01_anna.xlsx", to="old.xlsx", labels={"A": "include"}, salt=salt)
        desk.save("ta01_anna.xlsx", labels={"A": "exclude"}, salt=salt)
        desk.run()
        found.add(desk.answers["ta01.anna", "A"])
    assert found == {"include", "exclude"}


def test_copies_that_agree_are_accepted(desk):
    desk.save("ta01_anna.xlsx", to="part.xlsx", labels={"A": "include"})
    desk.save("ta01_anna.xlsx", labels={"A": "include", "B": "exclude"})
    result = desk.run()
    assert (result.accepted, result.problems) == (2, [])


def test_copies_must_agree_on_every_field_and_the_cell_is_none(desk, make):
    """The message names what differs, where, and what to do."""

    def version(cell, **fields):
        return Version("ta01.anna", {"A"}, {"A": {"decision": "exclude", "cell": cell, **fields}})

    present = {"one.xlsx": "1", "two.xlsx": "2"}
    unread = {"one.xlsx": version("S!B2", reason="topic"), "two.xlsx": version("S!B9", reason="design")}
    accept, held = folder.judge(desk.events, present, unread)
    assert accept == []
    assert [found.doubts for _, found in held] == [
        [("S!B2", "A", "reason is `topic` here, but `design` in two.xlsx; take the outdated file out of the folder")],
        [("S!B9", "A", "reason is `design` here, but `topic` in one.xlsx; take the outdated file out of the folder")],
    ]
    unread = {"one.xlsx": version("S!B2", reason="topic"), "two.xlsx": version("S!B9", reason="topic")}
    assert folder.judge(desk.events, present, unread) == (["one.xlsx", "two.xlsx"], [])


def test_a_field_that_one_copy_lacks_differs(desk):
    unread = {
        name: Version("ta01.anna", {"A"}, {"A": {"decision": "exclude", "cell": "S!B2", **note}})
        for name, note in (("one.xlsx", {}), ("two.xlsx", {"note": "see page 3"}))
    }
    _, held = folder.judge(desk.events, {"one.xlsx": "1", "two.xlsx": "2"}, unread)
    assert "note is `` here, but `see page 3` in two.xlsx" in held[0][1].doubts[0][2]


def test_a_version_that_was_read_and_still_lies_there_speaks_too(desk):
    desk.save("ta01_anna.xlsx", labels={"A": "include"})
    desk.run()
    desk.save("ta01_anna.xlsx", to="copy.xlsx", labels={"A": "exclude"})
    result = desk.run()
    assert result.waiting == ("copy.xlsx",)
    assert desk.answers == {("ta01.anna", "A"): "include"}


def test_a_change_of_mind_in_place_is_read(desk):
    desk.save("ta01_anna.xlsx", labels={"A": "include"})
    desk.run()
    desk.save("ta01_anna.xlsx", labels={"A": "exclude"})
    assert waits(desk.run()) == []
    assert desk.answers == {("ta01.anna", "A"): "exclude"}


def test_sheets_of_two_people_may_differ(desk):
    desk.save("ta01_anna.xlsx", labels={"A": "include"})
    desk.save("ta01_ben.xlsx", labels={"A": "exclude"})
    assert desk.run().problems == []
    assert desk.answers == {("ta01.anna", "A"): "include", ("ta01.ben", "A"): "exclude"}


def test_a_label_that_is_blank_again_is_held_until_it_is_withdrawn(desk):
    desk.save("ta01_anna.xlsx", labels={"A": "include", "B": "include"})
    desk.run()
    desk.save("ta01_anna.xlsx", labels={"B": "", "C": "exclude"})
    result = desk.run()
    assert said(result) == "ta01_anna.xlsx B row: was `include`, is now blank; restore it or write `withdraw`"
    assert desk.answers == {
        ("ta01.anna", "A"): "include",
        ("ta01.anna", "B"): "include",
        ("ta01.anna", "C"): "exclude",
    }, "the earlier decision stands, the rest goes on"
    desk.save("ta01_anna.xlsx", labels={"B": "withdraw"})
    assert desk.run().problems == []
    assert ("ta01.anna", "B") not in folder.answered(desk.events)
    desk.save("ta01_anna.xlsx", labels={"B": ""})
    assert desk.run().problems == [], "blank is what it now may be"
    desk.save("ta01_anna.xlsx", labels={"B": "exclude"})
    desk.run()
    assert desk.answers["ta01.anna", "B"] == "exclude"


def test_a_row_that_was_deleted_counts_as_blank(desk):
    desk.save("ta01_anna.xlsx", labels={"A": "include"})
    desk.run()
    desk.save("ta01_anna.xlsx", labels={"A": ""}, rows=["B", "C"])
    assert "A row: was `include`, is now blank" in said(desk.run())
    assert desk.answers == {("ta01.anna", "A"): "include"}


def test_blank_in_one_copy_is_fine_while_another_has_the_label(desk):
    desk.save("ta01_anna.xlsx", labels={"A": "include"})
    desk.run()
    desk.save("ta01_anna.xlsx", to="more.xlsx", labels={"A": "", "B": "exclude"})
    assert desk.run().problems == []
    assert desk.answers == {("ta01.anna", "A"): "include", ("ta01.anna", "B"): "exclude"}


def test_an_unknown_word_over_a_label_is_one_doubt_not_two(desk):
    desk.save("ta01_anna.xlsx", labels={"A": "include"})
    desk.run()
    desk.save("ta01_anna.xlsx", labels={"A": "perhaps", "B": "exclude"})
    assert said(desk.run()) == "ta01_anna.xlsx A row: `perhaps` is no answer"
    assert desk.answers == {("ta01.anna", "A"): "include", ("ta01.anna", "B"): "exclude"}


def test_rows_that_were_not_issued_on_a_sheet_hold_the_file(desk):
    desk.save("ta01_anna.xlsx", labels={"A": "include", "Z": "include"}, rows=[*ITEMS, "Z", "Y"])
    desk.save("ta01_ben.xlsx", labels={"A": "exclude"})
    result = desk.run()
    assert said(result) == (
        "ta01_anna.xlsx Y file: Y was not issued on this sheet; remove the row\n"
        "ta01_anna.xlsx Z file: Z was not issued on this sheet; remove the row"
    )
    assert desk.answers == {("ta01.ben", "A"): "exclude"}, "the rest goes on"


def test_without_the_look_at_rows_a_strangers_row_would_be_a_decision(desk, monkeypatch):
    """Control of the above."""
    monkeypatch.setattr(folder, "_check_rows", lambda *_: None)
    desk.save("ta01_anna.xlsx", labels={"Z": "include"}, rows=[*ITEMS, "Z"])
    desk.run()
    assert desk.answers == {("ta01.anna", "Z"): "include"}


def test_a_sheet_that_was_never_issued_holds_the_file(desk):
    desk.save("ta01_anna.xlsx", to="x.xlsx", labels={"A": "include"}, sheet="ta07.zoe")
    result = desk.run()
    assert said(result) == "x.xlsx  file: sheet ta07.zoe was never issued in this review; take the file away"
    assert desk.answers == {}


def test_a_file_that_is_no_sheet_at_all_is_listed(desk):
    """Read = accepted + listed, also where the reader finds neither a sheet nor a fault."""
    desk.save("ta01_anna.xlsx", to="letter.xlsx", sheet="", rows=[], labels={})
    result = desk.run()
    assert result.waiting == ("letter.xlsx",)
    assert "letter.xlsx  file: " in said(result)


def test_a_doubt_of_the_reader_holds_the_file_and_its_labels_still_must_agree(desk):
    desk.save("ta01_anna.xlsx", labels={"A": "include"}, doubts=[["S!A1", "", "rows moved"]])
    assert said(desk.run()) == "ta01_anna.xlsx  file: rows moved"
    desk.save("ta01_anna.xlsx", to="copy.xlsx", labels={"A": "exclude"}, doubts=[])
    assert desk.run().waiting == ("copy.xlsx", "ta01_anna.xlsx")
    assert desk.answers == {}


def test_files_are_accepted_in_an_order_that_only_their_bytes_decide(desk):
    unread = {name: Version("ta01.anna", {"A"}, {}) for name in ("a", "b", "c")}
    assert folder.judge(desk.events, {"a": "3", "b": "1", "c": "2"}, unread)[0] == ["b", "c", "a"]


def test_missing_bytes_in_the_ledger_are_not_hidden(tmp_path):
    """What `restore` needs and does not find is an error of its own, see test_ledger."""
    from scoping.ledger import Ledger

    with pytest.raises(ScopingError, match="gone"):
        Ledger(tmp_path).blob("0" * 64)


# --- whatever people do ----------------------------------------------------------------------------------------------

ANSWERS = ["include", "exclude", "withdraw", "perhaps", ""]
ACT = st.one_of(
    st.tuples(st.just("label"), st.integers(0, 5), st.sampled_from(ITEMS), st.sampled_from(ANSWERS)),
    st.tuples(st.just("copy"), st.integers(0, 5), st.sampled_from(["p.xlsx", "q.xlsx", "ta01_anna.xlsx"])),
    st.tuples(st.just("rename"), st.integers(0, 5), st.sampled_from(["r.xlsx", "ta01_ben.xlsx"])),
    st.tuples(st.just("remove"), st.integers(0, 5)),
    st.tuples(st.just("cut"), st.integers(0, 5)),
    st.tuples(st.just("stranger"), st.integers(0, 5)),
    st.tuples(st.just("open"), st.integers(0, 5)),
    st.tuples(st.just("close")),
    st.tuples(st.just("run")),
)


def act(desk: Desk, what: str, number: int = 0, *more: str) -> None:
    """One act of a person on one of the files that lie there."""
    if what == "close":
        desk.closed = set()
    if what == "close" or not desk.files:
        return
    name = sorted(desk.files)[number % len(desk.files)]
    desk.closed = desk.closed - {name}
    if what == "remove":
        del desk.files[name]
    elif what == "cut":
        desk.files[name] = desk.files[name][:-5]
    elif what == "open":
        desk.closed = {name}
    elif what == "rename":
        desk.files[more[0]] = desk.files.pop(name)
    elif what == "copy":
        desk.files[more[0]] = desk.files[name]
    elif read(desk.files[name]).sheet:
        changes = {"rows": [*ITEMS, "Z"]} if what == "stranger" else {"labels": {more[0]: more[1]}}
        desk.save(name, **changes)


@settings(max_examples=150)
@given(st.lists(ACT, max_size=25))
def test_whatever_people_do_one_run_settles_it_and_no_answer_is_lost(acts):
    desk = Desk()
    for what, *rest in [*acts, ("run",)]:
        if what != "run":
            act(desk, what, *rest)
            continue
        events, before = list(desk.book.events), desk.answers
        lying = {name: read(data) for name, data in desk.files.items() if name not in desk.closed}
        result = desk.run()
        assert desk.book.events[: len(events)] == events, "the ledger only grows"
        for at, answer in before.items():
            typed = {v.labels[at[1]]["decision"] for v in lying.values() if v.sheet == at[0] and at[1] in v.labels}
            assert desk.answers[at] in {answer, *typed}, "an answer changes only to what somebody wrote"
        known = {*folder.pristine(desk.events), *folder.accepted(desk.events)}
        for name, digest in desk.present.items():
            assert digest in known or name in result.waiting, "read = accepted + listed"
        assert set(result.waiting) <= {row["file"] for row in result.problems}


# --- keys beside what belongs to another row, columns that are gone --------------------------------------------------


TITLES = {"A": ["10.1/a", "The first title"], "B": ["", "A second <i>title</i>"], "C": ["", ""]}


def version_with(shown, **changes):
    labels = {item: {"decision": "include", "cell": "S!A1"} for item, _, _ in shown}
    plain = {"sheet": "ta01.anna", "rows": {item.partition(" ")[0] for item, _, _ in shown}, "labels": labels}
    return Version(**{**plain, "shown": shown, **changes})


def judged(make, version, items=("A", "B", "C"), before=()):
    issued = make.issued("ta01", ["anna"], list(items), known_as=TITLES)
    return folder.judge([issued, *before], {"x.xlsx": "new"}, {"x.xlsx": version})


@pytest.mark.parametrize(
    ("items", "item", "texts", "other"),
    [
        ("ABC", "A", ("A SECOND  title", "abstract"), "B"),
        ("ABC", "B", ("abstract", "The first title\nand more"), "A"),
        ("ABC", "A", ("The first title", "A second title"), ""),  # its own is there too
        ("ABC", "A", ("abstract", "2020"), ""),  # the titles were deleted
        ("ABC", "A", (), ""),
        ("ABC", "C", ("The first title",), ""),  # has no title: nothing can be told
        (["A~B", "A~C"], "A~C", ("A second title\nMarsh",), "A~B"),
        (["A~B", "A~C"], "A~C", ("The first title\nMarsh", "[no title]"), ""),
        (["A:POP", "A:OUT"], "A:POP", ("OUT  Outcomes", "POP is another"), ""),
        (["A:POP", "A:OUT"], "A:POP", ("OUT  Outcomes", "a definition"), "OUT"),
        (["A:POP", "A:OUT"], "A:POP", ("POP  Population", "a definition"), ""),
    ],
)
def test_a_key_beside_what_belongs_to_another_row_holds_the_file(make, monkeypatch, items, item, texts, other):
    accept, held = judged(make, version_with([(item, "S!G7", texts)]), items)
    if other:
        (_, version), message = held[0], f"this is the key of {item}, but beside it stands what belongs to {other}:"
        assert accept == []
        assert [(cell, at, what.startswith(message)) for cell, at, what in version.doubts] == [("S!G7", item, True)]
        monkeypatch.setattr(folder, "_astray", lambda *_: [])
        assert judged(make, version_with([(item, "S!G7", texts)]), items)[0] == ["x.xlsx"], "it is this guard"
    else:
        assert (accept, held) == (["x.xlsx"], [])


def test_titles_that_two_records_share_tell_nothing(make):
    issued = make.issued("ta01", ["anna"], ["A", "B"], known_as={"A": ["", "Editorial"], "B": ["", "Editorial"]})
    there = version_with([("A", "S!G7", ("Editorial",)), ("B", "S!G8", ("Editorial",))])
    assert folder.judge([issued], {"x.xlsx": "new"}, {"x.xlsx": there})[0] == ["x.xlsx"]


def test_what_stood_in_a_column_that_is_gone_is_kept(make):
    before = make.read("ta01.anna", {}, "old")
    before["labels"] = {
        "A": {"decision": "exclude", "reason": "topic", "cell": "S!A1"},
        "B": {"decision": "exclude", "reason": "", "cell": "S!A2"},
    }
    now = {item: {"decision": "exclude", "reason": "", "cell": "S!A1"} for item in "AB"}
    there = Version(sheet="ta01.anna", rows={"A", "B"}, labels=dict(now), missing={"reason"})
    accept, _ = judged(make, there, before=[before])
    assert accept == ["x.xlsx"]
    assert there.labels == {"B": now["B"]}
    what = "reason was `topic`, and that column is gone from the sheet; restore it"
    assert there.held == [("S!A1", "A", what)]
    cleared = Version(sheet="ta01.anna", rows={"A", "B"}, labels=dict(now))
    judged(make, cleared, before=[before])
    assert (cleared.labels, cleared.held) == (now, []), "a cell that was emptied is a person's answer"


def test_answers_that_change_are_told(make):
    items = [f"R{number:02}" for number in range(15)]
    events = [make.issued("ta01", ["anna"], items), make.read("ta01.anna", dict.fromkeys(items[:13], "include"), "old")]
    labels = {item: {"decision": "include", "cell": "A1"} for item in items}
    one = folder.Version("ta01.anna", set(items), labels | {"R03": {"decision": "exclude", "cell": "S!A9"}})
    assert folder.judge(events, {"x": "new"}, {"x": one})[0] == ["x"], "it is taken all the same"
    assert one.notes == ["an answer changed since the sheet was last read: S!A9 (R03): `include`, now `exclude`"]
    many = folder.Version("ta01.anna", set(items), {item: {"decision": "exclude", "cell": "A1"} for item in items})
    folder.judge(events, {"x": "new"}, {"x": many})
    assert many.notes[0].startswith("13 answers changed since")
    assert many.notes[0].endswith(", and 3 more")
    same = folder.Version("ta01.anna", set(items), labels)
    folder.judge(events, {"x": "new"}, {"x": same})
    assert same.notes == []
