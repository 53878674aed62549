"""Coverage is read from definitions, rules, histories and events; unknown parts are not counted."""

import json
import uuid

import pytest
from botocore.exceptions import ClientError

from acceptance.aws.coverage import ANY_SOURCE, RULES, Coverage, CoverageItem, Snapshot, events_about, take_snapshot
from acceptance.aws.executions import Executions
from acceptance.aws.paths import containers, paths_of, paths_taken
from acceptance.aws.patterns import is_understood, matches
from acceptance.aws.tap import Event
from acceptance.aws.wiring import Rule, Wiring
from acceptance.trouble import Trouble
from support.serverlesspresso.watched import ORDER, WATCHED

SHOP = "shop"
CONDITION, TIMEOUT = "DynamoDB.ConditionalCheckFailedException", "States.Timeout"
ORDERING = {
    "StartAt": "Open?",
    "States": {
        "Open?": {
            "Type": "Choice",
            "Choices": [{"Next": "Ask"}, {"Next": "Ask"}],
            "Default": "Closed",
        },
        "Ask": {
            "Type": "Task",
            "Parameters": {"Entries": [{"Source": SHOP, "DetailType": "Asked"}]},
            "Catch": [
                {"ErrorEquals": [CONDITION], "Next": "Served"},
                {"ErrorEquals": [TIMEOUT], "Next": "Served"},
                {"ErrorEquals": ["States.TaskFailed"], "Next": "Tidy up"},
            ],
            "Next": "Served",
        },
        "Served": {"Type": "Succeed"},
        "Closed": {"Type": "Fail"},
        "Tidy up": {"Type": "Pass", "End": True},
    },
}
PARALLEL = {
    "StartAt": "Both",
    "States": {
        "Both": {
            "Type": "Parallel",
            "Branches": [{"StartAt": "Milk", "States": {"Milk": {"Type": "Pass", "Next": "Foam"}, "Foam": {}}}],
            "Next": "Each",
        },
        "Each": {
            "Type": "Map",
            "ItemProcessor": {"StartAt": "Cup", "States": {"Cup": {"Type": "Pass", "End": True}}},
            "End": True,
        },
    },
}
ARN = "arn:aws:states:eu-central-1:{account}:stateMachine:Ordering"
CAFE, OTHER_CAFE = ARN.format(account=1), ARN.format(account=2)


def entered(name):
    return {"type": "StateEntered", "stateEnteredEventDetails": {"name": name}}


def exited(name):
    return {"type": "StateExited", "stateExitedEventDetails": {"name": name}}


def failed(error=None, kind="TaskFailed"):
    details = {"resource": "updateItem", **({"error": error} if error else {})}
    return {"type": kind, f"{kind[:1].lower()}{kind[1:]}EventDetails": details}


SCHEDULED, SUCCEEDED = {"type": "TaskScheduled"}, {"type": "TaskSucceeded"}
STARTED, GOOD_END = {"type": "ExecutionStarted"}, {"type": "ExecutionSucceeded"}
BAD_END = {"type": "ExecutionFailed", "executionFailedEventDetails": {"error": "Closed"}}
ABORTED = {"type": "ExecutionAborted", "executionAbortedEventDetails": {"error": "", "cause": "over"}}
SERVED = [STARTED, entered("Open?"), entered("Ask"), SCHEDULED, SUCCEEDED, entered("Served"), GOOD_END]


def event(detail_type, source=SHOP, **detail):
    return Event(uuid.uuid4().hex, source, detail_type, detail, 0)


def rule(targets=("arn:aws:lambda:eu-central-1:1:function:shop-TellFunction-ABCDEFGH1234",), **pattern):
    return Rule("shop-Rule-1", {key.replace("_", "-"): tests for key, tests in pattern.items()}, targets)


def looked(definitions=None, rules=(), histories=None, events=(), gaps=()):
    definitions = definitions if definitions is not None else {CAFE: ORDERING}
    return Snapshot(
        definitions, rules, histories if histories is not None else dict.fromkeys(definitions, ()), events, gaps
    )


