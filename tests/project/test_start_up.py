"""A run imports what its own systems need, and nothing before it is needed: start-up must not grow with the systems."""

import os
import subprocess
import sys

import pytest
from places import ROOT

from acceptance.registry import known

pytestmark = pytest.mark.cloud
# The emulator runs in a process of its own; pictures are drawn, and pages rendered, after the first step.
# A collector is told by opentelemetry, which has google's protobuf below it; here none is named.
NEVER = ("confluent_kafka", "pexpect", "ptyprocess", "pyte", "matplotlib", "numpy", "moto", "ministack", "pytest")
NEVER += ("opentelemetry", "google")
LATER = ("fontTools", "jinja2", "requests", "acceptance.kafka", "acceptance.terminal", "acceptance.report.pictures")


SIDE_BY_SIDE = pytest.param(("-j2",), id="its lead, side by side", marks=pytest.mark.trust("start-up"))


@pytest.fixture(scope="module", params=[pytest.param((), id="alone"), SIDE_BY_SIDE])
def loaded(request, tmp_path_factory):
    """The modules that a run of the café alone has loaded when its first step begins."""
    folder = tmp_path_factory.mktemp("start")
    told = folder / "modules.txt"
    formatter = ("-f", "loaded_modules:LoadedModules", "-o", str(told))
    settings = ("-D", "report=no", "-D", f"results={folder / 'results'}")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "behave",
            *request.param,
            *settings,
            *formatter,
            "features/serverlesspresso/menu.feature",
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests" / "helpers")])},
        capture_output=True,
        encoding="utf-8",
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return told.read_text(encoding="utf-8").split()


def of(loaded, *packages):
    return [name for name in loaded if any(name == package or name.startswith(f"{package}.") for package in packages)]


def test_the_cafe_alone_loads_nothing_of_another_system(loaded):
    others = [name for name in known() if name != "serverlesspresso"]
    assert len(others) >= 3
    for name in others:  # the names of all settings are known, so that an unknown one can be refused
        assert set(of(loaded, f"support.{name}")) <= {f"support.{name}", f"support.{name}.settings"}
        assert of(loaded, f"steps.{name}") == []
    assert of(loaded, "support.serverlesspresso.cafe")


def test_the_cafe_alone_loads_no_library_that_it_does_not_need(loaded):
    assert of(loaded, *NEVER) == []


def test_what_is_needed_later_is_loaded_later(loaded):
    assert of(loaded, *LATER) == []
