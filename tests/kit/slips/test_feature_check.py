"""What is refused in a feature file, and what is not: the parser is behave's own."""

import pytest
from behave.i18n import languages
from places import ROOT

from acceptance.report.feature_check import faults_of

GOOD = "  Scenario: Two\n    When Ada orders a Latte\n    Then Ada is refused\n"
STEPS = "    When Ada orders a Latte\n    Then Ada is refused\n"
KNOWN = ("Ada orders a Latte", "Ada is refused", "the shop is open")


def lines(text, language=None):
    content = text if isinstance(text, bytes) else text.encode()
    return [fault.line for fault in faults_of(content, language, KNOWN.__contains__)]


def told(text):
    return " ".join(fault.sentence for fault in faults_of(text.encode(), None, KNOWN.__contains__))


@pytest.mark.parametrize(
    "head",
    [
        *("Senario: One", "Scenaro: One", "Scneario: One", "Scenarioo: One", "scenario: One", "SCENARIO: One"),
        *("Scenario : One", "Scenario One", "Scenario A colon is missing", "Senario One", "Scenario 1: One"),
        *("Scenario\uff1a One", "\u200bScenario: One", "\ufeffScenario: One", "Scenario\u00a0: One", "- Scenario: One"),
        *("Scenaro Outline: One", "Scenario outline: One", "ScenarioOutline: One", "Scenario-Outline: One"),
        *("Scenario Outlin One", "Scenario Templat: One", "Exampl: One", "Exmple: One", "example: One"),
        *("Backgroud:", "background:", "Background", "Backgrund", "Rul: One", "Ruel: One", "rule: One", "Rule One"),
        *("Exmples:", "Szenario: One", "Feature: Two", "Feature : Two", "feature: Two"),
    ],
)
@pytest.mark.parametrize("rule", ["", "  Rule: R\n"], ids=["feature", "rule"])
def test_a_line_that_is_nearly_a_keyword_is_no_narrative(head, rule):
    assert lines(f"Feature: F\n{rule}  {head}\n{STEPS}{GOOD}") == [3 if rule else 2]


@pytest.mark.parametrize(
    "line",
    [
        *("Givn the shop is shut", "Whne Ada comes", "Thn nobody waits", "Given: the shop is shut", "Given", "Then"),
        *("Wehn Ada comes", "Thenn Ada goes"),
        *("Ada orders a Latte", "- Ada orders a Latte", "Giv Ada orders a Latte", "Then: x"),
        *("Backgroud:", "Background:", "Senario: Two", "Scenario Two is here.", "Rul: R", "Exmples: E", "Feature: G"),
        *("| a | b |", '"""', "'''", "Rule 5"),
    ],
)
def test_the_description_of_a_scenario_begins_no_line_with_a_keyword(line):
    assert lines(f"Feature: F\n  Scenario: One\n    {line}\n{STEPS}") == [3]
    assert lines(f"Feature: F\n  Background:\n    {line}\n    Given the shop is open\n{GOOD}") == [3]


@pytest.mark.parametrize(
    "narrative",
    [
        "Given the shop is open",
        "Given the shop is open.",
        "  When somebody comes\n  Then somebody goes",
        "Then nobody knows what this is",
        "When nobody knows\n\n  | a |",
        "Thn Ada is refused",
        "- Given the shop is open",
        "Given: the shop is open",
        "| a | b |",
        "Scenario Ada orders: a Latte\n  When Ada orders a Latte",
    ],
)
def test_steps_without_a_scenario_are_told_of_once(narrative):
    assert lines(f"Feature: F\n  {narrative}\n{GOOD}") == [2]
    assert lines(f"Feature: F\n  Rule: R\n  {narrative}\n{GOOD}") == [3]


