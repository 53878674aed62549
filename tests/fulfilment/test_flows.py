"""Many flows: what they come to, how far those came that did not get through, and what is saved and shown of them."""

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import threading

import psutil
import pytest
from jsonschema import Draft202012Validator
from places import ROOT
from rich.console import Console as Screen

from acceptance.terminal.console import Console
from acceptance.trouble import Trouble
from support.fulfilment.flow_statistics import Statistics, of_steps
from support.fulfilment.flows.display import list_running
from support.fulfilment.flows.results import Results, as_json, save
from support.fulfilment.order import STEPS, Order
from support.fulfilment.order_flows import FlowResult, ManyFlows, Plan, StepResult

pytestmark = [pytest.mark.slow, pytest.mark.trust("flows")]

SCHEMA = Draft202012Validator(json.loads((ROOT / "docs" / "flows.schema.json").read_text("utf-8")))
NAMES = [step.name for step in STEPS]


def result(number, done, last="", seconds=1.0):
    steps = [StepResult(name, "done", float(at), seconds) for at, name in enumerate(NAMES[:done])]
    if last:
        steps.append(StepResult(NAMES[done], last, float(done), seconds, "No."))
    return FlowResult(number, {"customer": "Pia"}, steps, order=Order(order="ORD-1"))


# --- figures -----------------------------------------------------------------------------------------


def test_percentiles_are_of_the_nearest_rank():
    assert Statistics.of([]) is None
    assert Statistics.of([3.0]) == Statistics(1, 3.0, 3.0, 3.0, 3.0)
    assert Statistics.of([float(one) for one in range(20, 0, -1)]) == Statistics(20, 10.5, 10.0, 19.0, 20.0)


def test_a_step_counts_who_tried_it_and_who_did_it():
    figures = of_steps([result(1, 10), result(2, 3, "refused"), result(3, 3, "broken"), result(4, 3, "interrupted")])
    assert [(one.tried, one.done) for one in figures] == [(4, 4)] * 3 + [(3, 1)] + [(1, 1)] * 6
    assert figures[3].success_rate == pytest.approx(1 / 3)
    assert of_steps([])[0].success_rate is None


def test_only_steps_that_were_done_count_into_the_times():
    figures = of_steps([result(1, 4, seconds=1.0), result(2, 3, "broken", seconds=30.0)])
    assert figures[3].seconds == Statistics(1, 1.0, 1.0, 1.0, 1.0)


@pytest.mark.parametrize(
    ("flow", "words"),
    [
        (result(1, 10), "flow 1: ORD-1 is delivered and paid"),
        (result(2, 3, "refused"), "flow 2 came to step 3 of 10, then “goods are reserved” was refused: No."),
        (result(3, 0), "flow 3 came to step 0 of 10"),
    ],
)
def test_a_flow_says_how_far_it_came(flow, words):
    assert flow.words == words
    assert flow.went_through == (flow.done == 10)


# --- with programs ---------------------------------------------------------------------------------------


def test_flows_side_by_side_do_not_get_in_each_others_way(others):
    flows = ManyFlows(others, Plan("Lampe"), 3, 3).run()
    assert [flow.went_through for flow in flows] == [True] * 3, [flow.words for flow in flows]
    assert len({flow.order.id for flow in flows}) == 3
    assert others.running() == []


def test_a_flow_that_is_refused_tells_how_far_it_came(others, gone):
    flows = ManyFlows(others, Plan("Lampe", quantity=2), 2).run()
    assert flows[0].went_through
    assert flows[1].done == 3
    assert flows[1].words.endswith("was refused: Geht nicht: Der Vorrat reicht nicht fuer 2 Lampe")
    assert not Results(flows, 1, 0.0, 1.0).all_went_through
    assert others.running() == []


def test_a_flow_whose_program_cannot_be_started_is_broken(others):
    (others.dialogue.folder / "amt.py").unlink()
    (flow,) = ManyFlows(others, Plan("Lampe"), 1).run()
    assert flow.steps[-1].outcome == "broken"
    assert "The counter cannot be started: there is no file" in flow.words


def test_flows_that_are_interrupted_end_at_once_and_tell_how_far_they_came(others):
    reached = threading.Event()

    def on_step(flow):
        if flow.under_way == "goods are reserved":
            reached.set()
            many.stop.wait(30)  # or it would be through before it is interrupted

    many = ManyFlows(others, Plan("Lampe", delay=0.05), 3, 1, on_step)
    running = threading.Thread(target=many.run)
    running.start()
    assert reached.wait(30)
    many.interrupt()
    running.join(30)
    assert not running.is_alive()
    first, *later = many.results
    assert 3 <= first.done < 10
    assert first.steps[-1].outcome == "interrupted"
    assert [flow.done for flow in later] == [0, 0]
    assert others.running() == []


def test_results_are_saved_in_the_form_that_is_described(others, tmp_path):
    flows = ManyFlows(others, Plan("Lampe", quantity=2), 2).run()
    results = Results(flows, 1, 1_800_000_000.0, 3.5)
    save(results, tmp_path / "results.json")
    text = (tmp_path / "results.json").read_text("utf-8")
    saved = json.loads(text)
    SCHEMA.validate(saved)
    assert saved["went_through"] == 1
    assert saved["flows"][1]["came_to_step"] == 3
    assert saved["programs"]["customer"]["startup_seconds"]["count"] == 2
    assert saved["programs"]["delivery"]["memory_bytes"]["count"] == 1
    assert others.password not in text