def counts(exercised, kind):
    return {item.name: item.count for item in exercised.items if item.kind == kind}


def refused(*_):
    raise ClientError({"Error": {"Code": "AccessDenied", "Message": "not allowed"}}, "ListRules")


class TestDefined:
    def test_every_state_is_there(self):
        assert paths_of(ORDERING).states == ["Open?", "Ask", "Served", "Closed", "Tidy up"]

    def test_every_branch_is_there_once_and_each_caught_error_is_one_of_its_own(self):
        assert paths_of(ORDERING).branches == [
            "Open? → Ask",
            "Open? → Closed",
            "Ask → Served",
            f"Ask → Served (on {CONDITION})",
            f"Ask → Served (on {TIMEOUT})",
            "Ask → Tidy up (on States.TaskFailed)",
            "Tidy up → the end",
        ]

    def test_a_clause_that_catches_several_errors_is_one_branch(self):
        catch = {"ErrorEquals": ["A", "B"], "Next": "Done"}
        definition = {"States": {"Ask": {"Catch": [catch], "Next": "Done"}, "Done": {"Type": "Succeed"}}}
        assert paths_of(definition).branches == ["Ask → Done", "Ask → Done (on A or B)"]

    def test_states_inside_others_are_there_but_not_the_branches_between_them(self):
        assert paths_of(PARALLEL).states == ["Both", "Milk", "Foam", "Each", "Cup"]
        assert paths_of(PARALLEL).branches == ["Both → Each", "Each → the end"]
        assert containers(PARALLEL) == ["Both", "Each"]


class TestTaken:
    def test_one_state_after_the_other(self):
        taken = paths_taken(ORDERING, SERVED)
        assert taken.states == ["Open?", "Ask", "Served"]
        assert taken.branches == ["Open? → Ask", "Ask → Served"]

    @pytest.mark.parametrize(
        ("failure", "branch"),
        [
            (failed(CONDITION), f"Ask → Served (on {CONDITION})"),
            (failed(TIMEOUT, "TaskTimedOut"), f"Ask → Served (on {TIMEOUT})"),
        ],
        ids=["its own clause", "a time-out"],
    )
    @pytest.mark.parametrize("told", [[], [exited("Ask")]], ids=["emulator", "AWS"])
    def test_a_caught_error_is_not_the_way_of_a_state_that_did_not_fail(self, failure, branch, told):
        history = [STARTED, entered("Ask"), SCHEDULED, failure, *told, entered("Served"), GOOD_END]
        assert paths_taken(ORDERING, history).branches == [branch]

    def test_an_error_that_is_not_told_is_caught_by_the_first_clause_that_leads_there(self):
        for follower, errors in (("Served", CONDITION), ("Tidy up", "States.TaskFailed")):
            history = [entered("Ask"), SCHEDULED, failed(), entered(follower)]
            assert paths_taken(ORDERING, history).branches == [f"Ask → {follower} (on {errors})"]

    def test_a_general_clause_catches_any_failure(self):
        history = [entered("Ask"), SCHEDULED, failed("Lambda.Unknown"), entered("Tidy up"), ABORTED]
        assert paths_taken(ORDERING, history).branches == ["Ask → Tidy up (on States.TaskFailed)"]

    @pytest.mark.parametrize("clause", ["States.TaskFailed", "States.ALL"])
    def test_a_general_clause_and_a_time_out(self, clause):
        definition = {"States": {"Ask": {"Type": "Task", "Catch": [{"ErrorEquals": [clause], "Next": "No"}]}, "No": {}}}
        history = [entered("Ask"), failed(TIMEOUT, "TaskTimedOut"), entered("No")]
        caught = f"Ask → No (on {clause})" if clause == "States.ALL" else "Ask → No"
        assert paths_taken(definition, history).branches == [caught]

    def test_what_succeeded_when_it_was_tried_again_was_not_caught(self):
        tries = [SCHEDULED, failed(CONDITION), SCHEDULED, SUCCEEDED]
        assert paths_taken(ORDERING, [entered("Ask"), *tries, entered("Served")]).branches == ["Ask → Served"]

    def test_an_end_is_reached_by_success_only(self):
        assert paths_taken(ORDERING, [entered("Tidy up"), GOOD_END]).branches == ["Tidy up → the end"]
        assert paths_taken(ORDERING, [entered("Tidy up"), ABORTED]).branches == []

    @pytest.mark.parametrize("history", [[], [entered("Ask"), SCHEDULED], [entered("Ask"), failed(), BAD_END]])
    def test_where_nothing_follows_there_is_no_branch(self, history):
        assert paths_taken(ORDERING, history).branches == []

    def test_what_runs_side_by_side_makes_no_branches(self):
        history = [*map(entered, ["Both", "Milk", "Foam"]), SUCCEEDED, *map(entered, ["Each", "Cup", "Cup"]), GOOD_END]
        taken = paths_taken(PARALLEL, history)
        assert taken.states == ["Both", "Milk", "Foam", "Each", "Cup"]
        assert taken.branches == ["Both → Each", "Each → the end"]


