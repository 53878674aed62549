"""The template and its workflows say what the facts about Serverlesspresso say."""

import json
import re
import subprocess
import sysconfig
from pathlib import Path

import pytest
from places import SYSTEMS

from acceptance.aws.deployment import load_template

SYSTEM = SYSTEMS / "serverlesspresso"
TEMPLATE = load_template(SYSTEM / "template.yaml")
SOURCE = "awsserverlessda.serverlesspresso"
PLACEHOLDER = re.compile(r"\$\{(\w+)}")
WORKFLOWS = {
    "OrderProcessorWorkflow": "order_processor",
    "OrderManagerStateMachine": "order_manager",
    "StoppedOrderWorkflow": "stopped_order",
}
every_workflow = pytest.mark.parametrize("workflow", WORKFLOWS)


def source_of(workflow):
    return (SYSTEM / "statemachines" / f"{WORKFLOWS[workflow]}.asl.json").read_text(encoding="utf-8")


def definition(workflow):
    """The definition with every substitution made: a parameter's default, or else a resource's name."""
    substitutions = TEMPLATE["Resources"][workflow]["Properties"]["DefinitionSubstitutions"]

    def substitute(placeholder):
        value = substitutions[placeholder[1]]
        default = TEMPLATE["Parameters"].get(value.get("Ref"), {}).get("Default")
        return str(default) if default is not None else placeholder[1]

    return json.loads(PLACEHOLDER.sub(substitute, source_of(workflow)))


def states(workflow):
    return definition(workflow)["States"]


def successors(state):
    """The states that may come after a state."""
    branches = [*state.get("Choices", []), *state.get("Catch", [])]
    return {branch["Next"] for branch in branches} | {state[key] for key in ("Next", "Default") if key in state}


def entries(workflow):
    """Every event that a workflow puts, as `(resource, entry)`."""
    return [
        (state["Resource"], entry)
        for state in states(workflow).values()
        if "events:putEvents" in state.get("Resource", "")
        for entry in state.get("Parameters", state.get("Arguments"))["Entries"]
    ]


def entry(detail_type):
    """The events of a detail-type, of either workflow."""
    return [found for name in WORKFLOWS for _, found in entries(name) if found["DetailType"] == detail_type]


@pytest.mark.slow
def test_cfn_lint_finds_nothing():
    cfn_lint = Path(sysconfig.get_path("scripts")) / "cfn-lint"
    told = subprocess.run([cfn_lint, SYSTEM / "template.yaml"], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stdout) == (0, "")


@pytest.mark.parametrize(
    ("name", "default"),
    [
        ("OrdersTableName", "serverlesspresso-order-table"),
        ("ConfigTableName", "serverlesspresso-config-table"),
        ("CountingTableName", "serverlesspresso-counting-table"),
        ("Capacity", 20),
        ("CustomerTimeoutSeconds", 300),
        ("BaristaTimeoutSeconds", 900),
    ],
)
def test_parameter_has_its_documented_default(name, default):
    assert TEMPLATE["Parameters"][name]["Default"] == default


def test_capacity_can_be_counted_in_one_page_of_executions():
    page = states("OrderProcessorWorkflow")["ListExecutions"]["Arguments"]["MaxResults"]
    assert TEMPLATE["Parameters"]["Capacity"]["MaxValue"] < page


@every_workflow
def test_every_substitution_is_used_and_every_placeholder_is_substituted(workflow):
    substitutions = TEMPLATE["Resources"][workflow]["Properties"]["DefinitionSubstitutions"]
    assert set(PLACEHOLDER.findall(source_of(workflow))) == set(substitutions)


@every_workflow
def test_every_next_state_exists(workflow):
    known = states(workflow)
    assert set().union(*map(successors, known.values())) <= set(known)


