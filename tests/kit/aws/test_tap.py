"""The tap receives everything on the bus, loses and repeats nothing, and leaves nothing behind."""

import json
import threading
import time
import uuid
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError

from acceptance.aws import tap as tap_module
from acceptance.aws.lease import LEASE_SECONDS, PREFIX, RENEW_SECONDS, leases
from acceptance.aws.patterns import matches
from acceptance.aws.tap import Event, EventTap
from acceptance.aws.watched import Key, Watched
from acceptance.trouble import Trouble
from support.serverlesspresso.ids import new_order_id, new_user_id
from support.serverlesspresso.watched import WATCHED

pytestmark = pytest.mark.cloud
HOUR = 3600


@pytest.fixture
def put(account, parts):
    """Put events of a source that no rule of the café listens to; each is a detail."""

    def put(*details, detail_type="Test.Happened"):
        entries = [
            {"EventBusName": parts.event_bus, "Source": "test", "DetailType": detail_type, "Detail": json.dumps(detail)}
            for detail in details
        ]
        return [entry["EventId"] for entry in account.events.put_events(Entries=entries)["Entries"]]

    return put


class TestReading:
    """An event that a deployment spells in its own way is read as declared, and keeps how it was delivered."""

    @pytest.fixture
    def heard(self):
        watched = Watched(
            keys=(Key("order", events=("detail.orderId",)),),
            reads=lambda detail_type, detail: (detail_type.upper(), {**detail, "read": True}),
        )
        tap = EventTap(None, "bus", "run", watched)
        body = {"id": "1", "source": "shop", "detail-type": "Told", "detail": {"orderId": "7"}}
        tap._keep({"MessageId": "1", "Body": json.dumps(body), "Attributes": {"SentTimestamp": "5"}})
        return tap.of_key("7")

    def test_is_found_by_its_key_and_read(self, heard):
        assert [(event.detail_type, event.detail) for event in heard] == [("TOLD", {"orderId": "7", "read": True})]

    def test_keeps_how_it_was_delivered(self, heard):
        [told] = [event.as_delivered for event in heard]
        assert (told.detail_type, told.detail, told.sent_ms) == ("Told", {"orderId": "7"}, 5)
        assert told.as_delivered is told

    def test_patterns_are_about_how_it_was_delivered(self, heard):
        assert matches({"detail-type": ["Told"], "detail": {"read": [{"exists": False}]}}, heard[0])


@pytest.fixture
def order_id():
    return f"test-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def rules(account, parts):
    """The names of all taps' rules on the bus."""

    def rules():
        pages = account.events.get_paginator("list_rules").paginate(EventBusName=parts.event_bus, NamePrefix=PREFIX)
        return {rule["Name"] for page in pages for rule in page["Rules"]}

    return rules


@pytest.fixture
def queues(account):
    """The names of all taps' queues."""

    def queues():
        urls = account.sqs.list_queues(QueueNamePrefix=PREFIX).get("QueueUrls", [])
        return {url.rsplit("/", 1)[1] for url in urls}

    return queues


def message(message_id="m1", sent_ms=1_700_000_000_123, **detail):
    """A message as SQS hands it out."""
    body = {"id": f"event of {message_id}", "source": "test", "detail-type": "Test.Happened", "detail": detail}
    stamps = {"SentTimestamp": str(sent_ms)}
    return {"MessageId": message_id, "ReceiptHandle": message_id, "Body": json.dumps(body), "Attributes": stamps}


class Queue:
    """A queue that hands these messages out, ten of them at most, one batch after another."""

    def __init__(self, *batches):
        self.batches = list(batches)
        self.asked_for = []

    def receive_message(self, **request):
        self.asked_for.append(request)
        return {"Messages": self.batches.pop(0)} if self.batches else {}

    def delete_message_batch(self, **request):
        self.asked_for.append(request)


def targets(account, bus, rule):
    """A rule's targets; AWS says that there is no such rule where MiniStack says that it has none."""
    try:
        return account.events.list_targets_by_rule(Rule=rule, EventBusName=bus)["Targets"]
    except account.events.exceptions.ResourceNotFoundException:
        return []


def ids(events):
    return [event.id for event in events]