class TestPatterns:
    @pytest.mark.parametrize(
        ("pattern", "fits"),
        [
            ({"source": [SHOP]}, True),
            ({"source": ["else"]}, False),
            ({"source": [SHOP], "detail-type": ["Told", "Asked"]}, True),
            ({"source": [SHOP], "detail-type": ["Told"]}, False),
            ({"source": [{"prefix": "sh"}]}, True),
            ({"source": [{"prefix": "op"}]}, False),
            ({"source": [{"suffix": "op"}]}, True),
            ({"source": [{"equals-ignore-case": "SHOP"}]}, True),
            ({"source": [{"anything-but": SHOP}]}, False),
            ({"source": [{"anything-but": ["else"]}]}, True),
            ({"detail": {"cups": [2]}}, True),
            ({"detail": {"cups": ["2"]}}, False),
            ({"detail": {"milk": ["Oat"]}}, True),
            ({"detail": {"who": {"name": ["Ada"]}}}, True),
            ({"detail": {"who": {"name": ["Eve"]}}}, False),
            ({"detail": {"sugar": [{"exists": False}]}}, True),
            ({"detail": {"cups": [{"exists": False}]}}, False),
            ({"detail": {"sugar": [{"anything-but": "much"}]}}, False),
            ({"detail": {"cups": {"more": [1]}}}, False),
        ],
    )
    def test_an_event_matches_or_not(self, pattern, fits):
        told = event("Asked", cups=2, milk=["Oat", "Soy"], who={"name": "Ada"})
        assert is_understood(pattern)
        assert matches(pattern, told) is fits

    @pytest.mark.parametrize(
        "pattern",
        [
            {},
            {"account": ["1"]},
            {"detail": {"$or": [{"cups": [1]}]}},
            {"detail": {"cups": [{"numeric": [">", 1]}]}},
            {"source": [{"anything-but": {"prefix": "sh"}}]},
        ],
    )
    def test_a_pattern_that_is_not_looked_into(self, pattern):
        assert not is_understood(pattern)


