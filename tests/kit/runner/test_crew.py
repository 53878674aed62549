"""A lead waits for no worker for ever, and what one leaves undone another one takes over."""

import threading
from types import SimpleNamespace

import odd_workers
import pytest
from behave.parser import parse_feature

from acceptance.report.run import Run
from acceptance.report.selection import identities
from acceptance.runner import pool as crews
from acceptance.runner.pool import Crew
from acceptance.runner.scenario_queue import ScenarioQueue

pytestmark = [pytest.mark.slow, pytest.mark.trust("workers")]

NAMES = ("a", "b", "c", "d")


@pytest.fixture
def played(monkeypatch, tmp_path):
    """Let two workers play four scenarios that are kept together, and give their verdicts in the order of the file."""
    monkeypatch.setattr(crews, "SILENT_SECONDS", 5.0)
    monkeypatch.setattr(crews, "LAST_WORDS_SECONDS", 1.0)

    def play(work, **limits):
        monkeypatch.setattr(crews, "work", work)
        for name, limit in limits.items():
            monkeypatch.setattr(crews, name, limit)
        feature = parse_feature(
            "Feature: F\n" + "".join(f"  Scenario: {name}\n    Given nothing\n" for name in NAMES), filename="f.feature"
        )
        run = Run(SimpleNamespace(stop=False, base_dir="."))
        turns = ScenarioQueue([], kept=[list(identities(feature, run.config))])
        run.results = tmp_path
        run.selected = {identity.key: scenario for scenario, identity in identities(feature, run.config)}
        crew = Crew(run, turns, lambda: None)
        playing = threading.Thread(target=crew.play, args=(2,), daemon=True)
        playing.start()
        playing.join(120)
        ended = not playing.is_alive()
        for worker in crew.workers:
            worker.process.kill()
        assert ended, "the lead still waits"
        assert crew.failed
        return [run.outcomes[key].verdict for key in run.selected]

    return play


@pytest.mark.parametrize(
    ("work", "limits", "why"),
    [
        (odd_workers.gives_up, {}, "Not run: Worker 1 could not go on: The broker is gone."),
        (odd_workers.stands_still, {}, "it gave no sign of life for 5 s, and was ended"),
        (odd_workers.says_half, {}, "it gave no sign of life for 5 s, and was ended"),
        (odd_workers.leaves_a_child_behind, {}, "Worker 1 has died (exit status 7)"),
        (odd_workers.loops_for_ever, {"LONGEST_SECONDS": 5.0}, "nothing was heard of it"),
    ],
)
def test_others_take_over_what_a_worker_leaves(played, work, limits, why):
    verdicts = played(work, **limits)
    assert [verdict.word for verdict in verdicts] == ["passed", "broken", "passed", "passed"]
    assert why in verdicts[1].message


def test_worker_that_says_nonsense_is_ended(played):
    assert [verdict.word for verdict in played(odd_workers.says_nonsense)] == ["passed"] * 4


def test_lead_that_was_stopped_itself_blames_no_worker(monkeypatch):
    """Time in which the lead did not run proves nothing about the others."""
    now = 1000.0
    monkeypatch.setattr(crews.time, "monotonic", lambda: now)
    crew = Crew(SimpleNamespace(), ScenarioQueue([]), lambda: None)
    quiet = SimpleNamespace(value=7)
    alive = SimpleNamespace(is_alive=lambda: True)
    worker = crews.Worker(0, alive, None, quiet, last_pulse=7)
    crew.workers = [worker]
    crew._looked_at = now - 3600
    crew._look_after_workers()
    assert 0 < worker.silent <= 5 * crews.LOOK_SECONDS
