"""The config files: what is accepted, how mistakes are told, and what each command gets to see."""

import json
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from pydantic import BaseModel, ValidationError

from scoping import codebook, config, config_docs
from scoping.config import SECTIONS, Review, SourceKind
from scoping.errors import ScopingError
from scoping.migration_steps import Migration

ROOT = Path(__file__).parents[2]

REVIEW = """\
title: Knowledge mobilisation in health
notice: A synthetic review
question:
  text: What is known?
  population: Health organisations
  concept: Knowledge mobilisation
  context: Any
sources:
  scopus:
    name: Scopus
    kind: database
    searched: 2024-05-31
    files: [scopus.ris, more/scopus-*.csv]
    strategy: |
      TITLE-ABS-KEY(knowledge)
      AND health
    reported_hits: 120
  experts:
    name: Experts
    kind: contact
    files: [experts.csv]
criteria:
  include:
    - {id: I1, text: About health}
  exclude:
    - {id: E1, label: Wrong topic, text: Not about health}
    - id: E2
      label: No data
      text: No data of its own
keywords: [knowledge*, no]
examples:
  - decision: include
    title: A study
    why: It fits
people:
  anna: {name: Anna}
  ben: {active: no}
  carla:
stages:
  duplicates:
    people: [anna]
  title_abstract:
    mode: dual
    people: [anna, ben]
    adjudicator: carla
  full_text:
    mode: dual
    people: [anna, ben]
    adjudicator: null
  coding:
    mode: single
    people: [anna]
    adjudicator: anna
    batch: 5
ranking:
  c: 0.5
automation:
seed: 010
"""

CODEBOOK = """\
version: 1
families:
  - {id: actors, label: Actors, text: Who acts}
codes:
  - id: BROKER
    family: actors
    label: Broker
    definition: Somebody who connects
  - id: LEVEL
    family: actors
    label: Level
    definition: Where it happens
    values: [yes, no]
    levels: [individual, system]
    indicators: [broker*]
"""


