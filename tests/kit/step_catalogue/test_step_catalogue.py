"""The step catalogue says what the code takes, with examples and uses from the features."""

import json
import re
import sys

import pytest

import acceptance.system
from acceptance.__main__ import main
from acceptance.behave_adapter import sentences
from acceptance.step_catalogue import collecting, command

STEPS = """\
from behave import given, register_type, step, then, use_step_matcher, when
from parse import with_pattern

@with_pattern(r"north|south")
def side(text): return text

register_type(Side=side)

@given("{guest:Name} has a {kind} room to the {side:Side}")
@when("{guest:Name} books a {kind} room to the {side:Side}")
def step_books(context, guest, kind, side): pass

@then("{count:d} rooms are left, {operator:Operator} {value:Value}")
def step_left(context, count, operator, value): pass

@step("nobody ever says <this> *or* that")
def step_unused(context): pass

use_step_matcher("re")

@when("it (?:rains|snows){1,2}")
def step_weather(context): pass
"""
FEATURE = """\
Feature: Rooms <b>
  Rule: One
    Background:
      Given Ada has a small room to the north

    Scenario: A room is booked
      When Eve Jones books a large room to the south
      And it rains
      Then 7 rooms are left, equal to the number 7

    Scenario Outline: More
      When Bo books a <kind> room to the north
      Then 8 rooms are left, equal to true

      Examples:
        | kind  |
        | quiet |
        | loud  |
"""


@pytest.fixture
def hotel(tmp_path, monkeypatch):
    """A folder with the steps and the features of a hotel, of which alone the suite knows."""
    for name, text in {"steps/hotel/rooms.py": STEPS, "features/hotel/rooms.feature": FEATURE}.items():
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    for module in (collecting, command, acceptance.system):
        monkeypatch.setattr(module, "known", lambda: {"hotel": "hotel.system"})
    sentences().clear()
    yield tmp_path
    sentences().clear()


@pytest.fixture
def steps(hotel, monkeypatch, capsys):
    def run(*arguments):
        features = str(hotel / "features")
        monkeypatch.setattr(sys, "argv", ["acceptance", "steps", "--features", features, *map(str, arguments)])
        status = main()
        return (status, *capsys.readouterr())

    return run


def entry(out, sentence):
    """What is printed about a sentence."""
    (found,) = [part for part in re.split(r"\n\n", out) if part.strip().startswith(sentence)]
    return [line.strip() for line in found.splitlines()[1:]]


def test_each_sentence_comes_with_an_example_its_fields_and_its_uses(steps):
    status, out, err = steps()
    assert (status, err) == (0, "")
    name = 'guest: a name (Ada, Ada Lovelace), or anything in quotation marks ("the 2nd floor")'
    when = entry(out, "When {guest:Name} books")
    assert when[:4] == [
        "for example: When Bo books a quiet room to the north",
        name,
        "kind: any words; so far: large, quiet, loud",
        "side: Side: north|south",
    ]
    assert when[4] == "used: features/hotel/rooms.feature:7, features/hotel/rooms.feature:12"
    assert when[5].endswith("steps/hotel/rooms.py:9")
    left = entry(out, "Then {count:d}")
    assert left[1] == "count: a whole number"
    assert left[2] == "operator: equal to, not equal to, containing, matching, at least, at most"
    assert left[3] == 'value: the text "…", the number …, true, or false'


def test_a_background_counts_once_however_many_scenarios_it_stands_before(steps):
    assert "used: features/hotel/rooms.feature:4" in entry(steps()[1], "Given {guest:Name} has")


def test_a_regular_expression_is_shown_as_it_is(steps):
    assert entry(steps()[1], "When ^it (?:rains|snows){1,2}$")[0] == "for example: When it rains"


def test_what_no_feature_uses_is_said(steps):
    _, out, _ = steps()
    assert "not used in any feature" in entry(out, "Given, When or Then nobody ever says")
    assert re.search(r"5 sentences; 1 not used in any feature: \S*steps/hotel/rooms.py:16\.$", out.strip())


def test_a_search_finds_sentences_by_all_of_its_words(steps):
    assert "1 sentence." in steps("--search", "ROOM books")[1]
    assert "No sentence contains the words “room moon”." in steps("--search", "room moon")[1]


def test_steps_without_a_sentence_and_files_that_cannot_be_read_are_told(steps, hotel):
    home = hotel / "features" / "hotel"
    (home / "new.feature").write_text("Feature: New\n  Scenario: One\n    Then it is new\n", encoding="utf-8")
    (home / "odd.feature").write_text("Feature: Odd\n  Senario: One\n", encoding="utf-8")
    status, _, err = steps()
    assert status == 1
    assert "features/hotel/new.feature:3: No sentence fits “Then it is new”." in err
    assert "features/hotel/odd.feature:2: “Senario: One” would be taken" in err


def test_steps_that_cannot_be_loaded_are_told_in_a_sentence(steps, hotel):
    (hotel / "steps" / "hotel" / "bad.py").write_text("import nothing_of_that_name\n", encoding="utf-8")
    status, _, err = steps()
    assert (status, "nothing_of_that_name" in err) == (2, True)


def test_an_unknown_system_is_told(steps):
    assert steps("--system", "motel")[::2] == (2, "No system is called “motel”. There are: hotel.\n")


def test_the_page_has_every_sentence_and_links_into_the_specification(steps, hotel):
    file = hotel / "site" / "steps.md"
    assert steps("--markdown", file)[0] == 0
    text = file.read_text("utf-8")
    assert "**\\{guest\\} books a \\{kind\\} room to the \\{side\\}**" in text
    assert "nobody ever says &lt;this> \\*or\\* that" in text
    assert re.search(r"\[Rooms &lt;b>\]\(specification\.html#rooms-[0-9a-f]{8}\) \(2\)", text)


def test_an_editor_gets_a_parameter_type_for_each_field(steps):
    settings = json.loads(steps("--vscode")[1])
    types = {one["name"]: one["regexp"] for one in settings["cucumber.parameterTypes"]}
    assert set(types) == {"guest:Name", "kind", "side:Side", "count:d", "operator:Operator", "value:Value"}
    assert (types["kind"], types["side:Side"], types["count:d"]) == (".+", "north|south", r"-?\d+")
    assert settings["cucumber.glue"] == ["steps/**/*.py"]
