"""How far the work is, for those who do it: a page and a table that show nobody's answers.

Screeners are blind to each other, so nothing here may depend on what somebody answered, other than how far everybody is:
records of a batch count as being answered until all its people have finished it, whatever their states are by then, and
what follows from them at a later stage is not counted yet. Agreement is that of finished batches, of `ENOUGH` items or
more. `recorded_at` of the ledger gives the pace; nothing else that is derived reads it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from scoping import folder
from scoping.folder import SheetInfo
from scoping.items import split
from scoping.ledger import Event
from scoping.schemas import STAGE_NAMES, STAGES
from scoping.stage_words import BEFORE, TASKS, UNITS
from scoping.tables import Row
from scoping.webpage import Child, Element, Part, bar, element, key, page, table
from scoping.work_items import by_record

BROUGHT = "from exports"  # what was decided in another program
ENOUGH = 10  # items that must be compared before agreement is shown
PLACES = {"conflict": "conflicts", "unscreened": "left"}
SETTLED = {"include", "exclude", "not_retrieved", "coded", "answered"}


@dataclass(frozen=True)
class Material:
    """What the page rests on: `states` gives the state of each item of a stage."""

    events: list[Event]
    issued: list[Row]
    independent: list[Row]
    known: Mapping[str, str]  # any id -> record id
    states: Mapping[str, Mapping[str, str]]  # stage -> item by record -> state


@dataclass(frozen=True)
class Work:
    """One person's work at one stage: items on all sheets (of one who left: those answered), those answered, sheets that wait with (file, done, of)."""

    person: str
    task: str
    sheets: int
    items: int
    answered: int
    waiting: tuple[tuple[str, int, int], ...]
    days: int  # on which new answers of theirs were read
    given: int  # answers that were read on these days
    last: str  # the last of these days
    compared: int  # items of finished batches that others answered, too
    agreement: float | None  # share of equal answers; None where too few are compared


@dataclass(frozen=True)
class Stage:
    """Where the items of a stage are: each in one place."""

    stage: str
    settled: int
    conflicts: int
    in_work: int  # on sheets of a batch that is not finished
    to_do: int
    people: tuple[Work, ...]
    left: int = 0  # unscreened by a declared stop

    @property
    def total(self) -> int:
        """All items that are known of."""
        return self.settled + self.conflicts + self.in_work + self.to_do + self.left

    def count(self, number: int) -> str:
        """`1 record`, `1,204 records`."""
        return f"{number:,} {UNITS[self.stage][number != 1]}"

    def parts(self) -> tuple[Part, ...]:
        """The bar in words; what there is none of is left out, but for what is decided."""
        last = "to do" if self.stage == "duplicates" else "not on a sheet yet"
        parts = (
            Part(self.settled, f"{self.settled:,} decided{_percent(self.settled, self.total)}", "done"),
            Part(self.conflicts, f"{self.conflicts:,} in conflict", "torn"),
            Part(self.in_work, f"{self.in_work:,} in batches that are not finished", "work"),
            Part(self.to_do, f"{self.to_do:,} {last}", "track"),
            Part(self.left, f"{self.left:,} left unscreened by the declared stop", "track"),
        )
        return tuple(part for part in parts if part.number or part.look == "done")


def _percent(part: int, whole: int) -> str:
    """` (61%)`; all of it is 100, and less never is."""
    return f" ({100 * part // whole}%)" if whole else ""


@dataclass
class _Batches:
    """The batches of a review by what people still owe: sheets, ids of items that are in work or on a sheet."""

    sheets: Mapping[str, SheetInfo]
    finished: set[str] = field(default_factory=set)
    in_work: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    on_sheet: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


def _batches(material: Material) -> _Batches:
    """Which batches all their people have finished, and where the items are. Nobody waits for those who left."""
    found = _Batches(folder.issued(material.events))
    done = folder.answered(material.events)
    settled = {row["sheet"] for row in material.issued if row["left"] or row["answered"] == row["items"]}
    owing = {
        info.batch
        for sheet, info in found.sheets.items()
        if sheet not in settled and any((sheet, item) not in done for item in info.items)
    }
    for info in found.sheets.values():
        # pairs of possible duplicates are of entries, and stay so when their records change
        items = {item if info.stage == "duplicates" else by_record(item, material.known) for item in info.items}
        if info.role == "screen":
            found.on_sheet[info.stage] |= items
            if info.batch in owing:
                found.in_work[info.stage] |= items
            else:
                found.finished.add(info.batch)
    return found


