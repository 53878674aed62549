"""A system is watched by the keys that it declares, wherever they stand; what it does not declare proves nothing."""

import json
import uuid
from types import SimpleNamespace

import pytest
from hamcrest import has_length, is_not

from acceptance.aws.changes import RecordChanges
from acceptance.aws.executions import Executions
from acceptance.aws.tap import EventTap
from acceptance.aws.watched import Key, Watched
from acceptance.trouble import Trouble
from acceptance.waiting import Waiter

BOOKING = Key(
    "booking",
    events=("detail.booking.reference", "detail.reference"),
    executions=("input.booking.reference",),
    records=("id",),
    prefix="acceptance-{run}-",
)
GUEST = Key("guest", events=("detail.booking.guests[].email",), suffix="@{run}.example")
WATCHED = Watched(keys=(BOOKING,))
RUN = "0123abcd"
DEFINITION = json.dumps({"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}})


class Inbox:
    """A queue that hands out these events once."""

    def __init__(self, *details, resources=()):
        self.messages = [self.message(number, detail, resources) for number, detail in enumerate(details)]

    @staticmethod
    def message(number, detail, resources):
        body = {"id": f"e{number}", "source": "hotel", "detail-type": "Booked", "detail": detail}
        stamps = {"SentTimestamp": str(1000 + number)}
        text = json.dumps(body | {"resources": list(resources)})
        return {"MessageId": f"m{number}", "ReceiptHandle": "h", "Body": text, "Attributes": stamps}

    def receive_message(self, **_):
        messages, self.messages = self.messages, []
        return {"Messages": messages}

    def delete_message_batch(self, **_):
        pass


def heard(watched, *details, resources=()):
    """A tap that has received these events."""
    tap = EventTap(SimpleNamespace(), "bus", RUN, watched)
    tap._receive(Inbox(*details, resources=resources))
    return tap


class TestEvents:
    def test_are_found_by_a_nested_key(self):
        tap = heard(WATCHED, {"booking": {"reference": "B-1"}}, {"booking": {"reference": "B-2"}}, {"orderId": "B-1"})
        assert [event.id for event in tap.of_key("B-1")] == ["e0"]

    def test_are_found_by_each_of_several_paths(self):
        tap = heard(WATCHED, {"booking": {"reference": "B-1"}}, {"reference": "B-1"})
        assert [event.id for event in tap.of_key("B-1")] == ["e0", "e1"]

    def test_that_carry_a_key_twice_are_there_once(self):
        assert len(heard(WATCHED, {"booking": {"reference": "B-1"}, "reference": "B-1"}).of_key("B-1")) == 1

    def test_are_found_by_each_value_that_a_path_leads_to(self):
        tap = heard(Watched(keys=(BOOKING, GUEST)), {"booking": {"guests": [{"email": "a@x"}, {"email": "b@x"}, {}]}})
        assert len(tap.of_key("a@x", "guest")) == len(tap.of_key("b@x", "guest")) == 1

    def test_are_found_by_a_number(self):
        assert len(heard(WATCHED, {"reference": 4711}).of_key("4711")) == 1

    def test_may_carry_keys_outside_of_their_detail(self):
        tap = heard(Watched(keys=(Key("object", events=("resources[0]",)),)), {}, resources=["arn:aws:s3:::a"])
        assert len(tap.of_key("arn:aws:s3:::a")) == 1


class TestPattern:
    def test_lets_own_keys_through_by_each_path(self):
        own = [{"prefix": f"acceptance-{RUN}-"}]
        assert WATCHED.patterns(RUN) == [{"detail": {"booking": {"reference": own}}}, {"detail": {"reference": own}}]

    @pytest.mark.parametrize(
        "other", [GUEST, Key("guest", events=("detail.guest",))], ids=["path of several values", "keys of nobody"]
    )
    def test_is_none_where_it_cannot_tell_whose_a_key_is(self, other):
        assert Watched(keys=(BOOKING, other)).patterns(RUN) == []

    def test_leaves_out_what_stands_in_no_event(self):
        assert Watched(keys=(BOOKING, Key("room", records=("room",)))).patterns(RUN) == WATCHED.patterns(RUN)

    def test_path_that_is_none_is_refused(self):
        with pytest.raises(Trouble, match=r"“detail\.\[” is no JMESPath"):
            Key("booking", events=("detail.[",))


class TestAbsence:
    """Silence proves nothing if nothing could have been received."""

    UNDECLARED = Watched(keys=(Key("booking", executions=("input.reference",)),))

    def test_cannot_be_proved_by_a_tap_that_hears_nothing(self):
        with pytest.raises(Trouble, match="declares no path to a key in its events, so none of them is heard"):
            heard(self.UNDECLARED).prove_listening()

    def test_cannot_be_proved_by_a_waiter_of_such_a_tap(self):
        waiter = Waiter(patience=0, quiet=0, **heard(self.UNDECLARED).listening)
        with pytest.raises(Trouble, match="nothing listens that would have heard it"):
            waiter.never(list, is_not(has_length(0)))

    def test_cannot_be_proved_by_a_waiter_that_listens_to_nothing(self):
        with pytest.raises(Trouble, match="nothing listens that would have heard it"):
            Waiter(patience=0, quiet=0).never(list, is_not(has_length(0)))

    def test_what_came_is_a_failure_also_where_nothing_listens(self):
        with pytest.raises(AssertionError, match="Expected: never"):
            Waiter(patience=0, quiet=0).never(lambda: [1], is_not(has_length(0)))

    def test_what_does_not_come_is_a_failure_where_nothing_listens(self):
        waiter = Waiter(patience=0, quiet=0, **heard(self.UNDECLARED).listening)
        with pytest.raises(AssertionError, match="Expected"):
            waiter.eventually(list, has_length(1))

    @pytest.mark.parametrize("watched", [Watched(), UNDECLARED], ids=["nothing declared", "no event declared"])
    def test_no_event_can_be_asked_for_that_is_not_declared(self, watched):
        with pytest.raises(Trouble, match="declares no path to a key in its events"):
            heard(watched, {"reference": "B-1"}).of_key("B-1")

    def test_of_another_key_than_the_declared_ones_cannot_be_asked_for(self):
        with pytest.raises(Trouble, match=r"No path to the key “order” in events is declared\. Declared are: booking"):
            heard(WATCHED).of_key("2", "order")

    def test_of_a_key_that_the_system_has_named_elsewhere_is_none(self):
        """The declared path leads nowhere, which is certain."""
        tap = heard(WATCHED, {"reservation": {"number": "B-1"}})
        with pytest.raises(Trouble, match=r"Booked from hotel names B-1, and not at detail\.booking\.reference or"):
            tap.of_key("B-1")

    def test_of_a_key_that_nobody_has_named_is_silence(self):
        """That no event had a key yet proves nothing against its path."""
        assert heard(WATCHED, {"reservation": {"number": "B-1"}}).of_key("B-2") == ()

    def test_of_a_key_named_elsewhere_is_silence_once_its_path_has_led_somewhere(self):
        assert heard(WATCHED, {"reference": "B-1"}, {"cancelled": "B-2"}).of_key("B-2") == ()

    def test_of_a_key_that_the_run_itself_has_sent_elsewhere_is_silence(self):
        """A malformed request is meant to be so."""
        own = [f"acceptance-sending-{RUN}-1"]
        assert heard(WATCHED, ["B-1"], resources=own).of_key("B-1") == ()

    def test_executions_cannot_be_asked_for_without_a_path(self):
        with pytest.raises(Trouble, match="No path to the key “guest” in executions is declared"):
            Executions(None, "arn", GUEST).of_key("a@x")

    def test_records_cannot_be_asked_for_without_a_path(self):
        with pytest.raises(Trouble, match="No path to the key “guest” in records is declared"):
            RecordChanges(None, None, "bookings", GUEST)


@pytest.fixture(scope="module")
def bus(account):
    name = f"bookings-{uuid.uuid4().hex[:8]}"
    account.events.create_event_bus(Name=name)
    yield name
    account.events.delete_event_bus(Name=name)


@pytest.mark.cloud
class TestDeployed:
    @pytest.fixture(params=["of this run", "all"])
    def tap(self, request, account, bus):
        keys = (BOOKING,) if request.param == "of this run" else (BOOKING, GUEST)
        tap = EventTap(account, bus, RUN, Watched(keys=keys))
        tap.open()
        yield tap
        tap.close()

    def put(self, account, bus, **detail):
        entry = {"EventBusName": bus, "Source": "hotel", "DetailType": "Booked", "Detail": json.dumps(detail)}
        account.events.put_events(Entries=[entry])

    def test_an_event_with_a_nested_key_is_heard(self, account, bus, tap):
        reference = f"acceptance-{RUN}-{uuid.uuid4().hex[:8]}"
        self.put(account, bus, booking={"reference": reference, "nights": 2})
        tap.prove_listening()
        (event,) = tap.of_key(reference)
        assert event["booking"]["nights"] == 2

    def test_its_absence_is_no_silence_any_more(self, account, bus, tap):
        reference = f"acceptance-{RUN}-{uuid.uuid4().hex[:8]}"
        self.put(account, bus, booking={"reference": reference})
        with pytest.raises(AssertionError, match="Expected: never"):
            Waiter(patience=5, quiet=0.1, **tap.listening).never(tap.of_key, reference, is_not(has_length(0)))

    @pytest.mark.parametrize(
        ("key", "given"),
        [
            (BOOKING, {"booking": {"reference": "B-1"}}),
            (Key("booking", executions=("input.nowhere", "output.given.ref")), {"given": {"ref": "B-1"}}),
        ],
        ids=["input", "output"],
    )
    def test_executions_are_found(self, account, key, given, wait_until):
        arn = account.stepfunctions.create_state_machine(
            name=f"keys-{uuid.uuid4().hex[:8]}", definition=DEFINITION, roleArn="arn:aws:iam::000000000000:role/keys"
        )["stateMachineArn"]
        executions = Executions(account.stepfunctions, arn, key)
        mine, others = executions.start(given), executions.start({"booking": {"reference": "B-2"}})
        wait_until(lambda: not executions.describe(mine).running, "it ends")
        assert [execution.arn for execution in executions.of_key("B-1")] == [mine] != [others]
        account.stepfunctions.delete_state_machine(stateMachineArn=arn)

    def test_executions_are_found_by_their_names(self, account):
        arn = account.stepfunctions.create_state_machine(
            name=f"keys-{uuid.uuid4().hex[:8]}", definition=DEFINITION, roleArn="arn:aws:iam::000000000000:role/keys"
        )["stateMachineArn"]
        account.stepfunctions.start_execution(stateMachineArn=arn, name="B-1")
        executions = Executions(account.stepfunctions, arn, Key("booking", executions=("name",)))
        assert [execution.key for execution in executions.of_key("B-1")] == ["B-1"]
        account.stepfunctions.delete_state_machine(stateMachineArn=arn)

    @pytest.mark.parametrize(
        ("path", "item"),
        [
            ("id", {"id": {"S": "B-1"}}),
            ("SK", {"PK": {"S": "bookings"}, "SK": {"S": "B-1"}}),
            ("booking.reference", {"PK": {"S": "x"}, "SK": {"N": "1"}, "booking": {"M": {"reference": {"S": "B-1"}}}}),
            ("id", {"id": {"N": "4711"}}),
        ],
        ids=["one key", "sort key", "attribute", "number"],
    )
    def test_changes_of_records_are_found(self, account, path, item):
        names = [name for name in ("id", "PK", "SK") if name in item]
        table = f"bookings-{uuid.uuid4().hex[:8]}"
        account.dynamodb.create_table(
            TableName=table,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": n, "AttributeType": next(iter(item[n]))} for n in names],
            KeySchema=[
                {"AttributeName": n, "KeyType": kind} for n, kind in zip(names, ("HASH", "RANGE"), strict=False)
            ],
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        )
        changes = RecordChanges(account.dynamodb, account.streams, table, Key("booking", records=(path,)))
        changes.open()
        account.dynamodb.put_item(TableName=table, Item=item)
        account.dynamodb.put_item(TableName=table, Item=item | {"status": {"S": "confirmed"}})
        value = "4711" if item.get("id") == {"N": "4711"} else "B-1"
        assert [change.words for change in changes.of_key(value)] == ["stored", "status changed"]
        account.dynamodb.delete_table(TableName=table)
