"""Every scenario makes a promise of one kind: of every deployment, of any that an owner would expect, of this one."""

from collections import Counter

import pytest
from behave.parser import parse_file
from places import FEATURES

from acceptance.report.labels import labels_of

SYSTEMS = sorted(folder.name for folder in FEATURES.iterdir() if folder.is_dir())
CORE, HOUSE_RULE = "core", "house_rule"
# How many scenarios of the café are of each kind. What moves from one kind to another is a decision, so it is counted.
CAFE = {CORE: 9, "": 121, HOUSE_RULE: 194}


def scenarios(system):
    for path in sorted((FEATURES / system).glob("*.feature")):
        for scenario in parse_file(str(path)).walk_scenarios():
            yield path, scenario


def kinds_of(scenario):
    return {CORE, HOUSE_RULE} & set(map(str, scenario.effective_tags))


@pytest.mark.parametrize("system", SYSTEMS)
def test_what_every_deployment_promises_is_no_house_rule(system):
    both = [scenario.name for _, scenario in scenarios(system) if len(kinds_of(scenario)) > 1]
    assert both == []


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_system_has_promises_of_every_deployment(system):
    assert any(kinds_of(scenario) == {CORE} for _, scenario in scenarios(system))


def test_promises_of_the_cafe_are_counted_by_kind():
    counted = Counter("".join(kinds_of(scenario)) for _, scenario in scenarios("serverlesspresso"))
    assert counted == CAFE


def test_a_kind_is_a_tag_in_the_report():
    kinds = Counter()
    for path, scenario in scenarios("serverlesspresso"):
        shown = {label.value for label in labels_of(scenario, str(path)) if label.name == "tag"}
        assert kinds_of(scenario) <= shown
        kinds.update(kinds_of(scenario))
    assert set(kinds) == {CORE, HOUSE_RULE}
