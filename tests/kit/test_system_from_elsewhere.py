"""A system that lies outside of the suite's folder, in a package that is installed, is run without a change in here."""

import subprocess
import sys

import pytest
from places import ROOT
from running import surroundings

from acceptance.scaffold import new

METADATA = "Metadata-Version: 2.1\nName: night-trips\nVersion: 1.0\n"
ENTRY_POINTS = "[acceptance.systems]\ntrips = night_trips.system:Trips\n"


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    """A folder with an installed package, in which a system is, and with its features."""
    folder = tmp_path_factory.mktemp("elsewhere")
    new("trips", folder)
    package = folder / "night_trips"
    (folder / "support" / "trips").rename(package)
    (folder / "steps" / "trips").rename(package / "steps")
    (folder / "systems" / "trips" / "template.yaml").rename(package / "template.yaml")
    for path in package.rglob("*.py"):
        text = path.read_text("utf-8").replace("support.trips", "night_trips")
        text = text.replace("from acceptance.root import ROOT\n", "")
        text = text.replace('ROOT / "systems" / "trips" / "template.yaml"', 'Path(__file__).parent / "template.yaml"')
        text = text.replace("from typing import ClassVar\n", "from pathlib import Path\nfrom typing import ClassVar\n")
        path.write_text(text, encoding="utf-8")
    (folder / "environment.py").write_text("from acceptance.hooks import *\n", encoding="utf-8")
    installed = folder / "night_trips-1.0.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text(METADATA, encoding="utf-8")
    (installed / "entry_points.txt").write_text(ENTRY_POINTS, encoding="utf-8")
    return folder


def behave(folder, results, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "behave", *arguments, "-D", "report=no", "-D", f"results={results}"],
        cwd=ROOT,
        env=surroundings(ROOT, PYTHONPATH=str(folder)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=240,
        check=False,
    )


@pytest.mark.cloud
@pytest.mark.runs
def test_its_features_are_run(elsewhere, tmp_path):
    ran = behave(elsewhere, tmp_path, str(elsewhere / "features" / "trips"))
    assert ran.returncode == 0, ran.stdout
    assert "2 scenarios: 2 passed" in ran.stdout


@pytest.mark.cloud
@pytest.mark.runs
def test_its_settings_are_known(elsewhere, tmp_path):
    ran = behave(elsewhere, tmp_path, str(elsewhere / "features" / "trips"), "-D", "trips_buss=x")
    assert ran.returncode == 1
    assert "No setting is called -D trips_buss. Did you mean trips_bus?" in ran.stdout