def load(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Review:
    (tmp_path / "config").mkdir(exist_ok=True)
    (tmp_path / "config" / "review.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return config.load(Path("config/review.yaml"))


def load_codebook(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> codebook.Codebook:
    (tmp_path / "codebook.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return codebook.load(Path("codebook.yaml"))


@pytest.fixture
def review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Review:
    return load(REVIEW, tmp_path, monkeypatch)


@pytest.fixture
def charting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> codebook.Codebook:
    return load_codebook(CODEBOOK, tmp_path, monkeypatch)


def test_values_become_what_their_keys_ask_for(review: Review) -> None:
    scopus = review.sources["scopus"]
    assert (str(scopus.searched), scopus.reported_hits, scopus.kind) == ("2024-05-31", 120, SourceKind.DATABASE)
    assert scopus.strategy == "TITLE-ABS-KEY(knowledge)\nAND health"
    assert (review.people["anna"].active, review.people["ben"].active, review.people["carla"].active) == (
        True,
        False,
        True,
    )
    assert review.keywords == ("knowledge*", "no")
    assert review.seed == 10
    assert review.stages.full_text.adjudicator is None
    assert list(review.sources) == ["experts", "scopus"]


def test_defaults(review: Review) -> None:
    stages = review.stages
    screening = stages.title_abstract
    assert (screening.pilot, screening.batch, screening.open_batches, screening.sheet_rows) == (25, 50, 2, 500)
    assert screening.unsure == "conflict"
    assert (stages.full_text.batch, stages.coding.batch) == (50, 5)
    assert (review.ranking.enabled, review.ranking.c, review.ranking.ratio) == (True, 0.5, 9.8)
    assert (review.sources["experts"].searched, review.sources["experts"].encoding) == (None, "")


def test_nothing_can_be_changed(review: Review) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        review.title = "Another"
    with pytest.raises(ValidationError, match="frozen"):
        review.stages.coding.mode = "dual"


def test_arms() -> None:
    arms = {kind.value: kind.arm for kind in SourceKind}
    assert arms == {
        "database": "databases",
        "register": "databases",
        "website": "other",
        "organisation": "other",
        "citation_searching": "other",
        "contact": "other",
    }


BAD = [
    # keys
    ("seed: 010", "sead: 10", ["1: 'seed' is missing or empty; add it", "58: 'sead' is not known; did you mean 'seed'?"]),
    ("    kind: contact\n", "", ["18: 'kind' is missing or empty in sources.experts; add it (one of database, register, website, organisation, citation_searching, contact)"]),
    ("    kind: contact", "    kind:", ["20: 'kind' is missing or empty in sources.experts; add it (one of database, register, website, organisation, citation_searching, contact)"]),
    ("    adjudicator: carla", "    reviewrs: 3", ["45: 'reviewrs' is not known; known here: mode, sample, people, shares, adjudicator, adjudication, pilot, pilot_rounds, gate, gate_passed, batch, open_batches, sheet_rows, growth, largest, audit, unsure"]),
    ("    adjudicator: carla", "    ajudicator: carla", ["45: 'ajudicator' is not known; did you mean 'adjudicator'?"]),
    ("automation:", "automation:\n  exclude: yes", ["58: 'exclude' is not known; automation takes no keys yet"]),
    ("  concept: Knowledge mobilisation\n  context: Any\n", "", ["3: 'concept' is missing or empty in question; add it", "3: 'context' is missing or empty in question; add it"]),
    ("  anna: {name: Anna}", "  anna: {nmae: Anna}", ["36: 'nmae' is not known; did you mean 'name'?"]),
    ("  scopus:", "  Scopus 1:", ["9: 'Scopus 1' cannot be an id; use up to 41 small letters, digits, - and _, beginning with a letter or digit"]),
    ("seed: 010", "seed: 1\nseed: 2", ["59: 'seed' stands twice, on line 58 and on line 59; keep one of them"]),
    # values
    ("kind: database", "kind: databse", ["11: sources.scopus.kind is 'databse'; did you mean 'database'?"]),
    ("kind: database", "kind: Database", ["11: sources.scopus.kind is 'Database'; did you mean 'database'?"]),
    ("kind: database", "kind: 7", ["11: sources.scopus.kind is '7'; write one of database, register, website, organisation, citation_searching, contact"]),
    ("mode: single", "mode: triple", ["51: stages.coding.mode is 'triple'; write one of single, dual, dual-with-sample"]),
    ("    adjudicator: carla", "    shares: {carla: 2}", ["45: stages.title_abstract.shares names 'carla', who is not in people there"]),
    ("    adjudicator: carla", "    shares: {anna: 0}", ["45: stages.title_abstract.shares.anna is '0'; more than 0 is needed"]),
    ("    adjudicator: carla", "    gate_passed: {by: eve, reason: Talked over}", ["45: stages.title_abstract.gate_passed.by is 'eve', who is not one of people; known here: anna, ben, carla"]),
    ("    adjudicator: carla", "    gate_passed: {by: carla}", ["45: 'reason' is missing or empty in stages.title_abstract.gate_passed; add it"]),
    ("    adjudicator: carla", "    gate: 75", ["45: stages.title_abstract.gate is '75'; at most 1.0 is possible"]),
    ("mode: single", "mode: both", ["51: stages.coding.mode is 'both'; write one of single, dual, dual-with-sample"]),
    ("decision: include", "decision: maybe", ["32: examples[1].decision is 'maybe'; write one of include, exclude"]),
    ("searched: 2024-05-31", "searched: 31.5.2024", ["12: sources.scopus.searched is '31.5.2024'; write a date as 2024-05-31"]),
    ("searched: 2024-05-31", "searched: 2023-02-29", ["12: sources.scopus.searched is '2023-02-29'; there is no such day"]),
    ("reported_hits: 120", "reported_hits: 1,200", ["17: sources.scopus.reported_hits is '1,200'; write a whole number"]),
    ("reported_hits: 120", "reported_hits: -1", ["17: sources.scopus.reported_hits is '-1'; at least 0 is needed"]),
    ("reported_hits: 120", "reported_hits: " + "9" * 5000, ["17: sources.scopus.reported_hits is '" + "9" * 57 + "...'; write a whole number"]),
    ("active: no", "active: nope", ["37: people.ben.active is 'nope'; write yes or no"]),
    ("batch: 5", "batch: 0", ["54: stages.coding.batch is '0'; at least 1 is needed"]),
    ("batch: 5", "batch: 2.5", ["54: stages.coding.batch is '2.5'; write a whole number"]),
    ("c: 0.5", "c: 0,5", ["56: ranking.c is '0,5'; write a number such as 0.5"]),
    ("c: 0.5", "c: 0", ["56: ranking.c is '0'; more than 0 is needed"]),
    ("c: 0.5", "c: nan", ["56: ranking.c is 'nan'; write a number such as 0.5"]),
    ("seed: 010", "seed: random", ["58: seed is 'random'; write a whole number"]),
    ("seed: 010", "seed: 4294967296", ["58: seed is '4294967296'; at most 4294967295 is possible"]),
    ("title: Knowledge mobilisation in health", "title: ''", ["1: title is empty; give it a value"]),
    ("title: Knowledge mobilisation in health", "title: '  '", ["1: title is empty; give it a value"]),
    ("title: Knowledge mobilisation in health", "title: [a, b]", ["1: title is a list; write a text here"]),
    ("ranking:\n  c: 0.5", "ranking: yes", ["55: ranking is 'yes'; write 'key: value' lines under it"]),
    ("keywords: [knowledge*, no]", "keywords: knowledge*", ["30: keywords is 'knowledge*'; write a list: '- ' lines under it, or [one, two]"]),
    ("keywords: [knowledge*, no]", "keywords:\n  - a\n  -", ["32: keywords[2] is empty; give it a value"]),
    ("keywords: [knowledge*, no]", "keywords: [a, b, A]", ["30: keywords is not right; 'A' stands in it twice"]),
    ("people: [anna]\n    adj", "people: []\n    adj", ["52: stages.coding.people has no items; at least 1 is needed"]),
    ("people: [anna]\n    adj", "people: anna\n    adj", ["52: stages.coding.people is 'anna'; write a list: '- ' lines under it, or [one, two]"]),
    ("files: [experts.csv]", "files: [experts.csv]\n    encoding: utf9", ["22: sources.experts.encoding is 'utf9'; write an encoding such as utf-8, utf-16 or cp1252, or leave it out"]),
    ("files: [experts.csv]", "files: [experts.csv]\n    encoding: hex", ["22: sources.experts.encoding is 'hex'; write an encoding such as utf-8, utf-16 or cp1252, or leave it out"]),
    # files stay inside
    ("files: [experts.csv]", "files: [/etc/passwd]", ["21: sources.experts.files[1] is '/etc/passwd'; name a file within data/raw/exports, without a leading / and without .."]),
    ("files: [experts.csv]", "files: [a/../../x.ris]", ["21: sources.experts.files[1] is 'a/../../x.ris'; name a file within data/raw/exports, without a leading / and without .."]),
    ("files: [experts.csv]", "files: ['C:/x.ris']", ["21: sources.experts.files[1] is 'C:/x.ris'; name a file within data/raw/exports, without a leading / and without .."]),
    ("files: [experts.csv]", "files: ['..\\x.ris']", ["21: sources.experts.files[1] is '..\\x.ris'; write folders with /, not with \\"]),
    ("files: [experts.csv]", "files: [~/x.ris]", ["21: sources.experts.files[1] is '~/x.ris'; name a file within data/raw/exports, or a pattern such as scopus/*.ris"]),
    ("files: [experts.csv]", 'files: ["a\\nb.ris"]', ["21: sources.experts.files[1] is 'a b.ris'; write the name on one line, without tabs"]),
    ("files: [experts.csv]", "files: [x.ris, x.ris]", ["21: sources.experts.files is not right; 'x.ris' stands in it twice"]),
    # keys that refer to each other
    ("people: [anna, ben]\n    adjudicator: carla", "people: [ana, ben]\n    adjudicator: carl", ["44: 'ana' is not one of people; did you mean 'anna'?", "45: 'carl' is not one of people; did you mean 'carla'?"]),
    ("people: [anna, ben]\n    adjudicator: carla", "people:\n    - anna\n    - zoe", ["46: 'zoe' is not one of people; known here: anna, ben, carla"]),
    ("people: [anna, ben]\n    adjudicator: carla", "people: [anna]", ["44: stages.title_abstract.people names one person; mode dual needs two or more"]),
    ("people: [anna, ben]\n    adjudicator: carla", "people: [anna, anna]", ["44: stages.title_abstract.people is not right; 'anna' stands in it twice", "44: stages.title_abstract.people names one person; mode dual needs two or more"]),
    ("adjudicator: carla", "adjudicator: ben", ["45: stages.title_abstract.adjudicator is 'ben', who labels there too; name somebody else"]),
    ("id: E2", "id: i1", ["27: criteria.exclude[2].id is 'i1', as in criteria.include[1]; give each its own"]),
    ("label: No data", "label: wrong Topic", ["28: criteria.exclude[2].label is 'wrong Topic', as in criteria.exclude[1]; give each its own"]),
    ("id: E2", "id: no data", ["27: criteria.exclude[2].id is 'no data'; use up to 41 letters, digits, - and _, beginning with a letter or digit"]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "messages"), BAD)
def test_a_mistake_is_told_with_its_line(
    old: str, new: str, messages: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert REVIEW.count(old) >= 1
    with pytest.raises(ScopingError) as caught:
        load(REVIEW.replace(old, new, 1), tmp_path, monkeypatch)
    assert str(caught.value).splitlines() == [f"config/review.yaml:{message}" for message in messages]


def test_all_mistakes_are_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = REVIEW
    for old, new in (
        ("notice:", "notise:"),
        ("kind: database", "kind: databank"),
        ("id: E2", "id: E1"),
        ("active: no", "active: perhaps"),
        ("people: [anna]\n", "people: [dora]\n"),
        ("batch: 5", "batch: five"),
    ):
        text = text.replace(old, new, 1)
    with pytest.raises(ScopingError) as caught:
        load(text, tmp_path, monkeypatch)
    assert str(caught.value).splitlines() == [
        "config/review.yaml:2: 'notise' is not known; did you mean 'notice'?",
        "config/review.yaml:11: sources.scopus.kind is 'databank'; did you mean 'database'?",
        "config/review.yaml:27: criteria.exclude[2].id is 'E1', as in criteria.exclude[1]; give each its own",
        "config/review.yaml:37: people.ben.active is 'perhaps'; write yes or no",
        "config/review.yaml:41: 'dora' is not one of people; known here: anna, ben, carla",
        "config/review.yaml:54: stages.coding.batch is 'five'; write a whole number",
    ]


def test_very_many_mistakes_are_cut_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ScopingError) as caught:
        load(REVIEW + "".join(f"extra{n}: 1\n" for n in range(60)), tmp_path, monkeypatch)
    told = str(caught.value).splitlines()
    assert len(told) == 51
    assert told[-1] == "config/review.yaml: and 10 more; mend these first"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty; see docs/config.md for its keys"),
        ("- a\n", "the file is not a list of 'key: value' lines; see docs/config.md for its keys"),
        ("title\n", "the file is not a list of 'key: value' lines; see docs/config.md for its keys"),
    ],
)
def test_not_a_config_at_all(text: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ScopingError) as caught:
        load(text, tmp_path, monkeypatch)
    assert str(caught.value) == f"config/review.yaml: {message}"


@pytest.mark.parametrize(
    "damage", ["x", "[x]", "[[x]]", "{x: y}", "{x: {y: z}}", "", "[{id: [1]}]", "{people: {a: 1}}"]
)
@pytest.mark.parametrize("section", sorted(Review.model_fields))
def test_no_shape_of_a_section_is_a_bug(
    section: str, damage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever stands under a key, it loads or it is an error that a person can mend."""
    lines = [line for line in REVIEW.splitlines() if line[:1].isalpha()]
    text = "\n".join(f"{section}: {damage}" if line.startswith(f"{section}:") else line for line in lines) + "\n"
    with pytest.raises(ScopingError):
        load(text, tmp_path, monkeypatch)


@pytest.mark.parametrize("damage", ["", "x", "- x", "x: y", "  x: y", "'", "[", "\tx: y", "{line}\n{line}", " {line}"])
def test_no_damaged_line_is_a_bug(damage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any line replaced, doubled, moved or lost: it loads or it is an error that a person can mend, with its line."""
    lines = REVIEW.splitlines()
    told: list[str] = []
    for number, line in enumerate(lines):
        text = "\n".join([*lines[:number], damage.format(line=line), *lines[number + 1 :]])
        try:
            load(text, tmp_path, monkeypatch)
        except ScopingError as error:
            told += str(error).splitlines()
    assert len(told) > 5
    assert [message for message in told if not re.match(r"config/review\.yaml:[0-9]+: .+; .+", message)] == []


def test_checks_between_keys_hold_for_a_review_made_in_code(review: Review) -> None:
    data = review.model_dump(mode="json")
    assert Review.model_validate(data) == review
    data["stages"]["coding"]["people"] = ["dora"]
    with pytest.raises(ValidationError, match="'dora' is not one of people"):
        Review.model_validate(data)


def test_two_sources_may_name_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = REVIEW.replace("files: [experts.csv]", "files: [scopus.ris]")
    assert load(text, tmp_path, monkeypatch).sources["experts"].files == ("scopus.ris",)


def test_every_key_is_a_section_or_deliberately_unused() -> None:
    used = {name for names in SECTIONS.values() for name in names}
    assert used <= set(Review.model_fields)
    assert set(Review.model_fields) - used == {"automation"}


@pytest.mark.parametrize("command", sorted(SECTIONS))
def test_settings_round_trip(command: str, review: Review) -> None:
    text = config.settings(review, command)
    partial = config.from_settings(text)
    assert config.settings(partial, command) == text
    assert text == json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    for name in SECTIONS[command]:
        assert getattr(partial, name) == getattr(review, name)
        assert repr(getattr(partial, name)) == repr(getattr(review, name))


@pytest.mark.parametrize("command", sorted(SECTIONS))
def test_a_section_that_is_not_declared_cannot_be_read(command: str, review: Review) -> None:
    partial = config.from_settings(config.settings(review, command))
    for name in set(Review.model_fields) - set(SECTIONS[command]):
        with pytest.raises(AttributeError, match=f"'{name}' is not in these settings"):
            getattr(partial, name)
    with pytest.raises(AttributeError):
        partial.nonsense  # noqa: B018


def test_settings_are_those_of_the_content_not_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = load(REVIEW, tmp_path, monkeypatch)
    people = "people:\n  anna: {name: Anna}\n  ben: {active: no}\n  carla:\n"
    moved = "people:\n  # the team\n  carla: {}\n  ben:\n    active: 'False'\n  anna: {name: 'Anna', active: yes}\n"
    text = moved + REVIEW.replace(people, "")
    assert text != REVIEW
    two = load(text, tmp_path, monkeypatch)
    for command in SECTIONS:
        assert config.settings(one, command) == config.settings(two, command)


def test_settings_change_only_for_commands_that_depend_on_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = load(REVIEW, tmp_path, monkeypatch)
    two = load(REVIEW.replace("seed: 010", "seed: 11"), tmp_path, monkeypatch)
    changed = {command for command in SECTIONS if config.settings(one, command) != config.settings(two, command)}
    assert changed == {
        "rank",
        "issue",
        "agree",
        "resolve",
        "coding",
        "interviews",
        "suggest",
        "suggested",
        "describe",
        "recheck",
        "health",
    }


def test_settings_of_less_cannot_become_settings_of_more(review: Review) -> None:
    with pytest.raises(AttributeError, match="'title' is not in these settings"):
        config.settings(config.from_settings(config.settings(review, "ingest")), "flow")


def test_settings_that_are_none_are_refused() -> None:
    for text in ("[]", '"x"', '{"reviewers": 1}'):
        with pytest.raises(ValueError, match="not the settings of a command"):
            config.from_settings(text)
    with pytest.raises(KeyError):
        config.settings(config.from_settings("{}"), "nothing")


def test_codebook_loads(charting: codebook.Codebook) -> None:
    broker, level = charting.codes
    assert (broker.values, broker.levels, broker.indicators) == (("yes", "no", "unclear"), (), ())
    assert (level.values, level.levels, level.indicators) == (("yes", "no"), ("individual", "system"), ("broker*",))
    assert codebook.from_settings(codebook.settings(charting)) == charting
    assert codebook.settings(codebook.from_settings(codebook.settings(charting))) == codebook.settings(charting)


BAD_CODEBOOK = [
    ("version: 1", "version: first", ["1: version is 'first'; write a whole number"]),
    ("id: LEVEL", "id: BROKER", ["9: codes[2].id is 'BROKER', as in codes[1]; give each its own"]),
    ("id: LEVEL", "id: Level", ["9: codes[2].id is 'Level'; use 2 to 8 capital letters and digits, beginning with a letter"]),
    ("    family: actors\n    label: Level", "    family: actor\n    label: Level", ["10: 'actor' is not one of families; did you mean 'actors'?"]),
    ("values: [yes, no]", "values: [yes]", ["13: codes[2].values has 1 item; at least 2 is needed"]),
    ("values: [yes, no]", "values: [yes, maybe]", ["13: codes[2].values[2] is 'maybe'; sheets take it for 'unclear'"]),
    ("values: [yes, no]", "values: [Yes, no]", ["13: codes[2].values[1] is 'Yes'; it is spelled 'yes' elsewhere; spell it alike"]),
    ("values: [yes, no]", "values: [withdraw, no]", ["13: codes[2].values[1] is 'withdraw'; that takes an answer back"]),
    ("values: [yes, no]", "values: [none, '2']", ["13: codes[2].values[2] is '2'; spreadsheets change numbers; use a word"]),
    ("values: [yes, no]", "values: [none, 'a;b']", ["13: codes[2].values[2] is 'a;b'; use up to 40 letters without ; , : | and quotes, beginning with a letter"]),
    ("values: [yes, no]", "values: [yes, no]\n    unit: person", ["14: codes[2].unit is 'person'; write one of model, study, report"]),
    ("values: [yes, no]", "values: [yes, no]\n    status: maybe", ["14: codes[2].status is 'maybe'; write yes or no"]),
    ("levels: [individual, system]", "levels: [individuals]", ["14: codes[2].levels[1] is 'individuals'; did you mean 'individual'?"]),
    ("    definition: Where it happens\n", "", ["9: 'definition' is missing or empty in codes[2]; add it"]),
    ("    indicators:", "    indicator:", ["15: 'indicator' is not known; did you mean 'indicators'?"]),
    ("  - {id: actors, label: Actors, text: Who acts}", "  - {id: actors, label: Actors, text: Who acts}\n  - {id: Actors, label: B, text: C}", ["4: families[2].id is 'Actors', as in families[1]; give each its own"]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "messages"), BAD_CODEBOOK)
def test_a_mistake_in_the_codebook_is_told_with_its_line(
    old: str, new: str, messages: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert CODEBOOK.count(old) == 1
    with pytest.raises(ScopingError) as caught:
        load_codebook(CODEBOOK.replace(old, new), tmp_path, monkeypatch)
    assert str(caught.value).splitlines() == [f"codebook.yaml:{message}" for message in messages]


def models(model: type[BaseModel]) -> set[type[BaseModel]]:
    found = {model}
    for field in model.model_fields.values():
        below = config_docs.inside(field.annotation)
        if isinstance(below, type) and issubclass(below, BaseModel):
            found |= models(below)
    return found


EXTRAS = """
crosswalks:
  - id: themes
    label: Themes
    version: 1
    targets:
      - {id: T1, label: One}
      - {id: T2, label: Two}
    rows:
      - {code: BROKER, target: T1, kind: explicit}
      - {code: LEVEL, target: T1, kind: inferred}
derived:
  - {id: forms, label: Forms, kind: count, codes: [BROKER, LEVEL]}
  - {id: mosaic, label: Mosaic, kind: combined, codes: [BROKER], joined_by: LEVEL}
  - {id: best, label: Best, kind: best, codes: [BROKER], order: [observed, asserted]}
  - {id: both, label: Both, kind: all, conditions: [{variable: forms}, {variable: mosaic, values: [combined]}]}
"""
BAD_EXTRAS = [
    ("{code: BROKER, target", "{code: BROKR, target", ["10: 'BROKR' is not one of codes; "]),
    ("LEVEL, target: T1", "LEVEL, target: T3", ["11: 'T3' is not one of targets; known here: T1, T2"]),
    ("LEVEL, target: T1", "BROKER, target: T1", ["11: crosswalks[1].rows[2] says the same as rows[1] (BROKER, T1); keep one"]),
    ("id: T2", "id: t1", ["8: crosswalks[1].targets[2].id is 't1', as in crosswalks[1].targets[1]; give each its own"]),
    ("kind: inferred", "kind: guessed", ["11: crosswalks[1].rows[2].kind is 'guessed'; write one of explicit, inferred"]),
    ("id: mosaic", "id: forms", ["14: derived[2].id is 'forms', as in derived[1]; give each its own", "16: 'mosaic' is no variable"]),
    ("codes: [BROKER, LEVEL]", "codes: [BROKER, LEVL]", ["13: 'LEVL' is not one of codes; "]),
    ("joined_by: LEVEL", "joined_by: LEVL", ["14: 'LEVL' is not one of codes; "]),
    (", joined_by: LEVEL", "", ["14: derived[2] is of kind combined, which needs `joined_by:`; add it"]),
    ("kind: count,", "kind: count, joined_by: LEVEL,", ["13: derived[1] is of kind count, which takes no `joined_by`; take it out"]),
    ("[observed, asserted]", "[observed, assumed]", ["15: 'assumed' is not one of the evidence bases; did you mean 'asserted'?"]),
    ("{variable: forms}", "{variable: both}", ["16: 'both' is no variable that stands before this one; "]),
    ("kind: best", "kind: worst", ["15: derived[3].kind is 'worst'; "]),
]  # fmt: skip


def test_crosswalks_and_derived_variables_load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = load_codebook(CODEBOOK.rstrip() + EXTRAS, tmp_path, monkeypatch)
    assert [(row.code, row.target, row.kind) for row in book.crosswalks[0].rows] == [
        ("BROKER", "T1", "explicit"), ("LEVEL", "T1", "inferred"),
    ]  # fmt: skip
    assert [rule.id for rule in book.derived] == ["forms", "mosaic", "best", "both"]
    assert codebook.from_settings(codebook.settings(book)) == book


@pytest.mark.parametrize(("old", "new", "messages"), BAD_EXTRAS)
def test_a_mistake_in_crosswalks_and_derived_variables_is_told_with_its_line(
    old: str, new: str, messages: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert old in EXTRAS
    before = CODEBOOK.rstrip().count("\n") + 1
    with pytest.raises(ScopingError) as caught:
        load_codebook(CODEBOOK.rstrip() + EXTRAS.replace(old, new), tmp_path, monkeypatch)
    told = str(caught.value).splitlines()
    assert len(told) == len(messages)
    for line, message in zip(told, messages, strict=True):
        number, _, what = message.partition(":")
        assert line.startswith(f"codebook.yaml:{before + int(number) - 1}:{what}"), line


@pytest.mark.parametrize(
    "model", sorted(models(Review) | models(codebook.Codebook) | models(Migration), key=lambda model: model.__name__)
)
def test_every_key_is_described(model: type[BaseModel]) -> None:
    assert model.model_config["extra"] == "forbid"
    assert model.model_config["frozen"]
    assert model.__doc__
    for name, field in model.model_fields.items():
        assert field.description, f"{model.__name__}.{name}"


@pytest.mark.parametrize("name", sorted(config_docs.documents()))
def test_generated_files_are_in_step(name: str) -> None:
    path = ROOT / name
    in_step = path.is_file() and path.read_text(encoding="utf-8") == config_docs.documents()[name]
    assert in_step, f"{name} is out of step with the models; run: {config_docs.COMMAND}"


def test_generated_files_are_written(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "scoping.config_docs"], cwd=tmp_path, check=True)
    for name, text in config_docs.documents().items():
        assert (tmp_path / name).read_bytes() == text.encode()


def test_schemas_accept_what_loads_and_refuse_what_is_unknown(review: Review, charting: codebook.Codebook) -> None:
    for text, model in ((config_docs.review_schema(), review), (config_docs.codebook_schema(), charting)):
        schema = json.loads(text)
        jsonschema.Draft202012Validator.check_schema(schema)
        data = model.model_dump(mode="json")
        jsonschema.validate(data, schema)
        with pytest.raises(jsonschema.ValidationError, match="reviewrs"):
            jsonschema.validate({**data, "reviewrs": 1}, schema)
    people = {"anna": None, "ben": {"active": "no"}, "carla": {"active": True}}
    jsonschema.validate({**review.model_dump(mode="json"), "people": people}, json.loads(config_docs.review_schema()))


def test_the_demo_loads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert config.load(Path("config/review.yaml")).title
    assert codebook.load(Path("config/codebook.yaml")).codes
