"""Tests that share something dear run at one worker: pytest-xdist's groups work with the pytest that is pinned."""

import os
import subprocess
import sys

import pytest

TESTS = """
import os
import pytest

@pytest.fixture(scope="module")
def dear():
    print("started at", os.environ["PYTEST_XDIST_WORKER"])

@pytest.mark.parametrize("number", range(8))
@pytest.mark.xdist_group("a module")
def test_it(dear, number):
    assert not number, os.environ["PYTEST_XDIST_WORKER"]
"""


@pytest.mark.trust("gate")
def test_one_worker_runs_a_group(tmp_path):
    (tmp_path / "test_small.py").write_text(TESTS, encoding="utf-8")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadgroup", "-p", "no:cacheprovider", "test_small.py"],
        cwd=tmp_path,
        env=inherited,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert "7 failed, 1 passed" in done.stdout
    assert done.stdout.count("AssertionError: gw") % 7 == 0, done.stdout
    assert ("AssertionError: gw0" in done.stdout) != ("AssertionError: gw1" in done.stdout), (
        "a fixture of the module twice"
    )
