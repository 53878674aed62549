"""The report of a mutation campaign: verdicts, order, controls, reach, equivalents. Starts no account."""

import json
import threading

import pytest

from trust.mutants import answers
from trust.mutants.campaign import NOT_REACHED, Campaign
from trust.mutants.mutant import Mutant
from trust.mutants.reach import Reach, let_note, read_notes
from trust.mutants.scenarios import Experience, Scenario, read_scenarios
from trust.mutants.source import CODE, all_mutants
from trust.mutants.trial import CAUGHT, IN_DOUBT, NOT_DEPLOYED, SURVIVED, TOO_LONG, Outcome, Trials, judge
from trust.system_copy import CAFE

SCENARIOS = [Scenario("f: first", "f:1", frozenset()), Scenario("f: timed", "f:9", frozenset({"service_level"}))]
MUTANTS = [Mutant("cafe", "function", ("orders", f"act_{n}"), "dropped", "f", str(n)) for n in range(5)]
EVERYTHING = {f"f act_{n}" for n in range(5)}


class Told(Trials):
    """Trials whose outcomes are known beforehand, by the mutant's text."""

    def __init__(self, *outcomes, control=SURVIVED, reached=EVERYTHING):
        super().__init__("cafe")
        self.outcomes = [one if isinstance(one, Outcome) else Outcome(one) for one in outcomes]
        self.control = Outcome(control, "f: first" * (control == CAUGHT))
        self.reached = reached
        self.lock = threading.Lock()
        self.asked = []

    def run(self, change, scenarios):
        mutant = getattr(change, "__self__", None)
        with self.lock:
            self.asked.append((mutant, [scenario.key for scenario in scenarios]))
        return self.outcomes[int(mutant.text)] if mutant else self.control

    def measure(self, files, scenarios):
        return self.control, self.reached


def tried_in(trials, control_every=2):
    done = []
    Campaign(MUTANTS, SCENARIOS, trials, 2, control_every, done.append).run()
    return done


def verdicts(done):
    return {one.mutant: one.outcome.verdict for one in done if one.mutant}


def test_every_mutant_is_tried_and_controls_are_among_them():
    done = tried_in(Told(CAUGHT, SURVIVED, SURVIVED, NOT_DEPLOYED, TOO_LONG))
    controls = [one.outcome.verdict for one in done if not one.mutant]
    assert controls == [SURVIVED] * 4, "one at first, one after every two, one at the end"
    expected = dict(zip(MUTANTS, (CAUGHT, SURVIVED, SURVIVED, NOT_DEPLOYED, TOO_LONG), strict=True))
    assert verdicts(done) == expected


def test_a_red_control_is_told_and_shows_no_reach():
    trials = Told(*[CAUGHT] * 5, control=CAUGHT, reached=set())
    done = tried_in(trials)
    assert [one.outcome.verdict for one in done if not one.mutant] == [CAUGHT] * 4
    assert all(len(keys) == len(SCENARIOS) for _, keys in trials.asked)


def test_without_controls_every_mutant_meets_all_scenarios():
    trials = Told(*[SURVIVED] * 5, reached=set())
    assert len(tried_in(trials, control_every=0)) == 5
    assert all(len(keys) == len(SCENARIOS) for _, keys in trials.asked)


def test_a_mutant_meets_only_the_features_that_reach_it():
    trials = Told(*[SURVIVED] * 5, reached={"f act_0", "f act_1"})
    done = tried_in(trials)
    words = {one.mutant: one.outcome.message for one in done if one.mutant}
    assert words == dict(zip(MUTANTS, ["", "", *[NOT_REACHED] * 3], strict=True))
    assert {mutant for mutant, _ in trials.asked if mutant} == set(MUTANTS[:2])
    elsewhere = [*SCENARIOS, Scenario("g: another", "g:1", frozenset())]
    assert list(Reach({"f": {"f act_0"}, "g": set()}).of(MUTANTS[0], elsewhere)) == SCENARIOS


def test_what_lies_in_no_function_or_is_no_code_is_reached_by_all():
    elsewhere = [
        Mutant("cafe", "function", ("orders", "module"), "c", "f", ""),
        Mutant("cafe", "workflow", ("o", "s"), "c", "f", ""),
    ]
    assert all(list(Reach({}).of(mutant, SCENARIOS)) == SCENARIOS for mutant in elsewhere)


def test_what_is_called_is_noted(tmp_path):
    code = '"""Doc."""\nfrom __future__ import annotations\nX = 1\nclass A:\n    def b(self):\n        return X\n'
    (tmp_path / "app.py").write_text(f"{code}\ndef never(): pass\n", encoding="utf-8")
    let_note(tmp_path, ["app.py"], tmp_path / "notes")
    assert read_notes(tmp_path / "notes") == set()
    module = {}
    exec(compile((tmp_path / "app.py").read_text(encoding="utf-8"), "app.py", "exec"), module)  # noqa: S102 - our own
    assert module["A"]().b() == module["A"]().b() == 1
    assert read_notes(tmp_path / "notes") == {"app.py A.b"}


def test_who_only_broke_a_promise_of_time_is_tried_again_alone():
    trials = Told(Outcome(IN_DOUBT, "f: timed", "late"), *[CAUGHT] * 4)
    done = tried_in(trials)
    mutant, asked = trials.asked[-1]
    assert mutant == MUTANTS[0]
    assert asked[0] == "f: timed"
    assert sorted(asked) == sorted(scenario.key for scenario in SCENARIOS), "the red one has hidden what comes after it"
    assert verdicts(done)[MUTANTS[0]] == CAUGHT