class TestExercised:
    def test_executions_are_counted_and_not_how_often_they_come_by(self):
        twice = [STARTED, entered("Ask"), entered("Ask"), ABORTED]
        exercised = Coverage.of([looked(histories={CAFE: [SERVED, twice]})])
        assert counts(exercised, "state") == {
            "Ordering › Open?": 1,
            "Ordering › Ask": 2,
            "Ordering › Served": 1,
            "Ordering › Closed": 0,
            "Ordering › Tidy up": 0,
        }
        assert exercised.executions == {"Ordering": 2}

    def test_a_system_that_is_deployed_twice_counts_once(self):
        once = Coverage.of([looked(histories={CAFE: [SERVED]})])
        closed = [entered("Open?"), entered("Closed"), BAD_END]
        both = Coverage.of([
            looked(histories={CAFE: [SERVED]}),
            looked(definitions={OTHER_CAFE: ORDERING}, histories={OTHER_CAFE: [SERVED, closed]}),
        ])  # fmt: skip
        assert len(both.items) == len(once.items)
        assert counts(both, "branch")["Ordering › Open? → Ask"] == 2
        assert counts(both, "branch")["Ordering › Open? → Closed"] == 1
        assert both.executions == {"Ordering": 3}

    def test_the_percentage_is_of_all_parts(self):
        exercised = Coverage([CoverageItem("state", "Ordering", str(number), number % 4) for number in range(8)], {})
        assert exercised.percent == 75
        assert [item.label for item in exercised.untouched] == ["0", "4"]

    def test_where_nothing_is_known_there_is_no_percentage(self):
        assert Coverage.of([looked(definitions={}, events=None, gaps=["the account is lost"])]).percent is None
        assert Coverage.of([]).percent is None

    def test_what_was_passed_but_is_not_defined_is_told_and_not_counted(self):
        history = [entered("Ask"), entered("Renamed"), GOOD_END]
        exercised = Coverage.of([looked(histories={CAFE: [history]})])
        assert exercised.undefined == ["Ordering › Renamed", "Ordering › Ask → the end"]
        assert "Ordering › Renamed" not in counts(exercised, "state")

    def test_a_workflow_without_histories_is_not_counted(self):
        exercised = Coverage.of([looked(histories={}, gaps=["What Ordering did could not be read: no"])])
        assert {item.kind for item in exercised.items} == {"event"}
        assert exercised.gaps == ["What Ordering did could not be read: no"]

    def test_inner_branches_are_said_not_to_be_looked_into(self):
        exercised = Coverage.of([looked(definitions={CAFE: PARALLEL})])
        assert exercised.blind == ["the branches inside Ordering › Both", "the branches inside Ordering › Each"]


class TestEventsAndRules:
    def test_types_come_from_the_definitions_and_the_rules(self):
        rules = [rule(source=[SHOP], detail_type=["Asked", "Paid"])]
        exercised = Coverage.of([looked(rules=rules, events=[event("Asked"), event("Asked")])])
        assert counts(exercised, "event") == {"shop › Asked": 2, "shop › Paid": 0}

    def test_a_type_from_another_source_is_another_one(self):
        exercised = Coverage.of([looked(events=[event("Asked", source="till")])])
        assert counts(exercised, "event") == {"shop › Asked": 0}
        assert exercised.undefined == ["till › Asked"]

    def test_a_rule_without_a_source_listens_to_any(self):
        exercised = Coverage.of([looked(rules=[rule(detail_type=["Paid"])], events=[event("Paid"), event("Asked")])])
        assert counts(exercised, "event") == {"shop › Asked": 1, f"{ANY_SOURCE} › Paid": 1}
        assert not exercised.undefined

    @pytest.mark.parametrize(
        "entry", [{"DetailType.$": "$.name"}, {"DetailType": "{% $states.input.name %}"}, {"DetailType": ["?"]}]
    )
    def test_a_type_that_is_made_up_as_it_goes_is_not_looked_into(self, entry):
        definition = {"StartAt": "Tell", "States": {"Tell": {"Arguments": {"Entries": [entry]}, "End": True}}}
        exercised = Coverage.of([looked(definitions={CAFE: definition})])
        assert not counts(exercised, "event")
        assert exercised.blind == ["events of Ordering whose type is made up as it goes"]

    def test_a_rule_is_named_after_what_it_does_and_touched_by_what_it_matches(self):
        rules = [rule(source=[SHOP], detail_type=["Asked"]), rule(targets=[CAFE], source=[SHOP], detail_type=["Paid"])]
        exercised = Coverage.of([looked(rules=rules, events=[event("Asked"), event("Paid", source="till")])])
        assert counts(exercised, "rule") == {f"{RULES} › Asked → Tell": 1, f"{RULES} › Paid → Ordering": 0}

    def test_a_rule_that_listens_to_no_certain_type(self):
        rules = [rule(targets=(), source=[{"prefix": "sh"}])]
        exercised = Coverage.of([looked(rules=rules, events=[event("Asked")])])
        assert counts(exercised, "rule") == {f'{RULES} › {{"source": [{{"prefix": "sh"}}]}} → nobody': 1}

    def test_a_rule_that_is_not_understood_is_said_and_not_counted(self):
        rules = [rule(source=[SHOP], detail={"cups": [{"numeric": [">", 1]}]})]
        exercised = Coverage.of([looked(rules=rules, events=[event("Asked", cups=2)])])
        assert not counts(exercised, "rule")
        assert len(exercised.blind) == 1
        assert "numeric" in exercised.blind[0]

    def test_events_that_could_not_be_read_leave_their_types_and_the_rules_out(self):
        exercised = Coverage.of([looked(rules=[rule(detail_type=["Asked"])], events=None)])
        assert {item.kind for item in exercised.items} == {"state", "branch"}


