"""What a campaign tells: verdicts, order, controls, answers, report, exit status. No account is started here."""

import json
import threading
from argparse import Namespace

import pytest

from trust.mutants import __main__ as command
from trust.mutants import answers, report
from trust.mutants.campaign import CONTROL, Campaign
from trust.mutants.mutant import Mutant
from trust.mutants.scenarios import Experience, Scenario, read_scenarios
from trust.mutants.trial import CAUGHT, EQUIVALENT, IN_DOUBT, NOT_DEPLOYED, SURVIVED, TOO_LONG, Outcome, Trials, judge

SCENARIOS = [Scenario("f: first", "f:1", frozenset()), Scenario("f: timed", "f:9", frozenset({"service_level"}))]
MUTANTS = [Mutant("workflow", ("orders", f"State {n}"), "dropped", "f", str(n)) for n in range(5)]
OPTIONS = Namespace(only="", again=False, resume=False, seed=1, sample=0, unanswered=False, jobs=2, patience=1.0)


class Told(Trials):
    """Trials whose outcomes are known beforehand, by the mutant's text."""

    def __init__(self, outcomes, control=SURVIVED):
        super().__init__()
        self.outcomes = outcomes
        self.control = control
        self.lock = threading.Lock()
        self.asked = []

    def run(self, change, scenarios):
        mutant = getattr(change, "__self__", None)
        with self.lock:
            self.asked.append((mutant, [scenario.key for scenario in scenarios]))
        return self.outcomes[mutant.text] if mutant else Outcome(self.control, "f: first" * (self.control == CAUGHT))


def campaign(trials, known=(), mutants=MUTANTS):
    lines = []
    made = Campaign(mutants, SCENARIOS, dict(known), trials, 2, 2, lines.append)
    made.run()
    return made, lines


def outcomes(*verdicts):
    return {str(n): verdict if isinstance(verdict, Outcome) else Outcome(verdict) for n, verdict in enumerate(verdicts)}


def told(made, known=(), last=None):
    return command.summary(made, MUTANTS, OPTIONS, dict(known), last)


def test_every_mutant_is_tried_and_controls_are_among_them():
    trials = Told(outcomes(CAUGHT, SURVIVED, SURVIVED, NOT_DEPLOYED, TOO_LONG))
    made, lines = campaign(trials, {MUTANTS[2].name: "a reason"}.items())
    assert told(made)["trusted"]
    assert len(made.controls) == 4, "one at first, one after every two, one at the end"
    summary = told(made, {MUTANTS[2].name: "a reason"}.items())
    assert summary["figures"] == {
        "made": 5, "tried": 5, CAUGHT: 1, EQUIVALENT: 1, SURVIVED: 1, NOT_DEPLOYED: 1, TOO_LONG: 1,
        "caught as broken": 0,
    }  # fmt: skip
    assert command.status(summary, ended=False) == 1
    assert any(line.startswith("[   5/   5]") for line in lines)


def test_a_red_control_refuses_the_results():
    made, lines = campaign(Told(outcomes(*[CAUGHT] * 5), control=CAUGHT))
    assert not told(made)["trusted"]
    assert any("RED" in line and CONTROL in line for line in lines)
    summary = told(made)
    assert command.status(summary, ended=False) == 2
    assert "prove nothing" in report.headline(summary)


def test_who_only_broke_a_promise_of_time_is_tried_again_alone():
    doubtful = Outcome(IN_DOUBT, "f: timed", "late")
    trials = Told(outcomes(doubtful, CAUGHT, CAUGHT, CAUGHT, CAUGHT))
    made, _ = campaign(trials)
    mutant, asked = trials.asked[-1]
    assert mutant == MUTANTS[0]
    assert asked[0] == "f: timed"
    assert sorted(asked) == sorted(scenario.key for scenario in SCENARIOS), "the red one has hidden what comes after it"
    assert [one.outcome.verdict for one in made.tried if one.mutant == MUTANTS[0]] == [CAUGHT]


