"""Plant each typical mistake, and check that its scenario turns red with the right message."""

import pytest

from trust.faults.caught import see_caught
from trust.mistakes import read_mistakes

pytestmark = pytest.mark.cloud


def as_parameter(mistake):
    return pytest.param(mistake, id=mistake.id, marks=[pytest.mark.quiet] if mistake.quiet else [])


@pytest.mark.planted
@pytest.mark.parametrize("fault", map(as_parameter, read_mistakes()))
def test_a_mistake_turns_its_scenario_red(fault, tmp_path):
    see_caught(fault, tmp_path)
