"""The embedded account records standstills of the machine, so a starved function differs from a slow one."""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from hamcrest import greater_than

from acceptance.aws.account import Account
from acceptance.aws.deployment import deploy
from acceptance.aws.embedded import EmbeddedAccount
from acceptance.aws.function_logs import invocations
from acceptance.service_levels.levels import Compliance, Promise, judge
from acceptance.service_levels.timeline import Timeline, of_invocations
from acceptance.trouble import Inconclusive
from acceptance.waiting import Waiter

pytestmark = [
    pytest.mark.cloud,
    pytest.mark.skipif(not Path("/proc/self/schedstat").exists(), reason="only Linux counts who waits for a processor"),
    pytest.mark.xdist_group("starved account"),
]
# The work is late even if it gets half of a processor, and in time if it gets all of it.
WORK_SECONDS, SLEEP_SECONDS, BUDGET_MS = 0.3, 1.5, 500
TEMPLATE = "Transform: AWS::Serverless-2016-10-31\nResources:\n" + "".join(
    f"""
  {name}:
    Type: AWS::Serverless::Function
    Properties:
      {{FunctionName: {name}, CodeUri: {name}, Handler: app.handler, Runtime: python3.13, Timeout: {timeout}}}
"""
    for name, timeout in {"works": 1, "sleeps": 30}.items()
)
CODE = {
    "works": f"""
import time

def handler(event, context):
    until = time.process_time() + {WORK_SECONDS}
    while time.process_time() < until:
        pass
    return "done"
""",
    "sleeps": f"""
import threading

def handler(event, context):
    threading.Event().wait({SLEEP_SECONDS})
    return "done"
""",
}


class System:
    """Two functions of an account, of which one works and the other one sleeps, both for a while."""

    def __init__(self, embedded, account):
        self.pid = embedded._process.pid
        self._client, self._logs = account.client("lambda"), account.logs

    def call(self, name):
        """Invoke a function, and return its outcome."""
        answer = self._client.invoke(FunctionName=name)
        return answer["Payload"].read().decode(), answer.get("FunctionError")

    def functions(self):
        """Ask for the functions, which an account that is stopped does not answer."""
        return self._client.list_functions()

    def judged(self, name):
        """Judge how long the last run of a function took."""
        last = invocations(self._logs, name, 0)[-1:]
        timeline = Timeline.of("", of_invocations("functions", last))

        def ends(timeline):
            return timeline.runs[0].began, timeline.runs[0].ended

        return judge(Promise("key", "It is done", "It was done", "it was asked for", "", BUDGET_MS, ends), timeline)


@pytest.fixture(scope="module")
def system(tmp_path_factory):
    folder = tmp_path_factory.mktemp("system")
    for name, code in CODE.items():
        (folder / name).mkdir()
        (folder / name / "app.py").write_text(code)
    (folder / "template.yaml").write_text(TEMPLATE)
    with EmbeddedAccount() as embedded:
        account = Account("us-east-1", embedded.url, "000000000000")
        deploy(account, folder / "template.yaml")
        system = System(embedded, account)
        for name in CODE:
            system.call(name)  # a cold start is no part of it
        yield system


@contextmanager
def starved(pid):
    """Let a process, with all that it has started, share one processor with others that never rest."""
    processor = {min(os.sched_getaffinity(0))}
    family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    before = os.sched_getaffinity(pid)
    threads = [thread.id for one in family for thread in one.threads()]
    rest = f"import os\nos.sched_setaffinity(0, {processor})\nwhile True: pass"
    busy = [subprocess.Popen([sys.executable, "-c", rest]) for _ in range(5)]
    try:
        for thread in threads:
            os.sched_setaffinity(thread, processor)
        yield
    finally:
        for one in busy:
            one.kill()
            one.wait()
        for thread in threads:
            os.sched_setaffinity(thread, before)


@contextmanager
def stopped_meanwhile(pid, seconds):
    """Stop a process's whole group soon, for so long."""

    def stop():
        os.killpg(pid, signal.SIGSTOP)
        until.wait(seconds)
        os.killpg(pid, signal.SIGCONT)

    until = threading.Event()
    timer = threading.Timer(0.1, stop)
    timer.start()
    yield
    timer.join()


@pytest.mark.quiet  # other load on the processor is unknown
@pytest.mark.trust("starved")
def test_slow_function_is_slow_on_any_machine_and_a_starved_one_is_not(system):
    system.call("sleeps")
    assert system.judged("sleeps").compliance is Compliance.MISSED
    with starved(system.pid):
        assert system.call("works") == ('"done"', None)  # its Timeout is a second of a machine that goes on
        starved_one = system.judged("works")
        system.call("sleeps")
        slow_one = system.judged("sleeps")
    assert starved_one.latency.latest > BUDGET_MS
    assert starved_one.compliance is Compliance.INCONCLUSIVE
    with pytest.raises(Inconclusive, match=r"Inconclusive: the machine stood still for \d\.\d s of these \d\.\d s"):
        starved_one.require()
    assert slow_one.compliance is Compliance.MISSED, slow_one.words()


def test_an_account_that_was_stopped_blames_nobody(system):
    with stopped_meanwhile(system.pid, 1.5):
        assert system.call("works") == ('"done"', None)
    judged = system.judged("works")
    assert judged.compliance is Compliance.INCONCLUSIVE, judged.words()


def test_patience_grows_by_what_was_stopped(system):
    began = time.monotonic()
    calls = []
    with stopped_meanwhile(system.pid, 1.5):
        Waiter(1.0, 0.1).eventually(
            lambda: calls.append(system.functions()) or time.monotonic() - began, greater_than(1.3)
        )
    assert len(calls) > 1
