"""Which of a policy's permissions the caller has, checked without effect: by IAM's simulation, or by dry calls.

If IAM may not simulate, the check tries each action that reads, or that names a resource which does not
exist: an answer other than "access denied" shows that it is allowed. Actions with an effect are not tried.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from acceptance.aws.account import Account, is_of_the_weather
from acceptance.aws.permissions import listed, statements
from acceptance.examination import Finding
from acceptance.root import ROOT
from acceptance.trouble import Trouble

# Stands for a part of a name that a policy leaves open, and for a resource that does not exist.
NOBODY = "examination"
DENIED = re.compile(r"AccessDenied|NotAuthorized|Unauthorized|AuthorizationError|Forbidden")
SIMULATE = "iam:SimulatePrincipalPolicy"
# Without these statements a run does less; without any other one it cannot run.
OPTIONAL, EXCLUSIVE = "Optional", "Exclusive"


@dataclass(frozen=True)
class Permission:
    """An action on a resource (an ARN without wildcards), as a statement of a policy allows it on some conditions."""

    sid: str
    action: str
    resource: str
    conditions: Mapping[str, Sequence[str]]

    @property
    def leading_key(self) -> str:
        """The partition key that the statement is limited to, if it is."""
        return self.conditions.get("dynamodb:LeadingKeys", [NOBODY])[0]


class PermissionCheck:
    """Asks for the permissions of one policy."""

    def __init__(self, account: Account, policy: str, names: Mapping[str, str]) -> None:
        """`policy` is a path from the repository's root; `names` are the deployed names of its parts, by its names."""
        self._account = account
        self._policy = policy
        self._names = names
        self._caller = account.client("sts").get_caller_identity()

    def findings(
        self, falls_away: Mapping[str, str], *, exclusive: bool, tell: Callable[[str], object] = lambda _: None
    ) -> Iterator[Finding]:
        """Yield what is not allowed, with the checks that are then left out, and what is allowed.

        `falls_away` says what a run cannot do without a statement, by its Sid. `exclusive`: whether the run may change
        state that all users see. `tell` is called with each statement that is checked.
        """
        if str(self._caller["Arn"]).endswith(":root"):
            yield Finding("permissions", "all", "ok", "The account's root user may do everything.")
            return
        allowed, unknown = 0, list[str]()
        permissions = [one for one in self.permissions() if exclusive or not one.sid.startswith(EXCLUSIVE)]
        sids = list(dict.fromkeys(one.sid for one in permissions))
        for number, sid in enumerate(sids, 1):
            tell(f"permissions: {sid} ({number}/{len(sids)})")
            answers = [(one.action, self._may(one)) for one in permissions if one.sid == sid]
            denied = list(dict.fromkeys(action for action, may in answers if may is False))
            doubtful = [action for action, may in answers if may is None]
            unknown += doubtful
            if denied:
                yield self._missing(sid, denied, falls_away)
            elif not doubtful:
                allowed += 1
        if allowed:
            whole = "everything" if allowed == len(sids) else f"{allowed} of {len(sids)} statements"
            yield Finding("permissions", "allowed", "ok", f"{whole} of {self._policy}")
        if unknown:
            actions = ", ".join(dict.fromkeys(unknown))
            yield Finding(
                "permissions",
                "not known",
                "note",
                f"Not tried, because they have an effect or need resources of a run: {actions}.",
                f"A run will show it. Allow {SIMULATE} to check them beforehand.",
            )

    def permissions(self) -> Iterator[Permission]:
        """Yield all that the policy allows, with the deployed names of the parts."""
        for statement in statements(ROOT / self._policy):
            conditions = _conditions(statement.get("Condition", {}))
            for resource in listed(statement["Resource"]):
                concrete = self._concrete(resource)
                for action in listed(statement["Action"]):
                    yield Permission(str(statement["Sid"]), action, concrete, conditions)

    def _missing(self, sid: str, denied: Sequence[str], falls_away: Mapping[str, str]) -> Finding:
        optional = sid.startswith(OPTIONAL)
        consequence = falls_away.get(sid) or ("A run reports less." if optional else "A run needs this.")
        return Finding(
            "permissions",
            sid,
            "note" if optional else "problem",
            f"Not allowed: {', '.join(denied)}. {consequence}",
            f"Allow the statement {sid} of {self._policy}.",
            stops=not optional and not sid.startswith(EXCLUSIVE),
        )

    def _may(self, permission: Permission) -> bool | None:
        if self._simulated(permission):
            return True
        probe = PROBES.get(permission.action)
        if probe is None:
            return False if self._simulated(permission) is False and not permission.conditions else None
        return self._tried(partial(probe, self._account, permission))

    @staticmethod
    def _tried(call: Callable[[], object]) -> bool | None:
        """Return whether a call is allowed, regardless of its other errors."""
        try:
            call()
        except ClientError as error:
            if DENIED.search(str(error.response["Error"]["Code"])):
                return False
            return None if is_of_the_weather(error) else True
        except (BotoCoreError, Trouble):
            return None
        return True

    def _simulated(self, permission: Permission) -> bool | None:
        """Ask IAM; None if the caller may not ask it."""
        if self._principal is None:
            return None
        context = [
            {"ContextKeyName": name, "ContextKeyValues": list(values), "ContextKeyType": "stringList"}
            for name, values in permission.conditions.items()
        ]
        asked = {} if permission.resource == "*" else {"ResourceArns": [permission.resource]}
        try:
            answer = self._iam.simulate_principal_policy(
                PolicySourceArn=self._principal, ActionNames=[permission.action], ContextEntries=context, **asked
            )
        except (ClientError, BotoCoreError):
            self._principal = None
            return None
        return all(result["EvalDecision"] == "allowed" for result in answer["EvaluationResults"])

    @cached_property
    def _iam(self) -> Any:
        return self._account.client("iam")

    @cached_property
    def _principal(self) -> str | None:
        """The user or role that policies belong to: for a session, its role."""
        arn = str(self._caller["Arn"])
        role = re.search(r"^arn:([^:]+):sts::(\d+):assumed-role/([^/]+)/", arn)
        if role is None:
            return arn
        with suppress(ClientError, BotoCoreError):
            return str(self._iam.get_role(RoleName=role[3])["Role"]["Arn"])
        return f"arn:{role[1]}:iam::{role[2]}:role/{role[3]}"

    def _concrete(self, resource: str) -> str:
        """Fill in the account, its region, and the deployed names of the parts."""
        if resource == "*":
            return resource
        _, _, service, region, account, rest = resource.split(":", 5)
        partition = str(self._caller["Arn"]).split(":")[1]
        region = region and self._account.region
        account = account and str(self._caller["Account"])
        for there, here in self._names.items():
            rest = re.sub(rf"(?<=[:/]){re.escape(there)}(?=$|[:/])", here, rest)
        return ":".join(["arn", partition, service, region, account, rest.replace("*", NOBODY)])


