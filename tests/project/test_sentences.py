"""The sentences of steps/: what their fields take, that no step fits two of them, that files load in any order."""

import os
import re
import subprocess
import sys

import pytest
from behave.matchers import get_step_matcher_factory
from behave.parser import parse_file
from places import ROOT

from acceptance.behave_adapter import sentences as registered
from acceptance.sentence_types import TYPES
from acceptance.system import known, system_of

STEPS = ROOT / "steps"
FEATURES = sorted((ROOT / "features").rglob("*.feature"))


@pytest.fixture(scope="module")
def sentences():
    """The registered sentences by their kind, as a run registers them."""
    registry = registered()
    registry.clear()
    get_step_matcher_factory().register_type(**TYPES)
    registry.divide(system_of, lambda system: registry.load_from(STEPS / system, system))
    for system in known():
        registry.need(system)
    yield registry.steps
    registry.clear()


def matching(sentences, kind, text):
    return [one.pattern for one in sentences[kind] if one.match(text)]


def arguments(sentences, kind, text):
    (found,) = [match for one in sentences[kind] if (match := one.match(text))]
    return [argument.value for argument in found.arguments]


@pytest.mark.parametrize(
    ("kind", "text", "values"),
    [
        ("when", "Ada orders a Latte", ["Ada", "Latte"]),
        ("when", "Ada orders a Flat White", ["Ada", "Flat White"]),
        ("when", 'Ada orders a "Café au lait"', ["Ada", "Café au lait"]),
        ("when", "Ada Lovelace orders a Flat White", ["Ada Lovelace", "Flat White"]),
        ("when", "St. John orders a Dr. Pepper", ["St. John", "Dr. Pepper"]),
        ("when", "Jean-Luc O'Brien orders a Flat White", ["Jean-Luc O'Brien", "Flat White"]),
        ("when", "Ada tries to order a Flat White", ["Ada", "Flat White"]),
        ("when", "Ada tries to order a Flat White on Eve Jones's order", ["Ada", "Flat White", "Eve Jones"]),
        ("when", "Ada orders a Flat White and cancels at once", ["Ada", "Flat White"]),
        ("when", "Ada orders a Flat White that no barista makes in time", ["Ada", "Flat White"]),
        ("when", "they all order a Flat White at the same moment", ["Flat White"]),
        ("when", "Ada orders a Flat White in the app", ["Ada", "Flat White"]),
        ("given", "the shop has run out of Flat White", ["Flat White"]),
        ("given", "Ben has claimed Conan O'Brien's order", ["Ben", "Conan O'Brien"]),
        (
            "then",
            "the baristas can see that it is Ada Lovelace's, and that it is a Flat White",
            ["Ada Lovelace", "Flat White"],
        ),
        ("then", "nobody is making Ada Lovelace's order", ["Ada Lovelace"]),
        (
            "given",
            "Jo from United Kingdom is on the Free plan, and interested in Travel",
            ["Jo", "United Kingdom", "Free", "Travel"],
        ),
        ("when", "Mary Ann lists the offers", ["Mary Ann"]),
        ("when", "李雷 orders a Latte", ["李雷", "Latte"]),
    ],
)
def test_a_name_may_have_several_words(sentences, kind, text, values):
    assert arguments(sentences, kind, text) == values


@pytest.mark.parametrize(
    "text", ["Ada orders a", "Ada orders a latte please", "Ada and Ben orders a Latte", "Ada orders a Latte."]
)
def test_a_name_ends_where_the_sentence_goes_on(sentences, text):
    assert matching(sentences, "when", text) == []


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("when", "{} page views come at once"),
        ("when", "{} orders are fulfilled at the same time"),
        ("when", "{} customers arrive per second, until all of them have their drinks"),
        ("then", "the baristas see {} % of the orders within 2 seconds of the choice"),
        ("given", "{} customers have scanned the code"),
    ],
)
def test_what_many_do_is_not_said_of_nobody(sentences, kind, text):
    assert len(matching(sentences, kind, text.format(20))) == 1
    assert [matching(sentences, kind, text.format(none)) for none in ("0", "-8", "00")] == [[], [], []]


def test_no_step_of_the_features_fits_two_sentences(sentences):
    seen, doubtful = set(), {}
    for path in FEATURES:
        feature = parse_file(str(path))
        steps = [step for scenario in feature.walk_scenarios() for step in scenario.all_steps]
        of_its_system = registered().known_to(str(path)).steps
        for kind, text in {(step.step_type, step.name) for step in steps}:
            seen.add((kind, text))
            if len(found := matching(of_its_system, kind, text)) != 1:
                doubtful[f"{kind} {text}"] = found
    assert len(seen) > 100
    assert doubtful == {}


@pytest.mark.parametrize(
    ("text", "ms"), [("500 milliseconds", 500), ("1 second", 1000), ("1.5 seconds", 1500), ("2 minutes", 120_000)]
)
def test_a_time_is_read_in_milliseconds(text, ms):
    assert re.fullmatch(TYPES["Time"].pattern, text)
    assert TYPES["Time"](text) == ms


@pytest.mark.parametrize("text", ["1.2.3 seconds", "... seconds", "2 hours"])
def test_what_is_no_time_fits_no_sentence(text):
    assert not re.fullmatch(TYPES["Time"].pattern, text)


@pytest.mark.runs
@pytest.mark.parametrize("order", ["sorted", "reversed"])
def test_the_files_of_the_steps_load_in_any_order(order, tmp_path):
    """A file that uses a type of another one's loads, be it the first or the last."""
    steps = tmp_path / "steps" / "serverlesspresso"
    steps.mkdir(parents=True)
    files = sorted((STEPS / "serverlesspresso").glob("*.py"), reverse=order == "reversed")
    for number, path in enumerate(files):
        (steps / f"s{number:02}_{path.name}").write_text(path.read_text(encoding="utf-8"))
    for first in ("a_first", "z_last"):
        sentence = f'@then("{first} hears of it within {{budget:Time}}")'
        (steps / f"{first}.py").write_text(f"from behave import then\n{sentence}\ndef step(context, budget): pass\n")
    for shared in ("environment.py", "behave.ini"):
        (tmp_path / shared).write_text((ROOT / shared).read_text(encoding="utf-8"))
    feature = tmp_path / "features" / "serverlesspresso" / "one.feature"
    feature.parent.mkdir(parents=True)
    feature.write_text(
        "Feature: F\n  Scenario: one\n    When Ada orders a Flat White\n"
        "    Then a_first hears of it within 2 seconds\n    And z_last hears of it within 1.5 minutes\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "behave", "--dry-run"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