def test_all_caught_or_answered_is_good():
    known = {MUTANTS[1].name: "a reason"}
    made, _ = campaign(Told(outcomes(CAUGHT, SURVIVED, CAUGHT, CAUGHT, CAUGHT)), known.items())
    assert command.status(told(made, known.items()), ended=False) == 0
    assert command.status(told(made, known.items()), ended=True) == 2


def test_again_puts_new_results_into_the_last_report():
    first, _ = campaign(Told(outcomes(CAUGHT, SURVIVED, SURVIVED, CAUGHT, CAUGHT)))
    last = told(first)
    options = Namespace(**{**vars(OPTIONS), "again": True})
    chosen = command.choose(MUTANTS, options, last)
    assert {mutant.name for mutant in chosen} == {MUTANTS[1].name, MUTANTS[2].name}
    second, _ = campaign(Told(outcomes(*[CAUGHT] * 5)), mutants=chosen)
    merged = told(second, last=last)
    assert (merged["figures"][CAUGHT], merged["complete"]) == (5, True)


def test_a_survivor_that_met_only_the_first_scenarios_makes_no_complete_report():
    def complete(ran):
        made, _ = campaign(Told(outcomes(Outcome(SURVIVED, ran=ran), *[CAUGHT] * 4)))
        return told(made)["complete"]

    assert complete(ran=2)
    assert not complete(ran=1)


def test_a_campaign_that_was_ended_is_resumed_where_it_stood():
    first, _ = campaign(Told(outcomes(CAUGHT, SURVIVED, CAUGHT, CAUGHT, CAUGHT)), mutants=MUTANTS[:3])
    chosen = command.choose(MUTANTS, Namespace(**{**vars(OPTIONS), "resume": True}), told(first))
    assert {mutant.name for mutant in chosen} == {MUTANTS[3].name, MUTANTS[4].name}


def test_a_sample_is_drawn_by_its_seed():
    def drawn(seed):
        return command.choose(MUTANTS, Namespace(**{**vars(OPTIONS), "sample": 2, "seed": seed}), None)

    assert drawn(1) == drawn(1)
    assert len(drawn(1)) == 2
    assert any(drawn(1) != drawn(seed) for seed in range(2, 9))


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


def test_without_experience_the_journey_comes_first_and_then_what_sounds_alike():
    scenarios = [
        Scenario("claiming: A claim", "f:1", frozenset()),
        Scenario("cancelling: A customer cancels", "f:2", frozenset()),
        Scenario("journey", "f:3", frozenset({"journey"})),
    ]
    mutant = Mutant("workflow", ("manager", "Cancel Order"), "dropped", "f", "")
    order = [scenario.place for scenario in Experience().order(mutant, scenarios)]
    assert order == ["f:3", "f:2", "f:1"]


def test_every_scenario_of_the_features_is_read_once():
    scenarios = read_scenarios()
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
def test_every_answer_is_about_a_mutant_that_there_is():
    names = [mutant.name for mutant in command.all_mutants()]
    assert not answers.stale(answers.read_answers(), names, [])


def test_the_page_escapes_everything_and_loads_nothing(tmp_path):
    nasty = Outcome(CAUGHT, "f: <script>alert(1)</script>", 'said "<b>" & more')
    made, _ = campaign(Told(outcomes(nasty, SURVIVED, CAUGHT, CAUGHT, CAUGHT)))
    page = report.write(told(made), tmp_path).read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert not [word for word in ("http://", "https://", "src=", "@import", "<!--") if word in page]
    assert report.read(tmp_path)["figures"][SURVIVED] == 1


@pytest.mark.parametrize("argument", ["--help"])
def test_the_command_explains_itself(argument, capsys):
    with pytest.raises(SystemExit) as ended:
        command.main([argument])
    assert ended.value.code == 0
    assert "--again" in capsys.readouterr().out