class TestEvents:
    def test_are_those_of_the_order_only(self, tap, put, order_id):
        mine, other = f"{order_id}-1", f"{order_id}-12"
        event_ids = put({"orderId": mine}, {"orderId": other}, {"orderId": mine}, {"nothing": "named"})
        tap.prove_listening()
        assert ids(tap.of_key(mine)) == [event_ids[0], event_ids[2]]
        assert ids(tap.of_key(other)) == [event_ids[1]]

    def test_of_an_unknown_order_are_none(self, tap, order_id):
        assert tap.of_key(order_id) == ()

    def test_come_in_the_order_of_their_arrival(self, tap, put, order_id):
        event_ids = [put({"orderId": order_id, "step": step})[0] for step in range(25)]
        tap.prove_listening()
        assert ids(tap.of_key(order_id)) == event_ids

    def test_that_are_put_twice_are_two(self, tap, put, order_id):
        event_ids = put({"orderId": order_id}, {"orderId": order_id})
        tap.prove_listening()
        assert ids(tap.of_key(order_id)) == event_ids

    def test_that_only_the_queue_repeats_are_one(self, make_tap):
        tap = make_tap(opened=False)
        queue = Queue([message("m1", orderId="2")], [message("m1", orderId="2"), message("m2", orderId="2")])
        tap._receive(queue)
        tap._receive(queue)
        assert len(tap.of_key("2")) == 2

    def test_that_only_the_bus_repeats_are_one(self, make_tap):
        tap = make_tap(opened=False)
        first, again = message("m1", orderId="2"), message("m2", orderId="2")
        other = message("m3", orderId="2")
        again["Body"] = first["Body"]
        tap._receive(Queue([first, again], [again, other]))
        tap._receive(Queue([again, other]))
        assert ids(tap.of_key("2")) == ids(tap.heard()) == [json.loads(one["Body"])["id"] for one in (first, other)]

    def test_without_an_order_are_kept_by_customer(self, tap, put, order_id):
        event_ids = put({"userId": order_id})
        tap.prove_listening()
        assert ids(tap.of_key(order_id, "user")) == event_ids
        assert tap.of_key(order_id) == ()

    def test_are_found_by_order_and_by_customer(self, tap, put, order_id):
        put({"orderId": order_id, "userId": f"Ada-{order_id}"})
        tap.prove_listening()
        assert tap.of_key(order_id) == tap.of_key(f"Ada-{order_id}", "user") != ()

    @pytest.mark.parametrize("value", [4711, True, ["a"], {"a": "b"}, ""], ids=lambda value: type(value).__name__)
    def test_with_an_odd_order_id_disturb_nobody(self, tap, put, order_id, value):
        put({"orderId": value})
        event_ids = put({"orderId": order_id})
        tap.prove_listening()
        assert ids(tap.of_key(order_id)) == event_ids

    @pytest.mark.parametrize("detail", [["orderId"], "orderId", 7], ids=["list", "text", "number"])
    def test_whose_content_is_no_object_have_no_entries(self, detail):
        assert Event("id", "test", "Test.Happened", detail, 0)["orderId"] is None

    def test_never_show_a_task_token_when_they_are_printed(self):
        assert "AQDEAAAA" not in repr(Event("id", "test", "Test.Happened", {"TaskToken": "AQDEAAAA"}, 0))

    def test_carry_type_source_and_content(self, tap, put, order_id):
        put({"orderId": order_id, "drink": "Latte"}, detail_type="Test.Brewed")
        tap.prove_listening()
        (event,) = tap.of_key(order_id)
        assert (event.source, event.detail_type, event["drink"], event["milk"]) == (
            "test",
            "Test.Brewed",
            "Latte",
            None,
        )

    def test_carry_the_stamp_of_the_cloud_in_milliseconds(self, make_tap):
        tap = make_tap(opened=False)
        tap._receive(Queue([message(sent_ms=1_700_000_000_123, orderId="2")]))
        assert tap.of_key("2")[0].sent_ms == 1_700_000_000_123

    def test_are_stamped_when_they_were_sent(self, tap, put, order_id):
        before = time.time() * 1000
        put({"orderId": order_id})
        after = time.time() * 1000
        tap.prove_listening()
        assert before - 1 <= tap.of_key(order_id)[0].sent_ms <= after + 1

    def test_that_were_read_stay_for_others(self, tap, put, order_id):
        put({"orderId": order_id})
        tap.prove_listening()
        assert tap.of_key(order_id) == tap.of_key(order_id) != ()

    def test_reach_every_tap(self, make_tap, put, order_id):
        taps = make_tap(), make_tap()
        event_ids = put(*[{"orderId": order_id}] * 10)
        for tap in taps:
            tap.prove_listening()
        assert [ids(tap.of_key(order_id)) for tap in taps] == [event_ids, event_ids]

    def test_still_come_when_another_tap_is_closed(self, make_tap, put, order_id):
        tap, other = make_tap(), make_tap()
        other.close()
        event_ids = put({"orderId": order_id})
        tap.prove_listening()
        assert ids(tap.of_key(order_id)) == event_ids

    def test_of_every_source_are_heard(self, tap, account, parts, order_id):
        entry = {"EventBusName": parts.event_bus, "DetailType": "T", "Detail": json.dumps({"orderId": order_id})}
        sources = ["a", "awsserverlessda.serverlesspresso", "x.y.z"]
        account.events.put_events(Entries=[{**entry, "Source": source} for source in sources])
        tap.prove_listening()
        assert [event.source for event in tap.of_key(order_id)] == sources

    def test_wake_a_pause(self, tap, put, order_id):
        threading.Timer(0.05, put, [{"orderId": order_id}]).start()
        started = time.monotonic()
        tap.pause(5.0)
        assert time.monotonic() - started < 2.0

    def test_that_do_not_come_end_a_pause_too(self, make_tap):
        started = time.monotonic()
        make_tap(opened=False).pause(0.05)
        assert 0.04 < time.monotonic() - started < 2.0

    def test_are_waited_for_at_the_queue_and_not_asked_for_again_and_again(self, account, parts):
        queue = Queue()
        tap_module.EventTap(account, parts.event_bus, "test", WATCHED, whole_bus=True)._receive(queue)
        assert queue.asked_for[0]["WaitTimeSeconds"] == tap_module.POLL_SECONDS

    def test_come_to_who_waits_for_them_at_once(self, account):
        """MiniStack itself looks each 100 ms."""
        url = account.sqs.create_queue(QueueName="waited-for")["QueueUrl"]
        late = []
        for _ in range(5):
            timer = threading.Timer(0.03, account.sqs.send_message, kwargs={"QueueUrl": url, "MessageBody": "news"})
            timer.start()
            (message,) = account.client("sqs").receive_message(
                QueueUrl=url, WaitTimeSeconds=5, MessageSystemAttributeNames=["SentTimestamp"]
            )["Messages"]
            late.append(time.time() * 1000 - int(message["Attributes"]["SentTimestamp"]))
            account.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        assert min(late) < 60

    def test_come_in_the_order_in_which_they_were_sent_however_late_they_are_read(self, make_tap):
        """An answer that was lost brings the earlier one later."""
        tap = make_tap(opened=False)
        tap._receive(Queue([message("m2", 2000, orderId="2", step="second"), message("m3", 3000, orderId="2", step=3)]))
        tap._receive(Queue([message("m1", 1000, orderId="2", step="first")]))
        assert [event["step"] for event in tap.of_key("2")] == ["first", "second", 3]

    def test_are_not_hidden_by_reading_and_deleted_when_they_are_kept(self, make_tap):
        queue = Queue([message("m1", orderId="2")])
        make_tap(opened=False)._receive(queue)
        received, deleted = queue.asked_for
        assert received["VisibilityTimeout"] == 0
        assert [entry["ReceiptHandle"] for entry in deleted["Entries"]] == ["m1"]

    def test_leave_no_message_in_the_queue(self, tap, put, account, order_id):
        put(*[{"orderId": order_id}] * 10)
        tap.prove_listening()
        tap.prove_listening()
        waiting = account.sqs.receive_message(QueueUrl=tap._queue_url, VisibilityTimeout=0).get("Messages", [])
        assert order_id not in json.dumps(waiting)

    def test_that_may_not_be_deleted_end_the_tap_in_a_sentence(self, tap, put, account, order_id, wait_until):
        """Otherwise it would only ever receive the first ten."""

        class Guarded(Queue):
            def delete_message_batch(self, **_):
                raise ClientError(
                    {"Error": {"Code": "AccessDenied", "Message": "u is not authorized to perform: sqs:DeleteMessage"}},
                    "DeleteMessageBatch",
                )

        tap._account = SimpleNamespace(client=lambda _: Guarded([message("m1", orderId="2")]), events=account.events)
        tap._read()
        tap._account = account
        with pytest.raises(Trouble, match=r"The event tap was lost: .*not authorized to perform: sqs:DeleteMessage"):
            tap.check()


