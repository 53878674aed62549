"""Workers that do not do what they should. Each one is a whole process; scenarios "pass" without being run."""

import os
import signal
import subprocess
import sys
import threading

from behave.capture import Captured

from acceptance.report.verdicts import PASSED, Verdict
from acceptance.runner.messages import ElementState, Ended, Free, Words, WorkerDone

NEVER = threading.Event()


def beating(pulse):
    pulse.value += 1

    def beat():
        while not NEVER.wait(0.1):
            pulse.value += 1

    threading.Thread(target=beat, daemon=True).start()


def ended(play):
    part = ElementState("passed", False, None, None)
    return Ended(play.key, Verdict(PASSED), 0.0, True, part, [], False, None, Captured())


def plays(lead, most=sys.maxsize):
    """Run until nothing is left, or this many scenarios."""
    for _ in range(most):
        lead.send(Free())
        play = lead.recv()
        if play is None:
            return
        lead.send(ended(play))


def good(arguments, number, of, results, lead, pulse):
    beating(pulse)
    plays(lead)
    lead.send(WorkerDone(False, [], False, {}))


def first_one(odd):
    """A worker that behaves oddly after its first scenario if it is the first worker, and normally otherwise."""

    def worker(arguments, number, of, results, lead, pulse):
        if number:
            while not (results / "begun").exists():  # or the whole group might be this one's
                NEVER.wait(0.05)
            good(arguments, number, of, results, lead, pulse)
            return
        beating(pulse)
        plays(lead, most=1)
        (results / "begun").touch()
        odd(lead)

    return worker


def give_up(lead):
    lead.send(Free())
    lead.recv()
    lead.send(WorkerDone(True, [], False, {"a scenario": Words("Trouble", "The broker is gone.")}))


def stand_still(lead):
    lead.send(Free())
    lead.recv()
    os.kill(os.getpid(), signal.SIGSTOP)


def say_half(lead):
    lead.send(Free())
    lead.recv()
    os.write(lead.fileno(), b"\x00\x00\x10\x00half of what was announced")
    os.kill(os.getpid(), signal.SIGSTOP)


def say_nonsense(lead):
    lead.send_bytes(b"no message at all")
    NEVER.wait()


def leave_a_child_behind(lead):
    lead.send(Free())
    lead.recv()
    subprocess.Popen(["/bin/sleep", "30"], close_fds=False, pass_fds=[lead.fileno()])
    os._exit(7)


def loop_for_ever(lead):
    lead.send(Free())
    lead.recv()
    NEVER.wait()


def gives_up(*arguments):
    first_one(give_up)(*arguments)


def stands_still(*arguments):
    first_one(stand_still)(*arguments)


def says_half(*arguments):
    first_one(say_half)(*arguments)


def says_nonsense(*arguments):
    first_one(say_nonsense)(*arguments)


def leaves_a_child_behind(*arguments):
    first_one(leave_a_child_behind)(*arguments)


def loops_for_ever(*arguments):
    first_one(loop_for_ever)(*arguments)
