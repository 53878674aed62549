"""Every mistake can be planted: its patch applies, its kind is listed, and its scenario exists."""

import re

import pytest
from behave.parser import parse_file
from places import FEATURES, ROOT

from trust.mistakes import read_mistakes
from trust.system_copy import copy_of

MISTAKES = read_mistakes()
KINDS = re.findall(
    r"^\| \*\*(.+?)\*\*", (ROOT / "docs" / "kinds-of-faults.md").read_text(encoding="utf-8"), re.MULTILINE
)
WHOLE = "# It breaks.\n# kind: poison\n# noticed by: offers › An offer\n# words: none\n# words: two\n--- a/x\n"


def test_each_mistake_has_a_name_of_its_own():
    assert len({mistake.id for mistake in MISTAKES}) == len(MISTAKES)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.id)
def test_a_mistake_can_be_planted_and_names_a_scenario_and_a_kind(mistake, tmp_path):
    mistake.plant(copy_of(mistake.system, tmp_path))
    feature = parse_file(str(FEATURES / mistake.system / f"{mistake.feature}.feature"))
    assert any(scenario.name.startswith(mistake.scenario) for scenario in feature.walk_scenarios())
    assert mistake.kind in KINDS


def test_the_first_lines_say_who_must_notice(tmp_path):
    (tmp_path / "bakery").mkdir()
    (tmp_path / "bakery" / "too-hot.patch").write_text(WHOLE, encoding="utf-8")
    [mistake] = read_mistakes(tmp_path)
    assert (mistake.id, mistake.kind, mistake.quiet) == ("bakery-too-hot", "poison", False)
    assert (mistake.feature, mistake.scenario, mistake.words) == ("offers", "An offer", ("none", "two"))


@pytest.mark.parametrize("line", WHOLE.splitlines()[:3])
def test_first_lines_that_say_too_little_are_refused(tmp_path, line):
    (tmp_path / "bakery").mkdir()
    (tmp_path / "bakery" / "too-hot.patch").write_text(WHOLE.replace(f"{line}\n", ""), encoding="utf-8")
    with pytest.raises(ValueError, match=r"too-hot\.patch: its first lines must say"):
        read_mistakes(tmp_path)