def stages(material: Material) -> list[Stage]:
    """Every stage that has items or sheets, in the order of a review."""
    batches = _batches(material)
    found = [_stage(stage, material, batches) for stage in STAGES]
    return [stage for stage in found if stage.total or stage.people]


def _stage(stage: str, material: Material, batches: _Batches) -> Stage:
    before = BEFORE.get(stage, ())
    hidden = set().union(*(batches.in_work[name] for name in before)) if before else set()
    places: Counter[str] = Counter()
    for item, state in material.states.get(stage, {}).items():
        if item in batches.in_work[stage]:
            places["in_work"] += 1
        elif item in batches.on_sheet[stage] or not hidden & set(split(item).ids):
            places["settled" if state in SETTLED else PLACES.get(state, "to_do")] += 1
    return Stage(stage, **{name: places[name] for name in ("settled", "conflicts", "in_work", "to_do", "left")},
                 people=tuple(_people(stage, material, batches)))  # fmt: skip


def _people(stage: str, material: Material, batches: _Batches) -> Iterable[Work]:
    mine: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in material.issued:
        if row["stage"] == stage:
            task = "adjudicating" if row["purpose"] == "adjudication" else TASKS[stage]
            mine[row["person"], task].append(row)
    given = _given(material.events, {row["sheet"] for rows in mine.values() for row in rows})
    shared = _shared(stage, material, batches)
    for (person, task), rows in sorted(mine.items(), key=lambda at: (at[0][1] == "adjudicating", at[0])):
        days: Counter[str] = Counter()
        for row in rows:
            days.update(given[row["sheet"]])
        equal = shared[person] if task != "adjudicating" else []
        yield Work(
            person=person,
            task=task,
            sheets=len(rows),
            items=sum(int(row["answered" if row["left"] else "items"]) for row in rows),
            answered=sum(int(row["answered"]) for row in rows),
            waiting=tuple(
                (row["file"], int(row["answered"]), int(row["items"]))
                for row in sorted(rows, key=lambda row: row["sheet"])
                if int(row["answered"]) < int(row["items"]) and not row["left"]
            ),
            days=len(days),
            given=days.total(),
            last=max(days, default=""),
            compared=len(equal),
            agreement=sum(equal) / len(equal) if len(equal) >= ENOUGH else None,
        )
    for info in folder.imported(folder.of_stage(material.events, stage)).values():
        if done := len(info.items):
            yield Work(info.person, BROUGHT, 0, done, done, (), days=0, given=0, last="", compared=0, agreement=None)


def _given(events: Iterable[Event], sheets: set[str]) -> dict[str, Counter[str]]:
    """Sheet -> day -> items that were answered for the first time in a version read on that day (UTC)."""
    seen: set[tuple[str, str]] = set()
    days: dict[str, Counter[str]] = defaultdict(Counter)
    for event in events:
        if event["kind"] == "read" and event["sheet"] in sheets:
            new = {(event["sheet"], item) for item in event["labels"]} - seen
            seen |= new
            days[event["sheet"]].update([event["recorded_at"][:10]] * len(new))
    return days


def _shared(stage: str, material: Material, batches: _Batches) -> dict[str, list[float]]:
    """Person -> for each item of a finished batch that others answered too, the share of them who said the same."""
    said: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in material.independent:
        if row["stage"] == stage and row["batch"] in batches.finished:
            said[by_record(row["item"], material.known)][row["person"]].add(row["decision"])
    shares: dict[str, list[float]] = defaultdict(list)
    for people in said.values():
        one = {person: min(words) for person, words in people.items() if len(words) == 1}
        for person, word in one.items():
            others = [other for name, other in one.items() if name != person]
            if others:
                shares[person].append(sum(other == word for other in others) / len(others))
    return shares


# ------------------------------------------------------------------------------------------------------------ in words


def last_read(found: Iterable[Stage]) -> str:
    """The day of the last reading that brought answers; empty before the first."""
    return max((work.last for stage in found for work in stage.people), default="")


def day(text: str) -> str:
    """`14 February 2026`."""
    when = date.fromisoformat(text)
    months = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ]
    return f"{when.day} {months[when.month - 1]} {when.year}"


def pace(work: Work) -> str:
    """Answers a day, over the days on which new ones were read."""
    if not work.days:
        return "–"
    return f"{work.given / work.days:.0f} a day ({work.days:,} day{'' if work.days == 1 else 's'})"


def agreement(work: Work) -> str:
    """Percent of equal answers, of how many items; of those who work alone there is none."""
    if work.task in ("adjudicating", BROUGHT, TASKS["duplicates"]):
        return "–"
    return "not shown yet" if work.agreement is None else f"{100 * work.agreement:.0f}% of {work.compared:,} items"


