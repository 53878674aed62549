"""Each line is typed once: to a slow program, to a deaf one, and to one that has acted and never said so."""

import sqlite3
from pathlib import Path

import pytest
from odd import NEVER, PASSWORD, console, desk

from acceptance.terminal.console import NoAnswer, Success
from acceptance.waiting import Waiter
from support.fulfilment.order_flows import ManyFlows, Plan
from support.fulfilment.scene import FulfilmentScene

pytestmark = [pytest.mark.slow, pytest.mark.trust("losses")]

# Writes down each line that it reads, before it does anything about it.
READS = (
    "def read(prompt):\n    line = input(prompt)\n    print(line, file=open('read', 'a'))\n    return line\n"
    "read('User: '); read('Password: '); print('Hello.')\n"
)


@pytest.fixture
def at(tmp_path):
    """Pia at a program, logged in, and the lines that the program has read."""
    opened = []

    def start(program, within=30):
        place = desk(tmp_path, program, within=within)
        one = console(place)
        opened.append((one, place.watcher))
        one.start()
        assert isinstance(one.log_in("pia", PASSWORD), Success)
        return one, lambda: (tmp_path / "programs" / "read").read_text("utf-8").splitlines()

    yield start
    for one, watcher in opened:
        one.end()
        watcher.stop()


def test_a_slow_program_reads_each_line_once(at):
    slowly = "while read('> ') != 'x':\n    time.sleep(1.5); print('Done 17')\n"
    one, read = at(READS + slowly)
    assert one.act("order") == Success({"order": "17"})
    assert one.act("order") == Success({"order": "17"})
    one.leave()
    assert read() == ["pia", PASSWORD, "order", "order", "x"]


def test_a_program_that_repeats_nothing_of_what_is_typed_reads_each_line_once(at):
    deaf = "import termios\nmode = termios.tcgetattr(0); mode[3] &= ~termios.ECHO; termios.tcsetattr(0, 0, mode)\n"
    one, read = at(READS + deaf + "while read('> ') != 'x':\n    time.sleep(0.5); print('Done 17')\n")
    assert one.act("order") == Success({"order": "17"})
    one.leave()
    assert read() == ["pia", PASSWORD, "order", "x"]


def test_a_line_without_an_answer_is_not_typed_again(at, gone):
    """It has ordered already, maybe. And what it says later is no answer to what is typed later."""
    one, read = at(READS + "read('> '); time.sleep(3.5); print('Done 17'); read('> ')\n" + NEVER, within=3)
    session = one.session
    with pytest.raises(NoAnswer):
        one.act("order")
    gone(session)
    assert one.session is None, "so nothing more is typed at it"
    with pytest.raises(LookupError, match="Pia is not at the portal: it was not started, or has ended"):
        one.act("browse")
    assert read() == ["pia", PASSWORD, "order"]


def orders(others):
    with sqlite3.connect(next(Path(others.dialogue.folder).glob("*.sqlite"))) as db:
        return db.execute("SELECT count(*) FROM auftrag").fetchone()[0]


def never_answers(others):
    """Let the counter place orders and never say so."""
    program = others.dialogue.folder / "amt.py"
    text = program.read_text("utf-8")
    says = '    print(f"Angenommen unter'
    assert says in text
    program.write_text(text.replace(says, f"    db.commit(); import time; time.sleep(600)\n{says}"), encoding="utf-8")
    others.setup.__dict__["answer_within"] = 2.0


def test_a_flow_that_stopped_half_way_is_not_repeated(others):
    never_answers(others)
    (flow,) = ManyFlows(others, Plan("Lampe"), 1).run()
    assert [step.outcome for step in flow.steps] == ["done", "broken"]
    assert len(flow.consoles) == 1
    assert orders(others) == 1


def test_a_scenario_does_not_order_again_by_itself(others):
    never_answers(others)
    scene = FulfilmentScene(others, Waiter(patience=1, quiet=0))
    with pytest.raises(NoAnswer):
        scene.person("Pia").tries_to("order", item="Lampe", quantity="1")
    assert others.running() == []
    assert orders(others) == 1
