"""A few rounds of the search for false alarms, and one in which there is something to find."""

import os
import random

import pytest

from trust.soak import __main__ as soak

pytestmark = [pytest.mark.quiet, pytest.mark.cloud]
ROUNDS = 2
SEED = int(os.environ.get("TRUST_SEED") or random.SystemRandom().randrange(1_000_000))
PROCESSORS = os.cpu_count() or 1


@pytest.mark.parametrize("number", range(ROUNDS))
def test_all_features_are_green_on_a_busy_machine(number, tmp_path, monkeypatch):
    monkeypatch.setattr(soak, "KEPT", tmp_path)
    template = soak.slowed_down(tmp_path)
    with soak.busy(PROCESSORS):
        ended = soak.run(SEED + number, ["-j", str(2 * PROCESSORS), "-D", f"template={template}"], tmp_path)
    assert ended.alarms == [], f"seed {ended.seed}"
    assert ended.scenarios > 200


def test_a_real_round_is_green_and_a_promise_that_nobody_keeps_is_an_alarm(tmp_path, monkeypatch):
    monkeypatch.setattr(soak, "KEPT", tmp_path)
    features = "features/serverlesspresso"
    green = soak.run(7, ["-j", "2", "--tags=@smoke and not @app"], tmp_path)
    assert green.alarms == []
    assert green.scenarios >= 5
    impatient = soak.run(7, ["-j", "2", "-D", "patience=0.1", f"{features}/journeys.feature"], tmp_path)
    assert [alarm.split()[0] for alarm in impatient.alarms] == ["failed"]
    assert "still so after" in (tmp_path / "seed-7.log").read_text(encoding="utf-8")
