"""Every planted fault fits: it changes exactly one place, and names an existing scenario."""

from functools import cache

import pytest
from behave.parser import parse_file
from places import FEATURES

from trust.faults import FAULTS
from trust.faults.fault import faults_of
from trust.system_copy import CAFE, TEMPLATE, Edit, copy_of


@cache
def scenarios(system, feature):
    """The names of a feature's scenarios, each row of an outline with its own."""
    return [scenario.name for scenario in parse_file(str(FEATURES / system / f"{feature}.feature")).walk_scenarios()]


def test_all_four_systems_have_faults():
    counted = {system: sum(fault.system == system for fault in FAULTS) for system in sorted({f.system for f in FAULTS})}
    assert counted == {"durable_orders": 27, "fulfilment": 42, "retail": 46, "serverlesspresso": 88}


def test_each_fault_has_a_name_of_its_own():
    assert len({fault.id for fault in FAULTS}) == len(FAULTS)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)
def test_a_fault_can_be_planted_and_names_a_scenario(fault, tmp_path):
    fault.plant(copy_of(fault.system, tmp_path))
    assert any(name.startswith(fault.scenario) for name in scenarios(fault.system, fault.feature))
    assert fault.words


@pytest.mark.parametrize("old", ["what nobody has written", "Type:"])
def test_an_edit_that_does_not_change_exactly_one_place_is_refused(old, tmp_path):
    with pytest.raises(AssertionError, match="not once"):
        Edit(TEMPLATE, old, "").apply(copy_of(CAFE, tmp_path))


def test_a_single_edit_and_a_single_text_need_no_tuple():
    edit = Edit("a", "b", "c")
    fault = faults_of("bakery", "-D", "patience=5")("a b", edit, "f", "s", "words", quiet=True)
    assert (fault.edits, fault.words, fault.options, fault.quiet) == ((edit,), ("words",), ("-D", "patience=5"), True)
    assert fault.id == "bakery-a-b"