@pytest.mark.parametrize(
    "prose",
    [
        "As a customer\n  I want a drink\n  So that I am awake",
        "In order to wake up\n  as a customer\n  I want a drink",
        "Given the shop's size, nobody waits long.",
        "When the shop is full, customers wait outside,\n  and the barista is busy.",
        "The number is called out, so every order has one,\n  and no two have the same.",
        "Rule of thumb: twenty at a time.",
        "Rules: nobody waits.",
        "Role: barista",
        "Note: see the glossary.",
        "Scenario planning is not done here.",
        "Features of the shop, such as its menu, are elsewhere.",
        "Examples are in the glossary.",
        "Then there was light!",
        "But (as always) nobody waits.",
        "They come, and they go",
        "Thence nothing comes",
        "Anders and Andy come",
        "Whenever somebody comes",
        "- one\n  - two",
        "1. one\n  2. two",
        "https://example.com: a link",
        "| who | may |\n  |-----|-----|\n  | Mo  | all |",
        "Samples: none",
        "Rulers and rulings",
        "Backgrounds differ.",
        "Given that, and only that, nobody waits:\n  - the shop is open\n  - so is the door.",
        *("Feature owner: the café team", "Rule book: on the shelf", "Background noise: low", "Example orders: Latte"),
        *("Scenario overview: see the glossary", "Feature set: small"),
        *("- @mo: barista", "mo@shop.example: barista"),
    ],
)
def test_prose_is_let_alone(prose):
    assert lines(f"Feature: F\n  {prose}\n{GOOD}") == []
    assert lines(f"Feature: F\n  Rule: R\n  {prose}\n{GOOD}") == []


@pytest.mark.parametrize(
    "prose",
    [
        "This is what happens.",
        "The barista has seen it before",
        "They both come at once",
        "Whatever happens, nobody waits",
        "Gives a hint.",
        "Note: see above",
    ],
)
def test_prose_in_a_scenario_is_let_alone(prose):
    assert lines(f"Feature: F\n  Scenario: One\n    {prose}\n{STEPS}") == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("# language: de\nFunktion: F\n  Senario: Eins\n    Wenn Ada kommt\n    Dann geht Ben\n", 3),
        ("# language: de\nFunktion: F\n  Scenario: Eins\n    Wenn Ada kommt\n    Dann geht Ben\n", 3),
        ("# language: de\nFunktion: F\n  Szenaro Grundriss: Eins\n    Wenn Ada kommt\n    Dann geht Ben\n", 3),
        ("# language: de\nFunktion: F\n  Hintegrund:\n    Angenommen der Laden ist offen\n", 3),
        (
            "# language: de\nFunktion: F\n  Angenomen: der Laden\n  Szenario: X\n    Angenomen es gilt\n    Dann gut\n",
            5,
        ),
        ("# language: de\nFunktion: F\n  Szenario: X\n    Given it works\n    Dann gut\n", 4),
        ("# language: de\nFunktion: F\n  Wenn Ada kommt\n  Dann geht Ben\n  Szenario: X\n    Dann gut\n", 3),
        ("# language: dee\nFunktion: F\n  Szenario: X\n    Dann gut\n", 1),
        ("# language: de\nFeature: F\n  Szenario: X\n    Dann gut\n", 2),
    ],
)
def test_keywords_are_those_of_the_language_and_english(text, line):
    assert line in lines(text)


def test_a_german_feature_with_german_prose_is_let_alone():
    text = (
        "# language: de\nFunktion: F\n  Denn wer wartet, der wird bedient.\n  Und wenn nicht, dann nicht.\n"
        "  Regel: Wann man wartet\n    Regen oder Segel: egal.\n    Szenario: X\n      Wenn Ada kommt\n      Dann gut\n"
    )
    assert lines(text) == []