class TestOurs:
    """The rule lets through what can concern this run."""

    RUN = "0123abcd"

    @pytest.fixture
    def ours(self, account, parts):
        tap = EventTap(account, parts.event_bus, self.RUN, WATCHED)
        tap.open()
        yield tap
        tap.close()

    def test_orders_and_people_are_heard(self, ours, put):
        order_id, user_id = new_order_id(self.RUN), new_user_id("Ada", self.RUN)
        by_order, by_user, by_both = put({"orderId": order_id}, {"userId": user_id}, {"orderId": order_id, "userId": 1})
        ours.prove_listening()
        assert ids(ours.of_key(order_id)) == [by_order, by_both]
        assert ids(ours.of_key(user_id, "user")) == [by_user]

    @pytest.mark.parametrize("detail", ["[1, 2]", '"a text"', "7", '{"userId": 4711, "orderId": ""}', "{}"])
    def test_own_events_are_heard_whatever_is_in_them(self, ours, detail):
        (answer,) = ours.send("test", "Test.Happened", [detail])
        ours.prove_listening()
        (event,) = [event for key, events in ours._by_key.items() if key[0] == tap_module.SENDING for event in events
                    if event.detail_type == "Test.Happened"]  # fmt: skip
        assert (event.id, event.detail) == (answer["EventId"], json.loads(detail))

    def test_busy_bus_does_not_reach_the_queue(self, ours, put):
        """A second of it, and a few that nearly are ours."""
        other = "fedcba98"
        for _ in range(9):
            put(*[{"orderId": new_order_id(other), "userId": new_user_id("Ada", other)}] * 10)
        put({"orderId": f"x-{new_order_id(self.RUN)}"}, {"orderId": "4711", "userId": "somebody"}, {"nothing": "named"})
        put({"order": {"orderId": new_order_id(self.RUN)}}, {"userId": f"{new_user_id('Ada', self.RUN)}-x"})
        ours.prove_listening()
        assert {event.detail_type for events in ours._by_key.values() for event in events} == {"Marker"}
        assert len(ours._seen_events) <= 3  # its sentinel, perhaps more than once

    def test_markers_of_other_runs_are_not_heard(self, ours, make_tap):
        make_tap().prove_listening()
        ours.prove_listening()
        assert all(self.RUN in event.sending for events in ours._by_key.values() for event in events)

    def test_renewed_rule_lets_through_the_same(self, ours, put):
        ours.must_put_back([["", True]])
        order_id = new_order_id(self.RUN)
        put({"orderId": order_id}, {"orderId": "4711"})
        ours.prove_listening()
        assert len(ours.of_key(order_id)) == 1
        assert ours.of_key("4711") == ()


