"""A program that is killed from outside says nothing about itself; one that crashes does. With real signals."""

import os
import signal
import threading

import pytest
from odd import LOGIN, MENU, PASSWORD, console, desk

from acceptance.terminal.console import EndedHalfWay, Success
from acceptance.terminal.exit_status import in_words
from acceptance.trouble import Trouble
from acceptance.waiting import Waiter
from support.fulfilment.order_flows import ManyFlows, Plan
from support.fulfilment.scene import FulfilmentScene

pytestmark = [pytest.mark.slow, pytest.mark.trust("trouble")]

KILLS = ["SIGKILL", "SIGTERM", "SIGINT", "SIGQUIT", "SIGHUP"]
OWN = ["SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGTRAP", "SIGSYS", "SIGALRM", "SIGPIPE"]
AS_USUAL = "for one in (signal.SIGINT, signal.SIGPIPE): signal.signal(one, signal.SIG_DFL)\n"
ORDERS = MENU + "    print('Done 17')\n"
AT_A_SHELL = "[sh, -c, '{python} program.py; exit $?']"


@pytest.fixture
def at(tmp_path):
    """Somebody at a program, who has not logged in."""
    opened = []

    def start(program, command="", surroundings="[3]", within=30):
        place = desk(tmp_path, AS_USUAL + program, command, within, surroundings=surroundings)
        one = console(place)
        opened.append((one, place.watcher))
        one.start()
        return one

    yield start
    for one, watcher in opened:
        one.end()
        watcher.stop()


def logged_in(one):
    assert isinstance(one.log_in("pia", PASSWORD), Success)
    return one


def kills_itself(how):
    return f"    os.kill(os.getpid(), signal.{how}); time.sleep(60)\n"


@pytest.mark.parametrize("how", KILLS)
def test_a_program_that_is_killed_from_outside_cannot_be_checked(at, how):
    one = logged_in(at(LOGIN + ORDERS))
    os.kill(one.session, signal.Signals[how])
    with pytest.raises(Trouble) as raised:
        one.act("order")
    assert f"The portal ended half-way, with signal {how}, when Pia wanted to do “order”." in str(raised.value)
    assert "It was killed from outside: see who did so, or whether the memory was full." in str(raised.value)


@pytest.mark.parametrize("how", ["SIGINT", "SIGQUIT", "SIGHUP"])
def test_what_the_run_ignores_a_program_does_not(at, how):
    """A run in the background, or under nohup, ignores signals that a program at a terminal obeys."""
    before = signal.signal(signal.Signals[how], signal.SIG_IGN)
    try:
        one = logged_in(at(LOGIN + ORDERS))
    finally:
        signal.signal(signal.Signals[how], before)
    os.kill(one.session, signal.Signals[how])
    with pytest.raises(Trouble, match=f"with signal {how}"):
        one.act("order")


@pytest.mark.parametrize("how", OWN)
def test_a_program_that_crashes_has_failed(at, how):
    one = logged_in(at(LOGIN + MENU + kills_itself(how)))
    with pytest.raises(
        EndedHalfWay, match=f"The portal ended half-way, with signal {how}, when Pia wanted to do “order”"
    ):
        one.act("order")


def test_a_crash_that_the_dialogue_names_cannot_be_checked(at):
    one = logged_in(at(LOGIN + MENU + kills_itself("SIGABRT"), surroundings="[3, SIGABRT]"))
    with pytest.raises(Trouble, match="The portal ended half-way, with signal SIGABRT"):
        one.act("order")


def test_a_program_that_is_killed_while_it_works_cannot_be_checked(at):
    one = logged_in(at(LOGIN + MENU + "    print('One moment …', flush=True); time.sleep(60)\n"))
    threading.Timer(0.5, os.kill, (one.session, signal.SIGKILL)).start()
    with pytest.raises(
        Trouble, match=r"with signal SIGKILL, when Pia wanted to do “order”. It had printed last: “One mom"
    ):
        one.act("order")


def test_a_program_that_is_suspended_from_outside_cannot_be_checked(at):
    one = logged_in(at(LOGIN + ORDERS, within=5))
    os.kill(one.session, signal.SIGSTOP)
    with pytest.raises(
        Trouble, match=r"gave no answer within 5 s when Pia wanted to do “order”\..*suspended from outside"
    ):
        one.act("order")


def test_a_program_that_is_killed_before_somebody_logs_in_cannot_be_checked(at):
    one = at(LOGIN + ORDERS)
    os.kill(one.session, signal.SIGKILL)
    with pytest.raises(Trouble, match="with signal SIGKILL, when Pia wanted to log in"):
        one.log_in("pia", PASSWORD)


def test_a_program_that_is_killed_as_it_starts_cannot_be_checked(at):
    with pytest.raises(Trouble, match="with signal SIGTERM, when Pia wanted to start"):
        at("if True:\n" + kills_itself("SIGTERM"))


def test_a_program_that_is_killed_before_somebody_leaves_cannot_be_checked(at):
    one = logged_in(at(LOGIN + ORDERS))
    os.kill(one.session, signal.SIGKILL)
    with pytest.raises(Trouble, match="The portal ended with signal SIGKILL when Pia left"):
        one.leave()


def test_a_shell_that_tells_of_a_kill_is_understood(at):
    one = logged_in(at(LOGIN + MENU + kills_itself("SIGKILL"), AT_A_SHELL))
    with pytest.raises(Trouble, match=r"ended half-way, with exit status 137 \(signal SIGKILL\), when Pia wanted"):
        one.act("order")


def test_a_shell_that_tells_of_a_crash_is_understood(at):
    one = logged_in(at(LOGIN + MENU + kills_itself("SIGSEGV"), AT_A_SHELL))
    with pytest.raises(EndedHalfWay, match=r"ended half-way, with exit status 139 \(signal SIGSEGV\), when Pia wanted"):
        one.act("order")


def test_a_signal_without_a_name_has_a_number():
    number = signal.SIGRTMIN + 3
    assert in_words(-number) == f"signal {number}"
    assert in_words(-signal.SIGKILL) == "signal SIGKILL"
    assert in_words(128) == "exit status 128"


def test_a_flow_whose_program_is_killed_cannot_be_checked(others):
    def on_step(flow):
        if flow.under_way == "goods are reserved" and len(flow.result.steps) == 3:
            os.kill(flow._console.session, signal.SIGKILL)

    scene = FulfilmentScene(others, Waiter(patience=1, quiet=0))
    many = ManyFlows(others, Plan("Lampe"), 1, 1, on_step)
    scene.many_orders.flows = many.run()
    assert scene.many_orders.flows[0].steps[-1].outcome == "broken"
    with pytest.raises(Trouble, match=r"flow 1 came to step 3 of 10, .* It was killed from outside"):
        scene.many_orders.see_all_through()


def test_a_flow_that_failed_beside_one_that_was_killed_has_failed(others):
    """The stock holds less than is ordered, so one of the two is refused."""

    def on_step(flow):
        if flow.result.number == 1 and flow.under_way == "goods are reserved" and len(flow.result.steps) == 3:
            os.kill(flow._console.session, signal.SIGKILL)

    scene = FulfilmentScene(others, Waiter(patience=1, quiet=0))
    scene.many_orders.flows = ManyFlows(others, Plan("Lampe", quantity=99), 2, 1, on_step).run()
    with pytest.raises(AssertionError, match="flow 2 came to step 3 of 10, then “goods are reserved” was refused"):
        scene.many_orders.see_all_through()
