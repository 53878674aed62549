"""A café with a function that takes as long as its customer's name says, on an account of its own."""

import uuid

import pytest

from acceptance.aws.account import Account
from acceptance.aws.deployment import deploy
from acceptance.aws.tap import EventTap
from acceptance.waiting import Waiter
from support.serverlesspresso.cafe import Cafe
from support.serverlesspresso.parts import discover
from support.serverlesspresso.settings import ServerlesspressoSettings
from support.serverlesspresso.watched import WATCHED
from trust.system_copy import CAFE, copy_of

SLOW_ACCOUNT = "555555555555"
TELLS = "    _tell_baristas(order_id, order)\n"
# The customer's name ends with the milliseconds. The function reports its real delay in its message.
DELAYED = """\
    begun = time.perf_counter()
    time.sleep(int(order["USERID"]["S"].split("-")[1]) / 1000)
    order["drinkOrder"] = {"S": json.dumps({"slept_ms": (time.perf_counter() - begun) * 1000})}
"""


@pytest.fixture(scope="module")
def cafe(cafe_account, tmp_path_factory):
    """The café whose function WaitingCompletion sleeps before it notifies the baristas."""
    system = copy_of(CAFE, tmp_path_factory.mktemp("slow"))
    app = system / "functions" / "waiting_completion" / "app.py"
    code = app.read_text(encoding="utf-8")
    assert code.count(TELLS) == 1
    app.write_text(code.replace(TELLS, DELAYED + TELLS).replace("import os\n", "import os\nimport time\n"), "utf-8")
    account = Account("us-east-1", cafe_account[0].url, SLOW_ACCOUNT)
    deploy(account, system / "template.yaml")
    parts = discover(account, ServerlesspressoSettings())
    tap = EventTap(account, parts.event_bus, "levels", WATCHED, whole_bus=True)
    tap.open()
    slow = Cafe(account, parts, uuid.uuid4().hex[:8], tap)
    slow.chronicle.open()
    yield slow
    slow.leave()
    tap.close()


@pytest.fixture(scope="module")
def wait(cafe):
    """A waiter that listens to the café."""
    return Waiter(patience=20.0, quiet=0.1, pause=cafe.tap.pause, prove_listening=cafe.tap.prove_listening)