class TestMarker:
    def test_comes_after_all_that_was_sent_before(self, tap, put, order_id):
        for _ in range(5):
            put(*[{"orderId": order_id}] * 10)
        tap.prove_listening()
        assert len(tap.of_key(order_id)) == 50

    def test_starts_nothing_in_the_cafe(self, tap, account, parts):
        listing = {"stateMachineArn": parts.order_processor}
        before = account.stepfunctions.list_executions(**listing)["executions"]
        tap.prove_listening()
        assert account.stepfunctions.list_executions(**listing)["executions"] == before

    def test_that_does_not_come_back_is_told(self, tap, account, parts, monkeypatch):
        monkeypatch.setattr(tap_module, "MARKER_SECONDS", 0.2)
        monkeypatch.setattr(account.events, "put_events", lambda **_: {})
        with pytest.raises(Trouble, match=r"a sentinel event did not come back within 0 s\."):
            tap.prove_listening()

    def test_that_was_lost_before_the_rule_took_effect_is_sent_again(self, tap, account, parts, monkeypatch):
        monkeypatch.setattr(tap_module, "MARKER_SECONDS", 3.0)
        rule = {"Name": tap.name, "EventBusName": parts.event_bus}
        account.events.disable_rule(**rule)
        threading.Timer(0.3, account.client("events").enable_rule, kwargs=rule).start()
        tap.prove_listening()


