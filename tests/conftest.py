"""What all tests share: the data beside the repository, and figures that are drawn without a screen or a home folder."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
DATA = REPOSITORY.parent / "shared" / "data"
FOR_WANT_OF_DATA = re.compile(r"shared[ /]data")  # in the reason of a skip

# before anything imports matplotlib; the workers of a parallel run take over what is set here
os.environ["MPLBACKEND"] = "Agg"
_OWN_FOLDER = "PYTEST_XDIST_WORKER" not in os.environ
if _OWN_FOLDER:
    os.environ["MPLCONFIGDIR"] = tempfile.mkdtemp(prefix="scoping-matplotlib-")


def pytest_unconfigure() -> None:
    """Remove matplotlib's folder once all workers are done."""
    if _OWN_FOLDER:
        shutil.rmtree(os.environ["MPLCONFIGDIR"], ignore_errors=True)


def data_required() -> bool:
    """Whether a test that lacks shared data fails: where the data lie beside the repository, or where CI says so."""
    return DATA.is_dir() or os.environ.get("SCOPING_REQUIRE_DATA") == "1"


@pytest.fixture(scope="session")
def shared_data() -> Callable[[str], Path]:
    """`shared_data("screening/some.csv")`: the path of a file of the shared data; skips where there are none here."""

    def find(relative: str) -> Path:
        path = DATA / relative
        if path.exists():
            return path
        if data_required():
            pytest.fail(f"shared/data/{relative} is not there, but it is needed here")
        return pytest.skip(f"shared data are not here: needs ../shared/data/{relative} beside the repository")

    return find


def _fail_if_for_want_of_data(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Where the data are here, nothing may pass by being skipped for want of them."""
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if report.outcome == "skipped" and data_required() and FOR_WANT_OF_DATA.search(reason):
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid} skips for want of data, which is a failure here: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that skips for want of data fails where the data are."""
    report = yield
    _fail_if_for_want_of_data(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """So does a module that skips as a whole."""
    report = yield
    _fail_if_for_want_of_data(report)
    return report


@pytest.fixture
def zotero_server() -> Generator[Callable[..., Any], None, None]:
    """Starts servers of `zotero_server.py`, which end with the test; `.Fault` is what may be put in a request's way."""
    spec = importlib.util.spec_from_file_location("zotero_server", Path(__file__).with_name("zotero_server.py"))
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules.setdefault(spec.name, importlib.util.module_from_spec(spec))
    if not hasattr(module, "ZoteroServer"):
        spec.loader.exec_module(module)
    started = []

    def start(**settings: Any) -> Any:
        started.append(module.ZoteroServer(**settings))
        return started[-1]

    start.Fault = module.Fault  # type: ignore[attr-defined]
    yield start
    for server in started:
        server.close()


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Generator[Any, None, None]:
    """A headless Chromium, see `browser.py`; skips where there is none."""
    spec = importlib.util.spec_from_file_location("browser", Path(__file__).with_name("browser.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    if not module.FOUND:
        pytest.skip("no Chromium here")
    driven = module.Browser(tmp_path_factory.mktemp("browser"))
    yield driven
    driven.close()


@pytest.fixture(scope="session")
def letters_of_word() -> None:
    """Letters as wide as those that Word files name; without them LibreOffice sets their text in wider ones, and it is cut."""
    tells = shutil.which("fc-match")
    found = subprocess.run([tells, "Arial"], capture_output=True, text=True, check=False).stdout if tells else ""
    if not re.search("Arial|Liberation|Arimo", found):
        pytest.skip("no letters as wide as Arial here: install fonts-liberation")