def name_of(person: str, names: Mapping[str, str]) -> str:
    """`Anna Prosser (anna)`, or the id alone."""
    return f"{names[person]} ({person})" if names.get(person) else person


COLUMNS = ("Person", "Task", "Sheets", "Answered", "Waiting", "Pace", "Last read", "Agreement")


def html(
    found: Sequence[Stage],
    *,
    title: str,
    notice: str,
    names: Mapping[str, str],
    more: Sequence[Element] = (),
    style: str = "",
) -> str:
    """The page; `more`, in a `style` of its own, stands below the stages."""
    last = last_read(found)
    body: list[Child] = [
        element("h1", title),
        element("p", "Progress of screening and coding"),
        *([element("p", notice, class_="small")] if notice else []),
        element(
            "p", f"The last answers were read on {day(last)}." if last else "No sheet with answers has been read yet."
        ),
        *(_section(stage, names) for stage in found),
        *more,
        element("footer", *(element("p", text) for text in EXPLAINED)),
    ]
    return page(f"Progress: {title}", [element("main", *body)], style, images=bool(more))


EXPLAINED = (
    "This page shows nobody's answers. A record counts as decided, or as in conflict, once everybody has finished the "
    "batch that it belongs to.",
    "Pace: answers for each day on which new ones were read. Days are those of UTC.",
    "Agreement: share of items to which others gave the same answer, before anything was reconciled. It is shown when "
    f"{ENOUGH} items or more can be compared, and only of batches that everybody has finished.",
)


def _section(stage: Stage, names: Mapping[str, str]) -> Element:
    parts = stage.parts()
    rows = [_row(work, names) for work in stage.people]
    heading = f"{STAGE_NAMES[stage.stage]}: {stage.count(stage.total)}"
    people = (
        table(f"Who does what: {STAGE_NAMES[stage.stage].lower()}", COLUMNS, rows)
        if rows
        else element("p", "Nobody has a sheet yet.", class_="small")
    )
    return element("section", element("h2", heading), bar(parts), key(parts), people)


def _row(work: Work, names: Mapping[str, str]) -> list[list[Child]]:
    answered = f"{work.answered:,} of {work.items:,}{_percent(work.answered, work.items)}"
    parts = (Part(work.answered, "", "done"), Part(work.items - work.answered, "", "track"))
    sheets = [
        element("li", file, " ", element("span", f"({done:,} of {of:,})", class_="of"))
        for file, done, of in work.waiting
    ]
    waiting: list[Child] = [element("ul", *sheets)] if sheets else ["nothing"]
    return [
        [name_of(work.person, names)], [work.task], [f"{work.sheets:,}"], [answered, bar(parts, thin=True)], waiting,
        [pace(work)], [day(work.last) if work.last else "–"], [agreement(work)],
    ]  # fmt: skip


TABLE = [
    "Stage",
    "Person",
    "Task",
    "Sheets",
    "Items",
    "Answered",
    "Percent",
    "Waiting",
    "Pace",
    "Last read",
    "Agreement",
]
WIDTHS = [20, 26, 13, 8, 8, 10, 9, 44, 18, 12, 18]


def rows(found: Iterable[Stage], names: Mapping[str, str]) -> list[Row]:
    """The same as a table: for each stage a line for all its items, then its people."""
    out = []
    for stage in found:
        blank = {"Stage": STAGE_NAMES[stage.stage], "Person": "", "Task": "", "Sheets": "", "Pace": "", "Last read": ""}
        rest = "; ".join(part.words for part in stage.parts() if part.look != "done")
        all_items = {"Items": str(stage.total), "Answered": str(stage.settled), "Waiting": rest, "Agreement": ""}
        share = _percent(stage.settled, stage.total).strip(" (%)")
        out.append(blank | all_items | {"Person": f"all {UNITS[stage.stage][1]}", "Task": "decided", "Percent": share})
        out += [
            {
                "Stage": STAGE_NAMES[stage.stage],
                "Person": name_of(work.person, names),
                "Task": work.task,
                "Sheets": str(work.sheets),
                "Items": str(work.items),
                "Answered": str(work.answered),
                "Percent": _percent(work.answered, work.items).strip(" (%)"),
                "Waiting": "\n".join(f"{file} ({done:,} of {of:,})" for file, done, of in work.waiting),
                "Pace": pace(work),
                "Last read": work.last,
                "Agreement": agreement(work),
            }
            for work in stage.people
        ]
    return out