class TestTraces:
    def test_are_none_after_close(self, make_tap, rules, queues, account, parts):
        tap = make_tap()
        assert (tap.name in rules(), tap.name in queues()) == (True, True)
        tap.close()
        assert (tap.name in rules(), tap.name in queues()) == (False, False)
        assert targets(account, parts.event_bus, tap.name) == []

    def test_reader_ends_with_the_tap(self, make_tap):
        tap = make_tap()
        tap.close()
        tap._thread.join(timeout=20)
        assert not tap._thread.is_alive()

    def test_closing_again_or_unopened_is_quiet(self, make_tap):
        tap = make_tap(opened=False)
        tap.close()
        tap.close()

    def test_closing_is_quiet_when_somebody_removed_the_parts(self, make_tap, account, parts):
        tap = make_tap()
        tap_module.remove_tap(account, parts.event_bus, tap.name)
        tap.close()

    def test_can_still_be_found_when_a_removal_was_cut_off(self, make_tap, rules, queues, account, monkeypatch):
        tap = make_tap()

        def cut_off(**_):
            raise KeyboardInterrupt

        monkeypatch.setattr(account.sqs, "delete_queue", cut_off)
        with pytest.raises(KeyboardInterrupt):
            tap.close()
        monkeypatch.undo()
        assert tap.name in rules() or tap.name not in queues()

    def test_carry_name_run_and_expiry(self, make_tap, account, parts):
        tap = make_tap("0123abcd")
        arn = account.events.describe_rule(Name=tap.name, EventBusName=parts.event_bus)["Arn"]
        rule_tags = {tag["Key"]: tag["Value"] for tag in account.events.list_tags_for_resource(ResourceARN=arn)["Tags"]}
        assert tap.name.startswith(f"{PREFIX}-")
        assert tap.name.endswith("-0123abcd")
        assert 5 * HOUR < int(tap.name.split("-")[2]) - time.time() < 7 * HOUR
        assert rule_tags == account.sqs.list_queue_tags(QueueUrl=tap._queue_url)["Tags"]
        assert rule_tags == {"created-by": "acceptance-suite", "expires": tap._expiry()}

    def test_queue_takes_messages_of_its_rule_only(self, make_tap, account, parts):
        tap = make_tap()
        rule_arn = account.events.describe_rule(Name=tap.name, EventBusName=parts.event_bus)["Arn"]
        attributes = account.sqs.get_queue_attributes(QueueUrl=tap._queue_url, AttributeNames=["All"])["Attributes"]
        (statement,) = json.loads(attributes["Policy"])["Statement"]
        assert statement["Resource"] == attributes["QueueArn"]
        assert statement["Principal"] == {"Service": "events.amazonaws.com"}
        assert statement["Condition"] == {"ArnEquals": {"aws:SourceArn": rule_arn}}


class TestLease:
    @pytest.fixture
    def lease(self, account, parts):
        """Read a tap's lease as others do."""

        def read(tap):
            found = leases(account, parts.event_bus)
            return next(lease for lease in [*found.living, *found.ended] if lease.tap == tap.name)

        return read

    def test_lasts_a_little_longer_than_it_takes_to_renew_it(self, tap, lease):
        assert RENEW_SECONDS < lease(tap).until - time.time() <= LEASE_SECONDS + 1
        assert lease(tap).put_back == ()

    def test_is_renewed_by_a_run_that_lives(self, make_tap, lease, monkeypatch, wait_until):
        monkeypatch.setattr(tap_module, "RENEW_SECONDS", 0.2)
        tap = make_tap()
        first = lease(tap).until
        wait_until(lambda: lease(tap).until > first, "the lease is renewed", seconds=5)

    def test_keeps_what_is_to_be_put_back(self, tap, lease):
        tap.must_put_back([["", True]])
        assert lease(tap).put_back == (["", True],)
        tap.must_put_back([])
        assert lease(tap).put_back == ()

    def test_renewed_is_the_same_tap(self, tap, put, order_id):
        tap.must_put_back([["", True]])
        event_ids = put({"orderId": order_id})
        tap.prove_listening()
        assert ids(tap.of_key(order_id)) == event_ids

    def test_is_not_renewed_when_somebody_has_removed_the_rule(self, tap, account, parts, rules):
        """Or there would be a rule that leads nowhere."""
        account.events.delete_rule(Name=tap.name, EventBusName=parts.event_bus)
        with pytest.raises(Trouble, match=f"its rule {tap.name} was removed"):
            tap.must_put_back([["", True]])
        assert tap.name not in rules()