def _conditions(stated: Mapping[str, Mapping[str, str | list[str]]]) -> Mapping[str, Sequence[str]]:
    """Return values that meet the conditions of a statement, by their keys."""
    return {
        key: [value.replace("*", "") for value in listed(values)]
        for operator in stated.values()
        for key, values in operator.items()
    }


# --- calls in vain -----------------------------------------------------------------------------------------

Probe = Callable[[Account, Permission], object]


def _last(permission: Permission) -> str:
    """Return the name at the end of a resource."""
    return re.split("[:/]", permission.resource)[-1]


def _table(permission: Permission) -> str:
    return permission.resource.partition(":table/")[2].partition("/")[0]


def _read_table(account: Account, permission: Permission, operation: str) -> None:
    """Read at most one item, of a key that does not exist, and only what the statement lets the caller see."""
    names = permission.conditions.get("dynamodb:Attributes", ["PK"])
    asked: dict[str, Any] = {"TableName": _table(permission), "Limit": 1}
    if "dynamodb:Select" in permission.conditions or "dynamodb:Attributes" in permission.conditions:
        asked |= {"Select": "SPECIFIC_ATTRIBUTES", "ProjectionExpression": names[0]}
    if "/index/" in permission.resource:
        asked["IndexName"] = _last(permission)
    if operation == "query":
        asked |= {
            "KeyConditionExpression": f"{names[-1] if '/index/' in permission.resource else names[0]} = :nobody",
            "ExpressionAttributeValues": {":nobody": {"S": NOBODY}},
        }
    getattr(account.dynamodb, operation)(**asked)


def _delete_nothing(account: Account, permission: Permission) -> None:
    """Try to delete with an incomplete key, or with one that does not exist."""
    request = {"DeleteRequest": {"Key": {"PK": {"S": NOBODY}}}}
    account.dynamodb.batch_write_item(RequestItems={_table(permission): [request]})


def _queue(account: Account, permission: Permission) -> str:
    _, _, _, _, owner, name = permission.resource.split(":", 5)
    return f"{account.sqs.meta.endpoint_url.rstrip('/')}/{owner}/{name}"


def _function(permission: Permission) -> str:
    return permission.resource.partition(":function:")[2].partition(":")[0]


def _on_aws(account: Account, service: str) -> bool:
    return ".amazonaws.com" in str(account.client(service).meta.endpoint_url)


def _dry_run(account: Account, permission: Permission) -> None:
    """Ask AWS whether a function may be called; an emulator might call it."""
    if not _on_aws(account, "lambda"):
        raise Trouble("An emulator need not know a dry run.")
    account.client("lambda").invoke(FunctionName=permission.resource, InvocationType="DryRun")