class FakeWiring:
    def __init__(self):
        self.definitions = {CAFE: ORDERING}

    @property
    def rules(self):
        return [rule(source=[SHOP], detail_type=["Asked"])]


class RefusedRules(FakeWiring):
    rules = property(refused)


class FakeExecutions:
    def __init__(self, histories):
        self.state_machine_arn = CAFE
        self._histories = histories

    def history(self, arn):
        return self._histories[arn]


class LostExecutions(FakeExecutions):
    history = refused


class FakeTap:
    """A tap that has already received something, and receives the rest while it proves that it works."""

    def __init__(self, *events):
        self._late = list(events)
        self._heard = []

    def prove_listening(self):
        self._heard += self._late

    watched = WATCHED

    def of_key(self, value, name="order"):
        entry = f"{name}Id"
        return [event for event in self._heard if event[entry] is not None and str(event[entry]) == value]


class TestLook:
    def test_everything_is_read(self):
        events = [event("Asked")]
        workflows = {FakeExecutions({"one": SERVED, "two": SERVED, "others'": SERVED}): lambda: ["one", "two"]}
        seen = take_snapshot(FakeWiring(), workflows, lambda: events)
        assert seen == Snapshot({CAFE: ORDERING}, FakeWiring().rules, {CAFE: [SERVED, SERVED]}, events, [])

    def test_rules_that_may_not_be_read_are_a_gap_and_no_more(self):
        seen = take_snapshot(RefusedRules(), {FakeExecutions({}): lambda: []}, lambda: [event("Asked")])
        assert len(seen.gaps) == 1
        assert seen.gaps[0].startswith("The rules of the bus could not be read: ")
        assert "not allowed" in seen.gaps[0]
        assert counts(Coverage.of([seen]), "event") == {"shop › Asked": 1}

    def test_histories_that_may_not_be_read_leave_their_workflow_out(self):
        seen = take_snapshot(FakeWiring(), {LostExecutions({}): lambda: ["one"]}, lambda: [])
        assert not seen.histories
        assert [gap.split(":")[0] for gap in seen.gaps] == ["What Ordering did could not be read"]

    def test_a_list_of_executions_that_may_not_be_read_leaves_their_workflow_out(self):
        assert not take_snapshot(FakeWiring(), {FakeExecutions({}): refused}, lambda: []).histories

    def test_a_deaf_tap_is_a_gap(self):
        def deaf():
            raise Trouble("The event tap was lost.")

        seen = take_snapshot(FakeWiring(), {}, deaf)
        assert seen.events is None
        assert seen.gaps == ["Messages on the bus could not be read: The event tap was lost."]