def result(folder, key, status, start, message=""):
    told = {"fullName": key, "status": status, "start": start, "statusDetails": {"message": message}}
    (folder / f"{key[-5:]}-{start}-result.json").write_text(json.dumps(told), encoding="utf-8")


def test_the_first_red_scenario_is_the_catcher(tmp_path):
    result(tmp_path, "f: timed", "failed", 2, "late")
    result(tmp_path, "f: first", "broken", 1, "no answer")
    outcome = judge(tmp_path, 1, "", 3.0, SCENARIOS)
    assert (outcome.verdict, outcome.scenario, outcome.broken) == (CAUGHT, "f: first", True)


def test_a_promise_of_time_leaves_a_doubt(tmp_path):
    result(tmp_path, "f: first", "passed", 1)
    result(tmp_path, "f: timed", "failed", 2, "late")
    assert judge(tmp_path, 1, "", 3.0, SCENARIOS).verdict == IN_DOUBT


def test_all_green_has_survived_but_a_run_with_less_has_not(tmp_path):
    result(tmp_path, "f: first", "passed", 1)
    assert judge(tmp_path, 0, "", 3.0, SCENARIOS[:1]).verdict == SURVIVED
    fewer = judge(tmp_path, 0, "the end", 3.0, SCENARIOS)
    assert (fewer.verdict, fewer.broken) == (CAUGHT, True)
    assert "1 of 2 scenarios were judged" in fewer.message
    assert judge(tmp_path, 1, "hook failed", 3.0, SCENARIOS[:1]).verdict == CAUGHT


def test_what_cannot_be_deployed_is_no_catch(tmp_path):
    for scenario in SCENARIOS:
        result(tmp_path, scenario.key, "broken", 1, "Not run: template.yaml could not be deployed: no such type")
    assert judge(tmp_path, 1, "", 3.0, SCENARIOS).verdict == NOT_DEPLOYED


def test_those_who_caught_its_neighbours_come_first_and_promises_of_time_last():
    learned = Experience()
    scenarios = [SCENARIOS[1], SCENARIOS[0], Scenario("f: neighbour", "f:5", frozenset())]
    learned.learn(MUTANTS[0], "f: neighbour")
    order = [scenario.key for scenario in learned.order(MUTANTS[0], scenarios)]
    assert order == ["f: neighbour", "f: first", "f: timed"]


def test_who_caught_it_before_comes_before_all_others():
    learned = Experience()
    for _ in range(2):
        learned.learn(MUTANTS[1], "f: first")
    learned.learn(MUTANTS[0], "f: timed")
    assert [scenario.key for scenario in learned.order(MUTANTS[0], SCENARIOS)] == ["f: timed", "f: first"]
    assert [scenario.key for scenario in learned.order(MUTANTS[1], SCENARIOS)] == ["f: first", "f: timed"]


def test_without_experience_the_journey_comes_first_and_then_what_sounds_alike():
    scenarios = [
        Scenario("claiming: A claim", "f:1", frozenset()),
        Scenario("cancelling: A customer cancels", "f:2", frozenset()),
        Scenario("journey", "f:3", frozenset({"journey"})),
    ]
    mutant = Mutant("cafe", "workflow", ("manager", "Cancel Order"), "dropped", "f", "")
    order = [scenario.place for scenario in Experience().order(mutant, scenarios)]
    assert order == ["f:3", "f:2", "f:1"]


def test_every_scenario_that_is_played_is_read_once():
    scenarios = read_scenarios(CAFE)
    assert not [scenario for scenario in scenarios if "load" in scenario.tags], "nobody has asked for them"
    assert len({scenario.key for scenario in scenarios}) == len(scenarios) > 100
    assert scenarios[-1].timed
    assert not scenarios[0].timed


def test_the_list_of_answers_is_read_and_told_when_it_is_stale(tmp_path):
    path = tmp_path / "list.md"
    path.write_text("# Title\n\n## A reason\n\nWords.\n\n- `a › b`\n- `c › “d”`\n", encoding="utf-8")
    known = answers.read_answers(path)
    assert known == {"a › b": "A reason", "c › “d”": "A reason"}
    assert answers.stale(known, ["a › b", "c › “d”"], []) == []
    told = answers.stale(known, ["a › b"], ["a › b"])
    assert len(told) == 2
    assert "no such mutant" in told[0]
    assert "caught" in told[1]


def test_a_moment_that_was_hit_by_luck_makes_no_answer_stale():
    assert not answers.stale({"a › b": answers.BY_LUCK}, ["a › b"], ["a › b"])
    assert answers.BY_LUCK in answers.read_answers().values(), "or the heading has another name by now"


@pytest.mark.slow
@pytest.mark.xdist_group("all mutants")
@pytest.mark.parametrize("system", CODE)
def test_every_answer_is_about_a_mutant_that_there_is(system):
    names = {mutant.name for mutant in all_mutants(system)}
    own = {name: why for name, why in answers.read_answers().items() if name.startswith(f"{system} › ")}
    assert not answers.stale(own, names, [])


def test_every_answer_is_about_a_mutant_of_a_system():
    assert {name.partition(" › ")[0] for name in answers.read_answers()} <= set(CODE)