def test_what_was_meant_is_written_in_the_language_of_the_file():
    text = "Feature: F\n  {}\n" + STEPS + GOOD
    assert "“Scenario: One”" in told(text.format("Senario: One"))
    assert "“Scenario: A colon is missing”" in told(text.format("Scenario A colon is missing"))
    assert "“Scenario Outline: One”" in told(text.format("ScenarioOutline: One"))
    german = "# language: de\nFunktion: F\n  Scenario: Eins\n    Dann gut\n  Szenario: X\n    Dann gut\n"
    assert "“Szenario: Eins”" in told(german)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("# only a comment\n", 1),
        ("Feature: F\n", 1),
        ("Feature: F\n  Background:\n    Given the shop is open\n", 1),
        (f"Feature: F\n{GOOD}  @slow @late\n", 5),
        (f"Feature: F\n{GOOD}  Rule: R\n", 5),
        (f"Feature: F\n  Rule: R\n    Nobody shows it.\n  Rule: S\n{GOOD}", 2),
        (f'Feature: F\n{GOOD}    And a text\n      """\n      Scenario: Three\n', 6),
        (f"Feature: F\n{GOOD}    And a table\n      | a | b |\n      | 1 | 2\n", 7),
        (f"Feature: F\n{GOOD}    And a table\n      | a | b |\n      | 1 | 2 \\|\n", 7),
        (f"Feature: F\n{GOOD}    And a table\n      | a | b |\n        1 | 2 |\n", 7),
        (f"Feature: F\n{GOOD}    And a table\n      | a | b |\n      | 1 |\n", 7),
        ("Feature: F\n  Scenario Outline: O\n    Then <a>\n", 2),
        ("Feature: F\n  Scenario Outline: O\n    Then <a>\n    Examples:\n", 4),
        ("Feature: F\n  Scenario Outline: O\n    Then <a>\n    Examples:\n      | a |\n", 4),
        (
            "Feature: F\n  Scenario Outline: O\n    Then <a>\n    Examples:\n      | a |\n      | 1 |\n    Examples:\n",
            7,
        ),
        ("Feature: F\n  Scenario Outline: O\n    Then <a>\n    Examples:\n      | a | a |\n      | 1 | 2 |\n", 5),
        (f"Feature: F\n  Rule: R\n  Scenario Outline: O\n    Then <a>\n{GOOD}", 3),
        (f"Feature: F\n{GOOD}Feature: G\n{GOOD}", 5),
        (f"Feature: F\n{GOOD}  Senario: Three\n{STEPS}", 5),
        (f"Feature: F\n{GOOD}    Givn a slip\n", 5),
        (f"Feature: F\n  Senario Outline: O\n    Then <a>\n    Examples:\n      | a |\n      | 1 |\n{GOOD}", 2),
        (f'Feature: F\n{GOOD}    And a\n      """\n      x\n  Scenario: S\n    Then b\n      """\n', 8),
        (f"Featur: F\n{GOOD}", 1),
        (f"A text\nFeature: F\n{GOOD}", 1),
        (f"\ufeffFeature: F\n{GOOD}", 1),
        (f"Feature: F\n{GOOD}  Scenarios: Three\n{STEPS}", 5),
        (f"Feature: F\n  Scenarios: One\n{STEPS}{GOOD}", 2),
        (f"Feature: F\n  Scenario: One\n    And first\n{GOOD}", 3),
        (f"Feature: F\n{GOOD}  # Scenario: Three\n{STEPS}", 5),
        (f"Feature: F\n{GOOD}\n  #Senario: Three\n\n{STEPS}", 6),
        (f"Feature: F\n  \uff20slow\n{GOOD}", 2),
        (f"Feature: F\n  \u200b@slow\n{GOOD}", 2),
        (f"Feature: F\n  @slow, @late\n{GOOD}", 2),
        (f"Feature: F\n  @slow@late\n{GOOD}", 2),
        (f"@slow;\nFeature: F\n{GOOD}", 1),
    ],
)
def test_what_would_be_lost_or_hold_nothing_is_told_with_its_line(text, line, caplog):
    assert lines(text) == [line]
    assert caplog.text == "", "behave says something besides"


@pytest.mark.parametrize(
    "text",
    [
        f"Feature: F\n{GOOD}  # Scenario: Three\n  #   When Ada waits\n{GOOD}",
        f"Feature: F\n{GOOD}    # Scenario: Three\n    #   When Ada waits\n    And Ada is refused\n",
        f"Feature: F\n{GOOD}    # Scenarios differ\n    And Ada is refused\n",
        f'Feature: F\n{GOOD}    And a text\n      """\n      # Scenario: x\n      """\n    And Ada is refused\n',
        f"Feature: F\n  @issue=CAFE-1 @allure.link.home:https://a.example/@mo @owner:mo@shop.example\n{GOOD}",
    ],
)
def test_comments_and_tags_of_all_kinds_are_let_alone(text):
    assert lines(text) == []


@pytest.mark.parametrize("coding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1"])
def test_a_file_in_another_coding_is_refused(coding):
    assert lines(f"Feature: Müller\n{GOOD}".encode(coding)) == [1]


@pytest.mark.parametrize("path", sorted((ROOT / "features").rglob("*.feature")), ids=lambda path: path.stem)
def test_the_features_of_the_project_are_let_alone(path):
    assert faults_of(path.read_bytes(), None, lambda text: False) == []


def test_the_own_keywords_are_let_alone():
    for code, words in languages.items():
        feature, scenario = words["feature"][0], words["scenario"][-1]
        given, then = (next(word for word in words[kind] if word != "* ") for kind in ("given", "then"))
        text = f"# language: {code}\n{feature}: F\n  {scenario}: S\n    {given}x\n    {then}y\n"
        assert lines(text) == [], code
