"""All parts of the gate run, whatever their results; the last lines show which failed and how long each took."""

import re
import shutil
import subprocess
import time

import psutil
import pytest
from places import ROOT

MAKEFILE = """\
good:
\t@echo this is good; test ! -t 0
bad:
\t@echo this is bad; exit 3
.PHONY: good bad
"""


@pytest.fixture
def parts(tmp_path):
    """Run parts of a small Makefile."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "parts", tmp_path / ".ci")
    (tmp_path / "Makefile").write_text(MAKEFILE, encoding="utf-8")

    def run(*names):
        return subprocess.run(
            [tmp_path / ".ci" / "parts", *names],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )

    return run


def test_all_parts_run_and_the_last_line_names_those_that_failed(parts):
    done = parts("bad", "good")
    assert done.returncode == 1
    assert "this is good" in done.stdout
    *_, bad, good, total, last = done.stdout.splitlines()
    assert re.fullmatch(r"bad +FAILED +\d+ s", bad)
    assert re.fullmatch(r"good +passed +\d+ s", good)
    assert re.fullmatch(r"all +\d+ s", total)
    assert last == "FAILED: bad. What it says is above; `make bad` runs it alone."


def test_parts_side_by_side_are_printed_one_after_the_other(parts):
    done = parts("bad,good", "good")
    assert done.returncode == 1
    printed = re.findall(r"^(?:---|this is) (\w+)", done.stdout, re.MULTILINE)
    assert printed == ["bad", "bad", "good", "good", "good", "good"]
    assert re.findall(r"^(\w+) +(?:passed|FAILED)", done.stdout, re.MULTILINE) == ["bad", "good", "good"]
    assert done.stdout.splitlines()[-1].startswith("FAILED: bad.")


def test_parts_side_by_side_end_when_they_are_asked_to(parts, tmp_path):
    (tmp_path / "Makefile").write_text("long:\n\t@echo $$$$ > $@.pid; exec sleep 600\nother:\n\t@true\n")
    running = subprocess.Popen([tmp_path / ".ci" / "parts", "long,other"], start_new_session=True)
    for _ in range(200):
        if (tmp_path / "long.pid").exists() and (tmp_path / "long.pid").read_text().strip():
            break
        time.sleep(0.05)  # noqa: TID251 - until make has started it
    running.terminate()
    assert running.wait(20) == 130
    pid = int((tmp_path / "long.pid").read_text())
    _, alive = psutil.wait_procs([psutil.Process(pid)] if psutil.pid_exists(pid) else [], timeout=10)
    assert not alive


def test_parts_that_pass(parts):
    done = parts("good", "good")
    assert done.returncode == 0
    assert done.stdout.endswith("All parts passed.\n")


def test_a_part_that_there_is_not_fails(parts):
    done = parts("god")
    assert done.returncode == 1
    assert "FAILED: god." in done.stdout


def test_every_part_of_the_gate_is_a_command_of_the_makefile():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    checks = re.search(r"^CHECKS := (.*)$", makefile, re.MULTILINE).group(1)
    called = [line.replace("$(CHECKS)", checks).split()[1:] for line in re.findall(r"\.ci/parts .*", makefile)]
    assert len(called) == 2
    for name in (name for names in called for group in names for name in group.split(",")):
        assert re.search(rf"^{name}:", makefile, re.MULTILINE), name


def test_help_names_every_command_that_is_described():
    make = ["/usr/bin/env", "make", "help"]
    told = subprocess.run(make, cwd=ROOT, capture_output=True, encoding="utf-8", check=True).stdout
    for command in ("acceptance", "check", "quick", "test", "test-<folder>", "trust", "gate", "bench", "lock"):
        assert re.search(rf"^{command} +\w", told, re.MULTILINE), command