@every_workflow
def test_every_state_is_reachable(workflow):
    known = states(workflow)
    reached, ahead = set(), {definition(workflow)["StartAt"]}
    while ahead:
        reached |= ahead
        ahead = set().union(*(successors(known[name]) for name in ahead)) - reached
    assert reached == set(known)


@every_workflow
def test_every_state_goes_on_or_ends(workflow):
    stuck = [
        name
        for name, state in states(workflow).items()
        if not successors(state) and not state.get("End") and state["Type"] not in ("Succeed", "Fail")
    ]
    assert stuck == []


@pytest.mark.parametrize(
    ("workflow", "name"),
    [
        ("OrderProcessorWorkflow", "DynamoDB Get Shop status"),
        ("OrderProcessorWorkflow", "Shop Open?"),
        ("OrderProcessorWorkflow", "ListExecutions"),
        ("OrderProcessorWorkflow", "Is capacity available?"),
        ("OrderProcessorWorkflow", "Emit - Workflow Started TT"),
        ("OrderProcessorWorkflow", "Generate Order Number"),
        ("OrderProcessorWorkflow", "Emit - Awaiting Completion TT"),
        ("OrderProcessorWorkflow", "Customer timedout"),
        ("OrderProcessorWorkflow", "Barista timedout"),
        ("OrderManagerStateMachine", "Decide Action"),
        ("OrderManagerStateMachine", "Customer Put Order"),
        ("OrderManagerStateMachine", "get menu"),
        ("OrderManagerStateMachine", "Sanitize order"),
        ("OrderManagerStateMachine", "Is Order Valid?"),
        ("OrderManagerStateMachine", "not a valid order"),
        ("OrderManagerStateMachine", "Update order"),
        ("OrderManagerStateMachine", "Resume Order Processor"),
    ],
)
def test_documented_state_exists(workflow, name):
    assert name in states(workflow)


@pytest.mark.parametrize(
    ("name", "seconds"), [("Emit - Workflow Started TT", 300), ("Emit - Awaiting Completion TT", 900)]
)
def test_wait_has_its_documented_time_out(name, seconds):
    assert states("OrderProcessorWorkflow")[name]["TimeoutSeconds"] == seconds


@pytest.mark.parametrize(
    ("workflow", "detail_types"),
    [
        (
            "OrderProcessorWorkflow",
            {
                "OrderProcessor.ShopUnavailable",
                "OrderProcessor.WorkflowStarted",
                "OrderProcessor.WaitingCompletion",
                "OrderProcessor.orderFinished",
                "OrderProcessor.OrderTimeOut",
            },
        ),
        (
            "OrderManagerStateMachine",
            {"OrderManager.MakeOrder", "OrderManager.OrderCompleted", "OrderManager.OrderCancelled"},
        ),
    ],
)
def test_workflow_puts_the_documented_events(workflow, detail_types):
    assert {put["DetailType"] for _, put in entries(workflow)} == detail_types


@every_workflow
def test_every_event_goes_to_the_shops_bus(workflow):
    assert {put["EventBusName"] for _, put in entries(workflow)} == {"BusName"}


@every_workflow
def test_bus_of_the_events_is_the_templates_own(workflow):
    substitutions = TEMPLATE["Resources"][workflow]["Properties"]["DefinitionSubstitutions"]
    assert substitutions["BusName"] == {"Ref": "Bus"}


def test_bus_has_its_documented_name():
    assert TEMPLATE["Resources"]["Bus"]["Properties"]["Name"] == "Serverlesspresso"


@every_workflow
def test_every_event_has_the_shops_source(workflow):
    assert {put["Source"] for _, put in entries(workflow)} == {SOURCE}


