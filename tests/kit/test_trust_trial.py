"""Trials by the real behave: the unbroken system passes to its very end, a broken one is caught by its scenario."""

import pytest

from trust.mutants.scenarios import read_scenarios
from trust.mutants.trial import CAUGHT, SURVIVED, Trials
from trust.system_copy import Edit

pytestmark = [pytest.mark.runs, pytest.mark.trust("mutants made")]
STILL_PLANNED = Edit("desk/orders.py", "PLANNED, UNDER_WAY, accepted_by", "PLANNED, PLANNED, accepted_by")


@pytest.fixture
def accepting():
    """The scenario in which a courier accepts a delivery."""
    return [one for one in read_scenarios("fulfilment") if one.key.endswith(": A courier accepts a delivery")]


def test_the_unbroken_system_survives(accepting):
    outcome = Trials("fulfilment").run(lambda system: None, accepting)
    assert (outcome.verdict, outcome.ran) == (SURVIVED, 1), outcome.message


def test_a_broken_one_is_caught_by_its_scenario(accepting):
    outcome = Trials("fulfilment").run(STILL_PLANNED.apply, accepting)
    assert (outcome.verdict, outcome.scenario) == (CAUGHT, accepting[0].key), outcome.message