# What shows only by its effect, or needs the result of an effect.
WITHOUT_PROBE = {
    *("dynamodb:GetRecords", "dynamodb:PutItem", "dynamodb:UpdateItem"),
    *("events:PutEvents", "events:PutRule", "events:PutTargets", "events:TagResource"),
    *("lambda:GetDurableExecution", "lambda:GetDurableExecutionHistory"),
    *("lambda:ListDurableExecutionsByFunction", "lambda:StopDurableExecution"),
    *("sqs:CreateQueue", "sqs:TagQueue", "states:StartExecution"),
}
PROBES: dict[str, Probe] = {
    "apigateway:GET": lambda account, one: (
        account.client("apigateway").get_stages(restApiId=NOBODY)
        if one.resource.endswith("/stages")
        else account.client("apigateway").get_rest_apis(limit=1)
    ),
    "cognito-idp:ListUserPoolClients": lambda account, _: account.client("cognito-idp").list_user_pool_clients(
        UserPoolId=f"{account.region}_{NOBODY}", MaxResults=1
    ),
    "cognito-idp:ListUserPools": lambda account, _: account.client("cognito-idp").list_user_pools(MaxResults=1),
    "dynamodb:BatchWriteItem": _delete_nothing,
    "dynamodb:DeleteItem": lambda account, one: account.dynamodb.delete_item(
        TableName=_table(one), Key={"PK": {"S": NOBODY}}
    ),
    "dynamodb:DescribeStream": lambda account, one: account.streams.describe_stream(StreamArn=one.resource),
    "dynamodb:DescribeTable": lambda account, one: account.dynamodb.describe_table(TableName=_table(one)),
    "dynamodb:DescribeTimeToLive": lambda account, one: account.dynamodb.describe_time_to_live(TableName=_table(one)),
    "dynamodb:GetItem": lambda account, one: account.dynamodb.get_item(
        TableName=_table(one), Key={"PK": {"S": one.leading_key}}
    ),
    "dynamodb:GetShardIterator": lambda account, one: account.streams.get_shard_iterator(
        StreamArn=one.resource, ShardId=f"shardId-{0:020}-{0:08}", ShardIteratorType="LATEST"
    ),
    "dynamodb:ListTables": lambda account, _: account.dynamodb.list_tables(Limit=1),
    "dynamodb:Query": lambda account, one: _read_table(account, one, "query"),
    "dynamodb:Scan": lambda account, one: _read_table(account, one, "scan"),
    "events:DeleteRule": lambda account, one: account.events.delete_rule(
        Name=_last(one), EventBusName=one.resource.split("/")[1]
    ),
    "events:DescribeEventBus": lambda account, one: account.events.describe_event_bus(Name=_last(one)),
    "events:ListEventBuses": lambda account, _: account.events.list_event_buses(Limit=1),
    "events:ListRules": lambda account, _: account.events.list_rules(Limit=1),
    "events:ListTargetsByRule": lambda account, one: account.events.list_targets_by_rule(
        Rule=_last(one), EventBusName=one.resource.split("/")[1]
    ),
    "events:RemoveTargets": lambda account, one: account.events.remove_targets(
        Rule=_last(one), EventBusName=one.resource.split("/")[1], Ids=[NOBODY]
    ),
    "lambda:GetAlias": lambda account, one: account.client("lambda").get_alias(
        FunctionName=_function(one), Name=NOBODY
    ),
    "lambda:GetFunctionConfiguration": lambda account, one: account.client("lambda").get_function_configuration(
        FunctionName=_function(one)
    ),
    "lambda:InvokeFunction": _dry_run,
    "lambda:ListEventSourceMappings": lambda account, _: account.client("lambda").list_event_source_mappings(
        MaxItems=1
    ),
    "lambda:ListFunctions": lambda account, _: account.client("lambda").list_functions(MaxItems=1),
    "logs:FilterLogEvents": lambda account, one: account.logs.filter_log_events(
        logGroupName=one.resource.partition(":log-group:")[2], limit=1
    ),
    "pipes:ListPipes": lambda account, _: account.client("pipes").list_pipes(Limit=1),
    "sqs:DeleteMessage": lambda account, one: account.sqs.delete_message(
        QueueUrl=_queue(account, one), ReceiptHandle=NOBODY
    ),
    "sqs:DeleteQueue": lambda account, one: account.sqs.delete_queue(QueueUrl=_queue(account, one)),
    "sqs:GetQueueUrl": lambda account, one: account.sqs.get_queue_url(QueueName=_last(one)),
    "sqs:ReceiveMessage": lambda account, one: account.sqs.receive_message(QueueUrl=_queue(account, one)),
    "states:DescribeExecution": lambda account, one: account.stepfunctions.describe_execution(
        executionArn=one.resource
    ),
    "states:DescribeStateMachine": lambda account, one: account.stepfunctions.describe_state_machine(
        stateMachineArn=one.resource
    ),
    "states:GetExecutionHistory": lambda account, one: account.stepfunctions.get_execution_history(
        executionArn=one.resource
    ),
    "states:ListExecutions": lambda account, one: account.stepfunctions.list_executions(
        stateMachineArn=one.resource, maxResults=1
    ),
    "states:ListStateMachines": lambda account, _: account.stepfunctions.list_state_machines(maxResults=1),
    "states:SendTaskSuccess": lambda account, _: account.stepfunctions.send_task_success(taskToken=NOBODY, output="{}"),
    "states:StopExecution": lambda account, one: account.stepfunctions.stop_execution(executionArn=one.resource),
}