def test_results_of_nothing_have_the_same_form():
    SCHEMA.validate(as_json(Results([FlowResult(1, {})], 1, 0.0, 0.0, interrupted=True)))


def test_what_cannot_be_saved_is_told(tmp_path):
    with pytest.raises(Trouble, match=r"The results cannot be saved: .* Choose another file"):
        save(Results([], 1, 0.0, 0.0), tmp_path / "no" / "folder.json")


def test_programs_of_a_flow_are_its_own(others):
    seen = []
    ManyFlows(others, Plan("Lampe"), 1, 1, lambda flow: seen.extend(one for one in flow.result.consoles)).run()
    assert all(isinstance(one, Console) and one.session is None for one in seen)


# --- at the terminal -----------------------------------------------------------------------------------------


def flows(*arguments, typed="", environment=None):
    return subprocess.run(
        [sys.executable, "-m", "support.fulfilment.flows", *arguments],
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        input=typed,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--flows", "0"), "0 is not a whole number from 1 to 1000"),
        (("--parallel", "many"), "many is not a whole number from 1 to 1000"),
        (("--delay", "-1"), "-1 is not a number of seconds from 0 to 3600"),
        (("--timeout", "soon"), "soon is not a number of seconds from 0 to 3600"),
        (("-D", "fulfilment_dialog=x"), "No setting is called -D fulfilment_dialog. Did you mean fulfilment_dialogue?"),
        (("-D", "fulfilment_dialogue=nowhere.yaml"), "There is no dialogue file nowhere.yaml."),
    ],
)
def test_what_cannot_be_run_is_told(arguments, words):
    done = flows(*arguments)
    assert done.returncode == 2
    assert words in " ".join(done.stdout.split())


@pytest.mark.cloud
def test_a_demo_explains_each_step_and_shows_what_is_typed(tmp_path):
    saved = tmp_path / "results.json"
    done = flows("--demo", "--customer", "quin", "--delay", "0.01", "--timeout", "20", "--save", str(saved))
    assert done.returncode == 0, done.stdout
    for number, name in enumerate(NAMES, 1):
        assert f"Step {number} of 10: {name}." in done.stdout
    assert "> quin" in done.stdout
    assert "> •••" in done.stdout
    SCHEMA.validate(json.loads(saved.read_text("utf-8")))


@pytest.mark.cloud
def test_a_customer_whom_nobody_knows_is_told():
    done = flows("--customer", "zoe")
    assert done.returncode == 2
    assert "No customer is called zoe." in done.stdout


def test_programs_are_listed_whoever_has_started_them(tmp_path):
    said = io.StringIO()
    screen = Screen(file=said, width=200)
    list_running(screen, tmp_path, ())
    assert said.getvalue() == "No program is running.\n"
    somebody = subprocess.Popen([sys.executable, "-c", "input()", "a-guest"], cwd=tmp_path, stdin=subprocess.PIPE)
    try:
        list_running(screen, tmp_path, ())
    finally:
        somebody.communicate(b"\n", timeout=10)
    assert str(somebody.pid) in said.getvalue()
    assert "a-guest" in said.getvalue()
    assert "not of this run" in said.getvalue()


@pytest.mark.cloud
def test_the_menu_runs_shows_saves_and_cleans_up(tmp_path):
    # It lists the programs that run in their folder. In the one of the repository there are those of other tests.
    for folder in ("systems/fulfilment", "features/fulfilment"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    saved = tmp_path / "results.json"
    typed = f"3\n1\n2\n2\n2\n3\n5\n4\n{saved}\n4\n\n2\nmany\n6\n7\n0\n"
    done = flows(
        typed=typed, environment={"ACCEPTANCE_FULFILMENT_DIALOGUE": f"{tmp_path}/features/fulfilment/dialogue.yaml"}
    )
    assert done.returncode == 0, done.stdout
    for words in (
        "Nothing was run yet.",
        "1 of 1 flows completed",
        "2 of 2 flows completed",
        "No program is running.",
        "Saved to",
        "Without a name nothing is saved.",
        "That is not a number from 1 to 1000.",
        "0 programs ended, the orders of this run removed.",
        "There is no such choice.",
    ):
        assert words in done.stdout, words
    assert json.loads(saved.read_text("utf-8"))["went_through"] == 2


@pytest.mark.cloud
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_interrupted_leaves_nothing(tmp_path, gone, how):
    saved = tmp_path / "results.json"
    run = subprocess.Popen(
        [sys.executable, "-m", "support.fulfilment.flows", "--flows", "4", "--parallel", "2", "--save", str(saved)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        start_new_session=True,
    )
    try:
        first = run.stdout.readline()
        everybody = [one.pid for one in psutil.Process(run.pid).children(recursive=True)]
        assert everybody, "so nothing was shown"
        run.send_signal(how)
        rest = run.stdout.read()
        assert run.wait(timeout=30) == 130, first + rest
    finally:
        if run.poll() is None:
            os.killpg(run.pid, signal.SIGKILL)
            run.wait(timeout=10)
        run.stdout.close()
    assert "The run was interrupted." in rest
    results = json.loads(saved.read_text("utf-8"))
    SCHEMA.validate(results)
    assert results["interrupted"]
    assert results["went_through"] < 4
    gone(*everybody)