class TestLostTap:
    @pytest.fixture
    def lost(self, tap, account, wait_until):
        account.sqs.delete_queue(QueueUrl=tap._queue_url)
        wait_until(lambda: tap._failure, "the tap notices that its queue is gone", seconds=3)
        return tap

    @pytest.mark.parametrize("key", ["order", "user"])
    def test_says_so_to_everybody_who_asks(self, lost, key):
        with pytest.raises(Trouble, match=rf"The event tap was lost: its queue {lost.name} was removed"):
            lost.of_key("2", key)

    def test_says_so_when_it_is_checked(self, lost):
        with pytest.raises(Trouble, match=f"its queue {lost.name} was removed"):
            lost.check()

    def test_that_is_there_is_no_trouble(self, tap):
        tap.check()

    def test_says_so_to_a_wait_for_the_marker(self, lost):
        started = time.monotonic()
        with pytest.raises(Trouble, match="The event tap was lost"):
            lost.prove_listening()
        assert time.monotonic() - started < 2

    def test_is_closed_quietly(self, lost, rules):
        lost.close()
        assert lost.name not in rules()

    @pytest.fixture(params=["rule", "target", "disabled"])
    def deafened(self, request, tap, account, parts):
        """A tap that no longer receives anything, and the report on it. No AWS service announces that."""
        rule = {"EventBusName": parts.event_bus}
        if request.param == "disabled":
            account.events.disable_rule(Name=tap.name, **rule)
            return tap, f"its rule {tap.name} was disabled"
        account.events.remove_targets(Rule=tap.name, Ids=["tap"], **rule)
        if request.param == "rule":
            account.events.delete_rule(Name=tap.name, **rule)
            return tap, f"its rule {tap.name} was removed"
        return tap, f"its rule {tap.name} was detached from its queue by someone else"

    def test_that_hears_nothing_any_more_says_why(self, deafened):
        tap, why = deafened
        started = time.monotonic()
        with pytest.raises(Trouble, match=f"The event tap was lost: .*{why}"):
            tap.prove_listening()
        assert time.monotonic() - started < 5
        with pytest.raises(Trouble, match=why):
            tap.check()

    def test_whose_rule_is_gone_is_noticed_when_the_lease_is_renewed(
        self, make_tap, account, parts, monkeypatch, wait_until
    ):
        monkeypatch.setattr(tap_module, "RENEW_SECONDS", 0.1)
        tap = make_tap()
        account.events.delete_rule(Name=tap.name, EventBusName=parts.event_bus)
        wait_until(lambda: tap._failure, "the tap notices that its rule is gone", seconds=3)
        with pytest.raises(Trouble, match=f"its rule {tap.name} was removed"):
            tap.of_key("2")

    def test_of_a_target_that_may_not_be_looked_at_is_deaf_without_a_reason(self, tap, account, parts, monkeypatch):
        """The permission to look at targets is optional."""
        monkeypatch.setattr(tap_module, "MARKER_SECONDS", 1.5)
        account.events.remove_targets(Rule=tap.name, EventBusName=parts.event_bus, Ids=["tap"])

        def denied(**_):
            raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "ListTargetsByRule")

        monkeypatch.setattr(account.events, "list_targets_by_rule", denied)
        with pytest.raises(Trouble, match="a sentinel event did not come back within 2 s"):
            tap.prove_listening()

    @pytest.mark.parametrize("body", ["no event", "{}", "[]"], ids=["text", "empty", "list"])
    def test_message_that_is_no_event_is_no_silent_end(self, tap, account, put, order_id, body):
        account.sqs.send_message(QueueUrl=tap._queue_url, MessageBody=body)
        put({"orderId": order_id})
        tap.pause(0.5)
        tap.pause(0.2)
        try:
            heard = tap.of_key(order_id)
        except Trouble:
            return  # it says so, which is fine as well
        assert len(heard) == 1

    def test_tap_that_cannot_be_connected_says_so(self, make_tap, account, monkeypatch):
        refusal = {"FailedEntryCount": 1, "FailedEntries": [{"ErrorMessage": "too many targets"}]}
        monkeypatch.setattr(account.events, "put_targets", lambda **_: refusal)
        with pytest.raises(Trouble, match=r"The event tap could not be connected: too many targets"):
            make_tap()
