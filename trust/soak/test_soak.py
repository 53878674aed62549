"""A few rounds of the search for false alarms, and one with something to find."""

import os
import random

import pytest

from trust.soak import __main__ as soak
from trust.soak.history import Conditions

pytestmark = [pytest.mark.quiet, pytest.mark.cloud]
ROUNDS = 2
SEED = int(os.environ.get("TRUST_SEED") or random.SystemRandom().randrange(1_000_000))


@pytest.fixture(autouse=True)
def kept(tmp_path, monkeypatch):
    monkeypatch.setattr(soak, "KEPT", tmp_path)


@pytest.mark.parametrize("number", range(ROUNDS))
def test_no_feature_fails_whatever_the_conditions(number, tmp_path):
    template = soak.slowed_down(tmp_path)
    seed = SEED + number
    ended = soak.run(seed, soak.conditions_of(seed), ["-D", f"serverlesspresso_template={template}"], tmp_path)
    assert ended.failed == [], f"seed {ended.seed}, {ended.conditions}"
    assert ended.scenarios > 200


def test_a_real_round_is_green_and_a_promise_that_nobody_keeps_is_an_alarm(tmp_path):
    features, quiet = "features/serverlesspresso", Conditions("none", 2, 0)
    green = soak.run(7, quiet, ["--tags=@smoke and not @app"], tmp_path)
    assert (green.failed, green.broken) == ([], [])
    assert green.scenarios >= 5
    impatient = soak.run(7, quiet, ["-D", "patience=0.1", f"{features}/journeys.feature"], tmp_path)
    assert len(impatient.failed) == 1
    assert "still so after" in (tmp_path / "seed-7.log").read_text(encoding="utf-8")
