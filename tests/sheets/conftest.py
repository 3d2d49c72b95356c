"""What the tests of damaged and hostile sheets share. Helper modules come as fixtures, since tests are no package."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def damage() -> ModuleType:
    """`damage.py`: harm done to a workbook inside its zip."""
    known = "scoping_tests_sheets_damage"
    if known not in sys.modules:
        spec = importlib.util.spec_from_file_location(known, Path(__file__).with_name("damage.py"))
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[known] = module
        spec.loader.exec_module(module)
    return sys.modules[known]
