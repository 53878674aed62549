"""One browser, and the reports it opens: of a very small café, of a café with a fault, and of what is spoiled."""

import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
from chromium import NoBrowser, launch
from places import ROOT
from playwright.sync_api import sync_playwright
from reader import reading

from acceptance.report import render
from trust.behave_run import run_behave
from trust.faults.serverlesspresso import FAULTS
from trust.system_copy import CAFE, copy_of

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def browser():
    """The browser. Without one these tests fail, because an unopened page is untested."""
    with sync_playwright() as playwright:
        try:
            chromium = launch(playwright.chromium)
        except NoBrowser as none:
            pytest.fail(str(none), pytrace=False)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def read(browser):
    """Open a report, or come back to its tree if it is open in such a window."""
    with ExitStack() as windows:
        opened = {}

        def reader(report, **window):
            key = (report, *sorted(window.items()))
            if key not in opened:
                opened[key] = windows.enter_context(reading(browser, report, **window))
            opened[key].home()
            return opened[key]

        yield reader


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """The results of a real run of a very small café, by the project's own behave.ini."""
    folder = shutil.copytree(HERE / "corner_cafe", tmp_path_factory.mktemp("small") / "corner_cafe")
    shutil.copy(ROOT / "behave.ini", folder)
    done = subprocess.run(
        [sys.executable, "-m", "behave"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert "6 scenarios: 4 passed, 1 failed, 1 broken" in done.stdout, done.stdout
    return folder / "reports" / "allure-results"


@pytest.fixture(scope="module")
def report(results):
    """The report of the very small café."""
    return render.render(results, results.parent / "page").with_name(render.ALLURE)


@pytest.fixture(scope="module")
def spoiled(results, tmp_path_factory):
    """The same, but a scenario is lost, a picture is none, and nothing says why the failed one failed."""
    copy = shutil.copytree(results, tmp_path_factory.mktemp("spoiled") / "allure-results")
    for picture in copy.glob("*.svg"):
        picture.write_text("no picture", encoding="utf-8")
    for path in copy.glob("*-result.json"):
        result = json.loads(path.read_text(encoding="utf-8"))
        if "small" in result["name"]:
            path.unlink()
        elif result["status"] == "failed":
            silent = {**result, "statusDetails": {}, "steps": []}
            path.write_text(json.dumps(silent), encoding="utf-8")
    return render.render(copy, copy.parent / "page").with_name(render.ALLURE)


@pytest.fixture(scope="module")
def unsilenced(results, tmp_path_factory):
    """The page as Allure renders it, which calls Google."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(render, "silence", lambda html, places=None: html)
        patched.setattr(render, "trackers_in", lambda html: [])
        return render.render(results, tmp_path_factory.mktemp("unsilenced") / "page").with_name(render.ALLURE)


@pytest.fixture(scope="module")
def fault():
    """The fault of the café: the baristas are not notified of an order."""
    return FAULTS[0]


@pytest.fixture(scope="module")
def cafe_report(fault, tmp_path_factory):
    """The report that a run against the broken café leaves, and the run."""
    system = copy_of(CAFE, tmp_path_factory.mktemp("cafe"))
    fault.plant(system)
    names = (fault.scenario, "A drink off the menu is refused")
    only = [argument for name in names for argument in ("--name", f"^{re.escape(name)}")]
    ran = run_behave(
        system, (fault.feature,), *only, "-D", "report=yes", *(option for option in fault.options if option != "--stop")
    )
    return system.parent / "reports" / "allure-report" / render.ALLURE, ran


@pytest.fixture
def page_with(tmp_path):
    """A page that has something in it; `guarded` as a report is."""

    def made(something, guarded):
        html = f'<html><head><meta charset="utf-8"></head><body>{something}</body></html>'
        page = tmp_path / "index.html"
        page.write_text(render.silence(html) if guarded else html, encoding="utf-8")
        return page

    return made