@pytest.mark.parametrize(
    ("detail_type", "names"),
    [
        ("OrderProcessor.ShopUnavailable", {"userId"}),
        ("OrderProcessor.WorkflowStarted", {"TaskToken", "orderId", "userId"}),
        ("OrderProcessor.WaitingCompletion", {"TaskToken", "orderId", "orderNumber"}),
        ("OrderProcessor.orderFinished", {"orderId"}),
        ("OrderProcessor.OrderTimeOut", {"orderId", "cause"}),
        ("OrderManager.MakeOrder", {"orderId", "baristaUserId"}),
        ("OrderManager.OrderCompleted", {"orderId"}),
        ("OrderManager.OrderCancelled", {"orderId"}),
    ],
)
def test_event_carries_what_its_readers_need(detail_type, names):
    carried = [{name.removesuffix(".$") for name in put["Detail"]} for put in entry(detail_type)]
    assert carried
    assert all(names <= each for each in carried)


@every_workflow
def test_token_is_told_by_pauses_only(workflow):
    tells = [(".waitForTaskToken" in resource, "TaskToken.$" in put["Detail"]) for resource, put in entries(workflow)]
    assert all(pauses == has_token for pauses, has_token in tells)


@every_workflow
def test_every_task_is_retried_unless_it_was_refused(workflow):
    tasks = [state for state in states(workflow).values() if state["Type"] == "Task"]
    assert tasks
    for task in tasks:
        *refusals, again = task["Retry"]
        assert again["ErrorEquals"] == ["States.TaskFailed"]
        assert {one["MaxAttempts"] for one in refusals} <= {0}


@pytest.mark.parametrize("name", ["Generate Order Number", "Update order", "Complete Order"])
def test_retries_last_longer_than_a_short_throttling(name):
    again = {**states("OrderProcessorWorkflow"), **states("OrderManagerStateMachine")}[name]["Retry"][-1]
    assert sum(again["IntervalSeconds"] * again["BackoffRate"] ** n for n in range(again["MaxAttempts"])) > 6


@pytest.mark.parametrize("end", ["OrderCancelled", "DuplicateScan", "TooManyOrders"])
def test_the_end_of_a_wait_is_not_retried(end):
    refusals = states("OrderProcessorWorkflow")["Emit - Workflow Started TT"]["Retry"][0]
    assert end in refusals["ErrorEquals"]


def test_every_message_that_cannot_be_served_is_kept():
    for resource in TEMPLATE["Resources"].values():
        for event in resource.get("Properties", {}).get("Events", {}).values():
            if event["Type"] == "EventBridgeRule":
                assert event["Properties"]["DeadLetterConfig"] == {"Arn": {"Fn::GetAtt": ["DeadLetters", "Arn"]}}


def test_an_alarm_is_raised_by_dead_letters():
    alarm = TEMPLATE["Resources"]["DeadLettersAlarm"]["Properties"]
    assert alarm["Dimensions"] == [{"Name": "QueueName", "Value": {"Fn::GetAtt": ["DeadLetters", "QueueName"]}}]
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("GreaterThanThreshold", 0)


