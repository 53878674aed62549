"""What is read of feature files: all of it, in its own language, with ids that an edit elsewhere does not change."""

import os
from types import SimpleNamespace

import pytest

from acceptance.report.specification.contents import SPECIFICATION
from acceptance.report.specification.reading import folders_in, read

BASE = "features/hotel/rooms.feature"


def ids_of(feature):
    yield feature.id
    for rule in feature.rules:
        yield rule.id
        for scenario in rule.scenarios:
            yield scenario.id
            yield from (row.id for examples in scenario.examples for row in examples.rows)


def test_a_description_keeps_its_lists_and_no_other_breaks(hotel):
    hotel.write(
        "hotel/doors.feature", "Feature: Doors\n  They\n  open:\n  - in\n  - out\n  Scenario: One\n    Then it is\n"
    )
    assert hotel.feature("doors").description == "They open:\n- in\n- out"


def test_everything_that_people_write_is_read(hotel):
    feature = hotel.feature()
    assert (feature.path, feature.name, feature.tags) == (BASE, "Rooms", ["critical"])
    assert feature.description == "Guests book rooms & pay <later>."
    without, rule = feature.rules
    assert [one.name for one in without.scenarios] == ["The hotel opens"]
    assert (without.name, rule.name, rule.tags) == ("", "A room has one guest at a time", ["house_rule"])
    assert [(step.keyword, step.text) for step in rule.background] == [("Given", "Ada has booked room 7")]
    refused, outline = rule.scenarios
    assert refused.key == f"{BASE}: {rule.name}: A taken room is refused"
    assert refused.steps[-1].table.rows == [["a <b>", "taken"]]
    assert (outline.key, outline.name) == ("", "A guest who <leaves> frees the room")
    (examples,) = outline.examples
    assert (examples.name, examples.tags, examples.headings) == ("Ways to leave", ["slow"], ["leaves"])
    assert [row.cells for row in examples.rows] == [["cancels"], ["goes home"]]
    assert examples.rows[0].key == f"{BASE}: {rule.name}: A guest who cancels frees the room | leaves=cancels"


def test_lines_that_move_change_no_link(hotel):
    before = list(ids_of(hotel.feature()))
    text = (hotel.home / "hotel/rooms.feature").read_text("utf-8")
    hotel.write("hotel/rooms.feature", text.replace("  Scenario: The", "\n\n  # moved\n\n  Scenario: The"))
    assert list(ids_of(hotel.feature())) == before


def test_equal_names_have_links_of_their_own(hotel):
    same = "  Rule: One\n    Scenario: Same\n      Then it is\n    Scenario: Same\n      Then it is\n"
    outline = (
        "    Scenario Outline: Same\n      Then <a>\n      Examples:\n        | a |\n        | x |\n        | x |\n"
    )
    hotel.write("hotel/rooms.feature", f"Feature: Rooms\n{same}{outline}{same}{outline}")
    ids = list(ids_of(hotel.feature()))
    assert len(ids) == len(set(ids)) == 1 + 2 * (1 + 3 + 2)


def test_a_feature_in_another_language_is_read_in_its_words(hotel):
    hotel.write(
        "hotel/zimmer.feature",
        "# language: de\nFunktionalität: Zimmer\n  Regel: Eins\n    Szenario: Frei\n      Dann ist Zimmer 7 frei\n",
    )
    feature = hotel.feature("zimmer")
    assert (feature.language, feature.rules[0].scenarios[0].steps[0].keyword) == ("de", "Dann")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"Feature: Rooms\n  Senario: One\n    Given it\n", "“Senario: One” would be taken for a description"),
        (b"Feature: Rooms\n  Scenario: \xff\n", "The byte 0xff is not UTF-8"),
        (b"# language: xx\nFeature: Rooms\n", "Gherkin knows no language 'xx'"),
        (b"", "There is no scenario in this file"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(hotel, content, why):
    (hotel.home / "hotel/broken.feature").write_bytes(content)
    feature = hotel.feature("broken")
    assert feature.problem.startswith("features/hotel/broken.feature:")
    assert why in feature.problem
    assert hotel.read().problems() == [feature.problem]
    assert hotel.feature().rules  # the others are read


def test_without_a_glossary_there_are_no_words(hotel):
    (hotel.home / "hotel/glossary.md").unlink()
    (hotel.home / "glossary.md").unlink()
    (system,) = hotel.read().systems
    assert (system.words, system.shared_words) == ([], [])
    assert system.features


def test_features_that_lie_in_no_folder_of_a_system_are_read_too(hotel):
    (hotel.home / "hotel/rooms.feature").rename(hotel.home / "rooms.feature")
    (system,) = hotel.read().systems
    assert [feature.path for feature in system.features] == ["features/rooms.feature"]


def test_secrets_in_features_are_masked(hotel):
    hotel.write(
        "hotel/rooms.feature",
        'Feature: Rooms\n  Scenario: In\n    When Ada logs in with password "hunter2-Xy9"\n    Then it is\n',
    )
    assert "hunter2" not in SPECIFICATION.as_json(hotel.read()).decode()


def test_what_is_kept_beside_results_is_read_again(hotel):
    specification = hotel.read()
    (hotel.results / "specification.json").write_bytes(SPECIFICATION.as_json(specification))
    assert SPECIFICATION.read(hotel.results) == specification


@pytest.mark.parametrize("content", [None, b"", b"{", b'{"systems": [{"name": 1}]}'])
def test_what_cannot_be_read_any_more_is_left_out(hotel, content):
    if content is not None:
        (hotel.results / "specification.json").write_bytes(content)
    assert SPECIFICATION.read(hotel.results) is None


def test_a_file_name_that_is_no_text_spoils_nothing(hotel):
    odd = os.fsencode(hotel.home / "hotel") + b"/b\xff.feature"
    (hotel.home / "hotel/rooms.feature").rename(os.fsdecode(odd))
    (feature,) = hotel.read().systems[0].features
    assert feature.path == "features/hotel/b\ufffd.feature"
    assert SPECIFICATION.as_json(hotel.read())


@pytest.mark.parametrize(
    ("usual", "on_demand"), [(None, {False}), (["not @critical"], {True}), (["@critical"], {False})]
)
def test_what_default_tags_leave_out_runs_on_demand_only(hotel, usual, on_demand):
    config = SimpleNamespace(base_dir=str(hotel.home), lang=None, default_tags=usual)
    found = read(folders_in(hotel.home), config)
    assert {one.on_demand for one in found.scenarios()} == on_demand
