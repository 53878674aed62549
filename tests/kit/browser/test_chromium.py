"""The browser is found where it is, fetched where it is not, and its absence is a failure that says what to do."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import chromium
import pytest
from places import ROOT

pytestmark = pytest.mark.browser

HERE = Path(__file__).parent


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """A machine without a browser; put one where you like."""
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    return tmp_path


def program(path):
    path.parent.mkdir(exist_ok=True)
    path.touch(mode=0o755)
    return str(path)


def find(machine):
    return chromium.executable(SimpleNamespace(executable_path=str(machine / "own" / "chrome")))


def test_the_one_that_is_named_comes_first_then_playwrights_own_then_the_paths(machine, monkeypatch):
    on_path = program(machine / "path" / "google-chrome")
    assert find(machine) == on_path
    own = program(machine / "own" / "chrome")
    assert find(machine) == own
    named = program(machine / "named")
    monkeypatch.setenv("CHROMIUM", named)
    assert find(machine) == named


def test_where_there_is_none_a_sentence_says_what_to_do(machine):
    with pytest.raises(
        chromium.NoBrowser, match=r"need Chromium, and there is none .* `make browser`, which fetches one"
    ):
        find(machine)


def test_without_a_browser_the_tests_of_the_page_fail():
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", HERE / "test_report_page.py", "-k", "mistake"],
        cwd=ROOT,
        env={**os.environ, "CHROMIUM": "/nowhere/chromium"},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "CHROMIUM names /nowhere/chromium, and there is no such file." in done.stdout
    assert "2 errors" in done.stdout
    assert "skipped" not in done.stdout


DEBIAN = ["apt-get -qq update", "apt-get -qq -y install --no-install-recommends chromium"]


@pytest.mark.parametrize(
    ("apt", "user", "works", "tried"),
    [
        ("apt-get", 0, ("apt-get",), DEBIAN),
        ("apt-get", 0, ("update", "--with-deps"), [*DEBIAN, "playwright install --with-deps chromium"]),
        ("apt-get", 1000, ("playwright",), ["playwright install chromium"]),
        (None, 0, ("playwright",), ["playwright install chromium"]),
        (None, 0, (), ["playwright install chromium"]),
    ],
    ids=["root of a Debian", "root of an Ubuntu", "somebody else", "no Debian", "nothing works"],
)
def test_one_is_fetched_in_the_way_that_works_here(monkeypatch, apt, user, works, tried):
    commands = []

    def run(*command):
        commands.append(" ".join(command).removeprefix(f"{sys.executable} -m "))
        return any(word in commands[-1] for word in works)

    monkeypatch.setattr(chromium, "_done", run)
    monkeypatch.setattr(chromium.shutil, "which", lambda name: apt)
    monkeypatch.setattr(chromium.os, "geteuid", lambda: user)
    assert chromium.fetch() == bool(works)
    assert commands == tried


def test_none_is_fetched_where_there_is_one(machine, monkeypatch):
    monkeypatch.setenv("CHROMIUM", program(machine / "named"))
    monkeypatch.setattr(chromium, "fetch", lambda: pytest.fail("nobody asked for that"))
    assert chromium.main() == 0


@pytest.mark.parametrize(
    ("named", "sentence"),
    [
        ("", f"No Chromium could be fetched. {chromium.INSTEAD}\n"),
        ("/nowhere/chromium", "CHROMIUM names /nowhere/chromium, and there is no such file.\n"),
    ],
)
def test_what_cannot_be_had_is_told_in_a_sentence(machine, monkeypatch, capsys, named, sentence):
    monkeypatch.setenv("CHROMIUM", named)
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(machine / "none"))
    monkeypatch.setattr(chromium, "fetch", lambda: False)
    assert chromium.main() == 1
    assert capsys.readouterr().err == sentence
