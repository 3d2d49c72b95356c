"""What tests of whole reviews share. Helper modules come as fixtures, since tests are no package."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


def _module(name: str) -> ModuleType:
    known = f"scoping_tests_workflow_{name}"
    if known not in sys.modules:
        spec = importlib.util.spec_from_file_location(known, Path(__file__).with_name(f"{name}.py"))
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[known] = module
        spec.loader.exec_module(module)
    return sys.modules[known]


@pytest.fixture(scope="session")
def people() -> ModuleType:
    """`people.py`: a review's folder, its runs, and people who fill its sheets."""
    return _module("people")


@pytest.fixture(scope="session")
def planted() -> ModuleType:
    """`planted.py`: a table of labelled records written out as exports, with duplicates whose truth is known."""
    return _module("planted")


@pytest.fixture(scope="session")
def rotation() -> ModuleType:
    """`rotation.py`: four screeners of different speed and care, two who leave, two who join; agreement by hand."""
    return _module("rotation")