class TestEventsOfTheRun:
    def test_events_about_orders_about_the_customers_they_name_and_about_others(self):
        scan, refusal = event("Scan", orderId="mine", userId="Ada"), event("Unavailable", userId="Ada")
        stranger, strange = event("Scan", userId="Somebody"), event("Scan", orderId="mine", userId=[4711])
        also_strange = event("Unavailable", userId=[4711])
        mine = [scan, refusal, stranger, strange, also_strange]
        others = [event("Scan", orderId="theirs", userId="Eve"), event("Unavailable", userId="Eve"), event("Marker")]
        about = events_about(FakeTap(*mine, *others), ["mine"], {"user": ["Somebody"]})
        assert sorted(map(id, about)) == sorted(map(id, mine))

    def test_an_event_that_was_delivered_twice_counts_twice(self):
        scan = event("Scan", orderId="mine", userId="Ada")
        assert len(events_about(FakeTap(scan, Event(**vars(scan))), ["mine"])) == 2


@pytest.mark.cloud
class TestDeployed:
    @pytest.fixture
    def cancelled(self, account, parts, tap, wait_until):
        """An order that was scanned, and cancelled while it waited for its drink; and one of another run."""
        processors = Executions(account.stepfunctions, parts.order_processor, ORDER)
        actions = Executions(account.stepfunctions, parts.order_manager, ORDER)
        mine, others = (f"order-{uuid.uuid4().hex[:8]}" for _ in range(2))
        source = "awsserverlessda.serverlesspresso"
        for order_id in (mine, others):
            detail = json.dumps({"orderId": order_id, "userId": f"Ada-{order_id}"})
            entry = {"EventBusName": parts.event_bus, "Source": source, "DetailType": "Validator.NewOrder"}
            account.events.put_events(Entries=[{**entry, "Detail": detail}])
        dynamodb, table = account.dynamodb, {"TableName": parts.orders_table}
        keys = [{"PK": {"S": "orders"}, "SK": {"S": order_id}} for order_id in (mine, others)]
        wait_until(lambda: all("Item" in dynamodb.get_item(Key=key, **table) for key in keys), "the orders are stored")
        cancel = actions.start(
            {"action": "cancel", "body": {"userId": f"Ada-{mine}"}, "orderId": mine, "baristaUserId": ""}
        )
        wait_until(lambda: actions.describe(cancel).succeeded, "the order is cancelled")
        wait_until(lambda: all(not e.running for e in processors.of_key(mine)), "its workflow ends")
        wiring = Wiring(
            account.events, account.stepfunctions, parts.event_bus, [parts.order_processor, parts.order_manager]
        )
        workflows = {processors: lambda: [e.arn for e in processors.of_key(mine)], actions: lambda: [cancel]}
        yield Coverage.of([take_snapshot(wiring, workflows, lambda: events_about(tap, [mine]))])
        for execution in processors.of_key(others):
            processors.stop(execution.arn, "The test has ended.")
        for key in keys:
            dynamodb.delete_item(Key=key, **table)

    def test_the_order_has_touched_what_lay_on_its_way_and_nothing_else(self, cancelled):
        assert not cancelled.gaps
        assert not cancelled.blind
        assert not cancelled.undefined
        touched = {item.name: item.count for item in cancelled.touched}
        assert touched["OrderProcessorWorkflow › Emit - Workflow Started TT → Order cancelled (on OrderCancelled)"] == 1
        assert touched["OrderManagerStateMachine › End Order Processor → Order cancelled"] == 1
        assert touched["awsserverlessda.serverlesspresso › OrderManager.OrderCancelled"] == 1
        assert touched["rules › Validator.NewOrder → OrderProcessorWorkflow"] == 1
        untouched = {item.name for item in cancelled.untouched}
        assert {
            "OrderProcessorWorkflow › Generate Order Number",
            "OrderProcessorWorkflow › Emit - Workflow Started TT → Generate Order Number",
            "OrderManagerStateMachine › End Order Processor → Order cancelled (on States.TaskFailed)",
            "awsserverlessda.serverlesspresso › OrderProcessor.orderFinished",
            "rules › OrderProcessor.WaitingCompletion → WaitingCompletion",
        } <= untouched
