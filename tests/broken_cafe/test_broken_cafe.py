"""Breaks the café, one fault at a time, and sees that its feature turns red, in words that a shop owner understands."""

import re

import pytest
from faults import FAULTS, Fault
from house import Edit, run_behave

from mutants.system import TEMPLATE, copy_of_the_cafe

USUAL = [fault for fault in FAULTS if fault.always]

pytestmark = [pytest.mark.cloud, pytest.mark.every_fault]


def as_parameter(fault: Fault):
    marks = [] if fault.always else [pytest.mark.rare]
    if fault.feature == "service_levels":
        marks.append(pytest.mark.quiet)
    return pytest.param(fault, id=fault.name.replace(" ", "-"), marks=marks)


def only(*names):
    """Arguments that let behave run the scenarios of these names only."""
    return [argument for name in sorted(set(names)) for argument in ("--name", f"^{re.escape(name)}")]


def see_it_green(folder, faults):
    names = {fault.scenario for fault in faults}
    features = tuple(sorted({fault.feature for fault in faults}))
    ran = run_behave(copy_of_the_cafe(folder), features, *only(*names), seconds=300)
    assert ran.status == 0, ran.output
    assert not ran.red
    missing = [name for name in names if not any(scenario.name.startswith(name) for scenario in ran.passed)]
    assert not missing, "so nothing was shown of these"


@pytest.mark.quiet
def test_an_unbroken_copy_is_green(tmp_path):
    see_it_green(tmp_path, USUAL)


@pytest.mark.quiet
@pytest.mark.rare
def test_an_unbroken_copy_is_green_for_every_scenario_that_finds_a_fault(tmp_path):
    see_it_green(tmp_path, FAULTS)


@pytest.mark.parametrize("fault", [as_parameter(fault) for fault in FAULTS])
def test_a_broken_cafe_turns_its_feature_red(fault, tmp_path):
    system = copy_of_the_cafe(tmp_path)
    fault.edit.apply(system)
    ran = run_behave(system, (fault.feature,), *only(fault.scenario), "--stop", "-D", f"patience={fault.patience}")
    assert ran.status == 1, f"nobody has noticed that {fault.name}:\n{ran.output}"
    assert [scenario.verdict for scenario in ran.red] == ["failed"], ran.output
    assert ran.red[0].name.startswith(fault.scenario)
    for words in fault.words:
        assert words in ran.red[0].message
        assert words in ran.output, "whoever watches the run is not told"


def test_each_fault_has_a_name_of_its_own():
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)


@pytest.mark.parametrize("old", ["what nobody has written", "Type:"])
def test_an_edit_that_does_not_change_exactly_one_place_is_refused(old, tmp_path):
    with pytest.raises(AssertionError, match="not once"):
        Edit(TEMPLATE, old, "").apply(copy_of_the_cafe(tmp_path))
