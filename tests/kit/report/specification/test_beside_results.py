"""A run keeps what the features of its systems say, beside its results."""

from types import SimpleNamespace

import pytest

from acceptance.report.specification import beside
from acceptance.report.specification.beside import keep_specification
from acceptance.report.specification.contents import SPECIFICATION


@pytest.fixture
def run(hotel, monkeypatch):
    """A run of so many feature files that writes into the hotel's results; `earlier` as in a rerun from a list."""
    monkeypatch.setattr(beside, "system_of", lambda file: file.split("/features/")[1].partition("/")[0])
    folder = SimpleNamespace(put=lambda name, body: (hotel.results / name).write_bytes(body))

    def made(*files, earlier=()):
        selected = {file: SimpleNamespace(filename=str(hotel.home / file)) for file in files}
        config = SimpleNamespace(base_dir=str(hotel.folder), lang=None, default_tags=None)
        return SimpleNamespace(folder=folder, results=hotel.results, selected=selected, config=config, earlier=earlier)

    return made


def paths(hotel):
    return {
        system.name: [feature.path for feature in system.features]
        for system in SPECIFICATION.read(hotel.results).systems
    }


def test_all_features_of_its_systems_are_kept_also_those_that_do_not_run(run, hotel):
    hotel.write("hotel/doors.feature", "Feature: Doors\n  Scenario: One\n    Then it is\n")
    hotel.write("trains/night.feature", "Feature: Trains\n  Scenario: One\n    Then it is\n")
    keep_specification(run("hotel/rooms.feature"))
    assert paths(hotel) == {"hotel": ["features/hotel/doors.feature", "features/hotel/rooms.feature"]}


def test_a_rerun_of_some_scenarios_keeps_the_other_systems(run, hotel):
    hotel.write("trains/night.feature", "Feature: Trains\n  Scenario: One\n    Then it is\n")
    keep_specification(run("hotel/rooms.feature", "trains/night.feature"))
    keep_specification(run("trains/night.feature", earlier=["a-result.json"]))
    assert list(paths(hotel)) == ["hotel", "trains"]
    keep_specification(run("trains/night.feature"))
    assert list(paths(hotel)) == ["trains"]


def test_a_run_that_selected_nothing_or_writes_nothing_keeps_nothing(run, hotel):
    keep_specification(run())
    without = run("hotel/rooms.feature")
    without.folder = None
    keep_specification(without)
    assert SPECIFICATION.read(hotel.results) is None
