"""What is read and done over a network that loses answers: every n-th call is cut off, before or after its effect."""

import json
import uuid

import pytest
from lossy_proxy import AFTER, BEFORE, GATEWAY, lossy

from acceptance.aws.account import Account
from acceptance.aws.executions import Executions
from acceptance.aws.tap import EventTap
from support.serverlesspresso.watched import ORDER, WATCHED

pytestmark = [pytest.mark.cloud, pytest.mark.trust("losses")]
MOMENTS = pytest.mark.parametrize("moment", [BEFORE, AFTER, GATEWAY])


@pytest.fixture
def through(cafe_account):
    """Reach the account through a proxy that loses answers."""
    proxies = []

    def reach(every, when, only):
        proxy = lossy(cafe_account[0].url, every, when, only)
        proxies.append(proxy)
        opened = proxy.__enter__()
        return Account("us-east-1", opened.url, "000000000000"), opened

    yield reach
    for proxy in proxies:
        proxy.__exit__(None, None, None)


@pytest.fixture
def lossy_tap(through, parts):
    """Open a tap whose calls of a kind are cut off again and again."""
    taps = []

    def opened(moment, *calls, every=3):
        account, proxy = through(every, moment, calls)
        taps.append(EventTap(account, parts.event_bus, uuid.uuid4().hex[:8], WATCHED, whole_bus=True))
        taps[-1].open()
        return taps[-1], proxy

    yield opened
    for tap in taps:
        tap.close()


@pytest.fixture
def put(account, parts):
    """Put this many events about an order, without losses."""

    def put(order_id, how_many):
        entry = {"EventBusName": parts.event_bus, "Source": "test", "DetailType": "Test.Happened"}
        entries = [{**entry, "Detail": json.dumps({"orderId": order_id, "number": n})} for n in range(how_many)]
        for first in range(0, how_many, 10):
            account.events.put_events(Entries=entries[first : first + 10])

    return put


class TestTap:
    @MOMENTS
    @pytest.mark.parametrize("call", ["ReceiveMessage", "DeleteMessageBatch"])
    def test_knows_everything_once_whose_answers_are_lost(self, lossy_tap, put, moment, call):
        tap, proxy = lossy_tap(moment, call)
        for _ in range(2):
            order_id = uuid.uuid4().hex
            put(order_id, 30)
            tap.prove_listening()
            assert [event["number"] for event in tap.of_key(order_id)] == list(range(30))
        assert proxy.lost[call, moment]

    @MOMENTS
    def test_hears_its_marker_when_the_answer_to_that_is_lost(self, lossy_tap, moment):
        tap, proxy = lossy_tap(moment, "PutEvents", every=2)
        for _ in range(2):
            tap.prove_listening()
        assert proxy.lost["PutEvents", moment]


DEFINITION = json.dumps({"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}})


@pytest.fixture(scope="module")
def machine(account):
    arn = account.stepfunctions.create_state_machine(
        name=f"once-{uuid.uuid4().hex[:8]}", definition=DEFINITION, roleArn="arn:aws:iam::000000000000:role/once"
    )["stateMachineArn"]
    yield arn
    account.stepfunctions.delete_state_machine(stateMachineArn=arn)


class TestExecutions:
    @MOMENTS
    def test_are_started_once_each(self, through, machine, account, moment):
        lossy_account, proxy = through(2, moment, ["StartExecution"])
        executions, order_id = Executions(lossy_account.stepfunctions, machine, ORDER), uuid.uuid4().hex
        started = [executions.start({"orderId": order_id}) for _ in range(4)]
        assert proxy.lost["StartExecution", moment]
        there = Executions(account.stepfunctions, machine, ORDER).of_key(order_id)
        assert sorted(execution.arn for execution in there) == sorted(started)

    @MOMENTS
    def test_are_found_through_lists_that_are_cut_off(self, through, machine, account, moment):
        lossy_account, proxy = through(2, moment, ["ListExecutions", "DescribeExecution", "GetExecutionHistory"])
        start, find = (
            Executions(account.stepfunctions, machine, ORDER),
            Executions(lossy_account.stepfunctions, machine, ORDER),
        )
        order_id = uuid.uuid4().hex
        started = [start.start({"orderId": order_id}) for _ in range(4)]
        assert sorted(execution.arn for execution in find.of_key(order_id)) == sorted(started)
        assert all(find.history(arn) for arn in started)
        assert proxy.lost["DescribeExecution", moment]


class TestLaying:
    @MOMENTS
    def test_tap_is_laid_and_removed_once(self, cafe_account, account, parts, moment):
        """The first answer of each kind is lost."""
        with lossy(cafe_account[0].url, every=0) as proxy:
            proxy.lot = lambda action: moment if not proxy.lost.update([action]) and proxy.lost[action] == 1 else ""
            tap = EventTap(
                Account("us-east-1", proxy.url, "000000000000"),
                parts.event_bus,
                "laid",
                WATCHED,
                whole_bus=True,
            )
            tap.open()
            tap.prove_listening()
            assert len(account.sqs.list_queues(QueueNamePrefix=tap.name)["QueueUrls"]) == 1
            tap.close()
            assert {"CreateQueue", "PutRule", "PutTargets", "DeleteQueue", "RemoveTargets", "DeleteRule"} <= {
                *proxy.lost
            }
        assert not account.sqs.list_queues(QueueNamePrefix=tap.name).get("QueueUrls")
        assert not account.events.list_rules(EventBusName=parts.event_bus, NamePrefix=tap.name)["Rules"]
