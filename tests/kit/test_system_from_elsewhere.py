"""A system that lies outside of the suite's folder, in a package that is installed, is run without a change in here."""

import pytest

from acceptance.report.specification.contents import SPECIFICATION
from acceptance.report.specification.outcomes import outcomes_in
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


def features_of(elsewhere):
    return str(elsewhere / "features" / "trips")


@pytest.mark.cloud
@pytest.mark.runs
def test_its_features_are_run(behave, elsewhere):
    results = elsewhere / "results"
    ran = behave(features_of(elsewhere), "-D", "report=no", "-D", f"results={results}", PYTHONPATH=str(elsewhere))
    assert ran.status == 0, ran.output
    assert "5 scenarios: 5 passed" in ran.output
    specification = SPECIFICATION.read(results)
    assert [system.name for system in specification.systems] == ["trips"]
    passed = {key for key, outcome in outcomes_in(results).items() if outcome.word == "passed"}
    assert passed == {key for scenario in specification.scenarios() for key in scenario.all_keys()}


@pytest.mark.cloud
@pytest.mark.runs
def test_its_settings_are_known(behave, elsewhere):
    ran = behave(features_of(elsewhere), "-D", "trips_buss=x", "-D", "report=no", PYTHONPATH=str(elsewhere))
    assert ran.status == 1
    assert "No setting is called -D trips_buss. Did you mean trips_bus?" in ran.output
