"""Studies, their reports and their models, as all stages after full text know them (from the table of studies).

A study is coded once: codes of the study, and of each of its models, hang on its main report. Only codes whose unit is
the report are asked of every report. Reports that were coded before anybody knew that they are of one study keep their
cells; then the study says what one of its reports says.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scoping.codebook import Code
from scoping.identity import folded
from scoping.items import FIRST, Item, join
from scoping.tables import Row


@dataclass(frozen=True)
class Study:
    """A study: `reports` are its included reports, the main one first; `models` the names of its models, if several."""

    id: str
    reports: tuple[str, ...]
    models: tuple[str, ...] = ()

    @property
    def main(self) -> str:
        """The report that what is coded for the study hangs on."""
        return self.reports[0]


class Studies:
    """The included reports by study. A report that the table does not have is a study of its own, with one model."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows = {row["record_id"]: row for row in rows}
        together: dict[str, list[str]] = defaultdict(list)
        for row in sorted(self.rows.values(), key=lambda row: (row["record_id"] != row["main"], row["record_id"])):
            together[row["study_id"]].append(row["record_id"])
        self.all = {
            id_: Study(id_, tuple(reports), tuple(self.names(reports[0])) if self.models(reports[0]) > 1 else ())
            for id_, reports in sorted(together.items())
        }

    def of(self, record_id: str) -> Study:
        """The study of a report."""
        row = self.rows.get(record_id)
        return self.all[row["study_id"]] if row else Study(record_id, (record_id,))

    def names(self, record_id: str) -> list[str]:
        """The names of the models that a report describes, as its own row of the sheet gives them."""
        row = self.rows.get(record_id)
        names: list[str] = json.loads(row["names"]) if row else []
        return names

    def models(self, record_id: str) -> int:
        """How many models a report describes."""
        row = self.rows.get(record_id)
        return int(row["models"]) if row else 1

    def has(self, item: Item, unit: str) -> bool:
        """Whether a report has the model that an item is about; codes of a study or report have one answer."""
        return item.model <= (self.models(item.record) if unit == "model" else FIRST)

    def wanted(self, codes: Sequence[Code]) -> list[Item]:
        """What is asked: each code once a report, a study or a model, in the order of studies and codes."""
        found = []
        for study in self.all.values():
            for code in codes:
                if code.unit == "report":
                    found += [Item(record, code.id) for record in study.reports]
                else:
                    models = self.models(study.main) if code.unit == "model" else FIRST
                    found += [Item(study.main, code.id, number) for number in range(FIRST, models + 1)]
        return found

    def asked_on(self, item: Item) -> Item:
        """Where the question of an item is asked now: of a further report of a study, on the main one."""
        main = self.of(item.record).main
        return item if main == item.record else Item(main, item.code, item.model)

    def model(self, record_id: str, number: int) -> str:
        """Which model of the study it is that a cell of one of its reports is about, as a word.

        The number of the main report's row; for a cell of another report, which was coded before the two were linked,
        the number of the model with its name. One that has no counterpart stands for itself, as `record+number`.
        """
        study = self.of(record_id)
        if record_id == study.main:
            return str(number)
        if self.models(record_id) == self.models(study.main) == 1:
            return str(FIRST)
        names = [folded(name) for name in self.names(record_id)]
        main = [folded(name) for name in self.names(study.main)]
        mine = names[number - 1] if number <= len(names) else ""
        return str(main.index(mine) + 1) if mine in main else f"{record_id}+{number}"

    def model_name(self, record_id: str, number: int) -> str:
        """What a model is called; `model 2` where nobody gave it a name, nothing where the report has only one."""
        if self.models(record_id) == 1:
            return ""
        names = self.names(record_id)
        return names[number - 1] if number <= len(names) else f"model {number}"


def placed(records: Iterable[Row], rows: Iterable[Row]) -> list[Row]:
    """The records with the studies of now: included reports have that of the table of studies."""
    now = {row["record_id"]: row["study_id"] for row in rows}
    return [{**row, "study_id": now.get(row["record_id"], row["study_id"])} for row in records]


def questions(pairs: Iterable[Row], rows: Iterable[Row]) -> dict[str, Row]:
    """Item -> what it is about: pairs of reports, and reports whose models nobody has counted."""
    found = {f"{row['a']}~{row['b']}": row for row in pairs if row["open"] == "yes"}
    return found | {row["record_id"]: {"why": ""} for row in rows if row["asked"] == "yes"}


def doubtful(pairs: Iterable[Row]) -> set[str]:
    """Reports of which it is not known yet whether they are of one study with another."""
    return {row[end] for row in pairs if row["open"] == "yes" for end in ("a", "b")}


def place(cell: Row) -> str:
    """The item of a cell."""
    return join(cell["record_id"], cell["code"], cell["model"])


def by_item(cells: Iterable[Row]) -> Mapping[Item, Row]:
    """The cells by what they are about."""
    return {Item(cell["record_id"], cell["code"], int(cell["model"])): cell for cell in cells}