@pytest.mark.cloud
class TestDeployed:
    """What CloudFormation made of the template."""

    @pytest.mark.parametrize(
        ("table", "keys"),
        [
            ("serverlesspresso-order-table", ["PK", "SK"]),
            ("serverlesspresso-config-table", ["PK"]),
            ("serverlesspresso-counting-table", ["PK"]),
        ],
    )
    def test_table_has_its_documented_keys(self, cafe_account, table, keys):
        described = cafe_account[1].dynamodb.describe_table(TableName=table)["Table"]
        assert names(described["KeySchema"]) == keys

    @pytest.mark.parametrize(
        ("kind", "keys"),
        [
            ("GlobalSecondaryIndexes", {"GSI-status": ["ORDERSTATE", "SK"], "GSI-userId": ["USERID", "SK"]}),
            ("LocalSecondaryIndexes", {"LSI-timestamp": ["PK", "TS"]}),
        ],
    )
    def test_orders_have_their_documented_indexes(self, cafe_account, kind, keys):
        described = cafe_account[1].dynamodb.describe_table(TableName="serverlesspresso-order-table")["Table"]
        assert {index["IndexName"]: names(index["KeySchema"]) for index in described[kind]} == keys

    @pytest.mark.parametrize(
        ("detail_type", "target"),
        [
            ("Validator.NewOrder", "OrderProcessorWorkflow"),
            ("OrderProcessor.WorkflowStarted", "WorkflowStartedFunction"),
            ("OrderProcessor.WaitingCompletion", "WaitingCompletionFunction"),
        ],
    )
    def test_rule_sends_the_event_to_its_reader(self, cafe_account, detail_type, target):
        events = cafe_account[1].events
        matching = [
            rule["Name"]
            for rule in events.list_rules(EventBusName="Serverlesspresso")["Rules"]
            if json.loads(rule["EventPattern"]) == {"source": [SOURCE], "detail-type": [detail_type]}
        ]
        targets = [
            each["Arn"]
            for rule in matching
            for each in events.list_targets_by_rule(Rule=rule, EventBusName="Serverlesspresso")["Targets"]
        ]
        assert len(targets) == 1
        assert target in targets[0]

    def test_every_rule_is_one_of_these(self, cafe_account):
        rules = cafe_account[1].events.list_rules(EventBusName="Serverlesspresso", NamePrefix="serverlesspresso-")
        assert len(rules["Rules"]) == 3

    def test_every_function_and_workflow_has_a_role_of_its_own(self, roles):
        assert len(set(roles.values())) == len(roles) == 8

    def test_no_policy_allows_a_wildcard_action(self, statements):
        assert [each for each in statements if any("*" in action for action in listed(each["Action"]))] == []

    def test_no_policy_allows_every_resource(self, statements):
        assert [each for each in statements if "*" in listed(each["Resource"])] == []

    def test_no_policy_allows_by_exception(self, statements):
        assert [each for each in statements if {"NotAction", "NotResource"} & set(each)] == []

    def test_beyond_its_own_policy_a_role_may_only_write_logs(self, cafe_account, roles):
        iam = cafe_account[1].client("iam")
        attached = {
            policy["PolicyName"]
            for role in roles.values()
            for policy in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
        }
        assert attached <= {"AWSLambdaBasicExecutionRole"}


def names(key_schema):
    return [key["AttributeName"] for key in key_schema]


def listed(value):
    return value if isinstance(value, list) else [value]


@pytest.fixture(scope="module")
def roles(cafe_account):
    """The role's name of each function and workflow."""
    account = cafe_account[1]
    functions = account.client("lambda").list_functions()["Functions"]
    arns = {f["FunctionName"]: f["Role"] for f in functions if f["FunctionName"].startswith("serverlesspresso-")}
    for machine in account.stepfunctions.list_state_machines()["stateMachines"]:
        if machine["name"] in WORKFLOWS:
            described = account.stepfunctions.describe_state_machine(stateMachineArn=machine["stateMachineArn"])
            arns[machine["name"]] = described["roleArn"]
    return {name: arn.rpartition("/")[2] for name, arn in arns.items()}


@pytest.fixture(scope="module")
def statements(cafe_account, roles):
    """Every statement of these roles' own policies."""
    iam = cafe_account[1].client("iam")
    found = [
        statement
        for role in roles.values()
        for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]
        for statement in iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]["Statement"]
    ]
    assert found
    return found


def test_people_are_let_in_by_the_shop_and_sign_in_with_a_password_alone():
    resources = TEMPLATE["Resources"]
    assert resources["UserPool"]["Properties"]["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    client = resources["UserPoolClient"]["Properties"]
    assert client["ExplicitAuthFlows"] == ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    assert client["GenerateSecret"] is False


def test_the_address_that_the_stack_tells_is_that_of_the_deployed_stage():
    stage = TEMPLATE["Resources"]["FrontDoor"]["Properties"]["StageName"]
    assert TEMPLATE["Outputs"]["FrontDoorUrl"]["Value"]["Fn::Sub"].endswith(f"/{stage}")
