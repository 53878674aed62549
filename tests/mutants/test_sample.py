"""A small sample of the mutants, drawn by a seed: each that is no equivalent must be caught.

`MUTANTS_SEED` draws another one. `make mutants` tries them all.
"""

import os
import random
import sys

import pytest

from mutants.answers import read_answers
from mutants.campaign import Campaign
from mutants.scenarios import read_scenarios
from mutants.source import all_mutants
from mutants.trial import CAUGHT, NOT_DEPLOYED, Trials

pytestmark = [pytest.mark.cloud, pytest.mark.quiet]  # it runs several side by side itself

SEED = int(os.environ.get("MUTANTS_SEED", "7"))
OF_EACH_KIND = {"workflow": 6, "template": 2, "function": 3}
JOBS = 3


def sample(seed):
    """So many of each kind, and none that is listed as equivalent."""
    drawing, known = random.Random(seed), read_answers()  # noqa: S311 - no secret
    made = [mutant for mutant in all_mutants() if mutant.name not in known]
    return [
        mutant
        for kind, number in OF_EACH_KIND.items()
        for mutant in drawing.sample([mutant for mutant in made if mutant.kind == kind], number)
    ]


def test_a_sample_of_the_mutants_is_caught(capsys):
    with capsys.disabled():
        sys.stdout.write(f"\nThe sample of mutants is that of seed {SEED} (MUTANTS_SEED)\n")
    lines = []
    campaign = Campaign(sample(SEED), read_scenarios(), {}, Trials(), JOBS, 0, lines.append)
    campaign.run()
    told = "\n".join([f"seed {SEED}", *lines])
    assert len(campaign.tried) == sum(OF_EACH_KIND.values()), told
    survived = [one.name for one in campaign.tried if one.outcome.verdict not in (CAUGHT, NOT_DEPLOYED)]
    assert not survived, f"nobody has noticed {survived}\n{told}"
