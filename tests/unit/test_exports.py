"""Which file belongs to which source, and names that are safe."""

from pathlib import Path

import pytest

from scoping import exports
from scoping.config import Source
from scoping.errors import ScopingError


def source(*files: str) -> Source:
    return Source.model_validate({"name": "S", "kind": "database", "files": list(files)})


def test_lock_files_and_hidden_ones_are_no_exports(tmp_path: Path) -> None:
    for name in ("a.ris", "~$a.ris", ".b.ris", "sub/c.bib", "_old/d.ris", "README.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert exports.names(tmp_path) == ["a.ris", "sub/c.bib"]
    assert exports.names(tmp_path / "nowhere") == []


@pytest.mark.parametrize(
    ("name", "start"),
    [("Scopus 2026.ris", "scopus-2026-"), ("Żółć (1).bib", "zoc-1-"), ("日本.ris", "file-"), ("a'b\"$c.ris", "a-b-c-")],
)
def test_a_slug_is_safe_in_wildcards_and_shells(name: str, start: str) -> None:
    slug = exports.slug(name)
    assert slug.startswith(start)
    assert slug.isascii()
    assert slug.replace("-", "").isalnum()


def test_names_that_look_alike_have_other_slugs() -> None:
    assert len({exports.slug(name) for name in ("a b.ris", "a-b.ris", "A B.ris", "x/a b.ris")}) == 4


def test_a_file_goes_to_the_sources_that_name_it_also_by_pattern() -> None:
    sources = {"scopus": source("scopus*.ris"), "web": source("found.csv"), "org": source("found.csv")}
    found = exports.claims(sources, ["scopus 1.ris", "scopus 2.ris", "found.csv"])
    assert {name: sorted(claimed) for name, claimed in found.items()} == {
        "scopus 1.ris": ["scopus"],
        "scopus 2.ris": ["scopus"],
        "found.csv": ["org", "web"],
    }


@pytest.mark.parametrize(
    ("files", "present", "message"),
    [
        (
            ["scopus.ris"],
            ["scopsu.ris"],
            "config/review.yaml: source 's' names the file 'scopus.ris', which is not in data/raw/exports; did you mean 'scopsu.ris'?",
        ),
        (["a.ris"], [], "config/review.yaml: source 's' names the file 'a.ris', which is not in data/raw/exports; put the export there"),
        (
            ["a.ris"],
            ["a.ris", "b.ris"],
            "data/raw/exports/b.ris: belongs to no source; name it under `files:` of its source in config/review.yaml, "
            "or take it out of the folder",
        ),
    ],
)  # fmt: skip
def test_a_file_without_source_and_a_source_without_file_are_errors(
    files: list[str], present: list[str], message: str
) -> None:
    with pytest.raises(ScopingError) as caught:
        exports.claims({"s": source(*files)}, present)
    assert str(caught.value) == message


def test_reading_a_file_depends_on_hits_and_encoding_alone() -> None:
    changed = {"name": "Other", "strategy": "x", "platform": "y"}
    plain = source("a.ris")
    assert exports.claim_settings({"s": plain}) == exports.claim_settings({"s": plain.model_copy(update=changed)})
    assert exports.claim_settings({"s": plain}) != exports.claim_settings(
        {"s": plain.model_copy(update={"reported_hits": 3})}
    )


PATTERNS = [
    ("scopus.ris", "scopus.ris", True),
    ("scopus*.ris", "scopus 2026.ris", True),
    ("scopus/*.ris", "scopus/a.ris", True),
    ("*.RIS", "a.ris", False),
    ("scopus[1].ris", "scopus[1].ris", True),
    ("scopus.ris", "sub/scopus.ris", False),
]


@pytest.mark.parametrize(("pattern", "name", "claimed"), PATTERNS)
def test_patterns(pattern: str, name: str, claimed: bool) -> None:
    """A name with brackets is a name before it is a pattern."""
    if claimed:
        assert list(exports.claims({"s": source(pattern)}, [name])[name]) == ["s"]
    else:
        with pytest.raises(ScopingError, match="which is not in data/raw/exports"):
            exports.claims({"s": source(pattern)}, [name])


def test_claims_settings_are_one_text_for_equal_claims() -> None:
    one, two = source("a.ris"), source("a.ris").model_copy(update={"reported_hits": 3, "encoding": "cp1252"})
    text = exports.claim_settings({"b": two, "a": one})
    assert text == exports.claim_settings({"a": one, "b": two})
    assert text == '{"claims":{"a":{"encoding":"","reported":null},"b":{"encoding":"cp1252","reported":3}}}'


def test_a_long_name_gives_a_short_slug() -> None:
    assert len(exports.slug("x" * 200 + ".ris")) == 49
