"""Permissions are checked without side effects: by IAM's simulator if allowed, otherwise by calls that are denied."""

import json
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from acceptance.aws import permission_check
from acceptance.aws.permission_check import PROBES, WITHOUT_PROBE, PermissionCheck
from acceptance.aws.permissions import listed, statements
from acceptance.root import ROOT

ROLE = "arn:aws:iam::123456789012:role/ci/tester"
SESSION = "arn:aws:sts::123456789012:assumed-role/tester/run-7"


def refusal(code, status=400):
    return ClientError({"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}, "Call")


class Account:
    """An account whose IAM allows some actions, or may not be asked (None)."""

    region = "eu-west-1"

    def __init__(self, allowed=None, arn=SESSION):
        self.allowed, self.arn, self.simulated = allowed, arn, []

    def client(self, service):
        return {
            "sts": SimpleNamespace(get_caller_identity=lambda: {"Arn": self.arn, "Account": "123456789012"}),
            "iam": SimpleNamespace(
                simulate_principal_policy=self.simulate, get_role=lambda RoleName: {"Role": {"Arn": ROLE}}
            ),
        }[service]

    def simulate(self, PolicySourceArn, ActionNames, ContextEntries, ResourceArns=("*",)):
        self.simulated.append((PolicySourceArn, ActionNames[0], tuple(ResourceArns), ContextEntries))
        if self.allowed is None:
            raise refusal("AccessDenied", 403)
        decision = "allowed" if ActionNames[0] in self.allowed else "implicitDeny"
        return {"EvaluationResults": [{"EvalDecision": decision}]}


@pytest.fixture
def policy(tmp_path, monkeypatch):
    """Publish a policy with these statements."""

    def publish(*made):
        (tmp_path / "policy.json").write_text(json.dumps({"Statement": made}), encoding="utf-8")
        monkeypatch.setattr(permission_check, "ROOT", tmp_path)
        return "policy.json"

    return publish


def statement(sid, action, resource="*", **conditions):
    return {"Sid": sid, "Action": action, "Resource": resource, "Condition": conditions}


def findings(account, path, names=None, *, exclusive=False, **falls_away):
    return list(PermissionCheck(account, path, names or {}).findings(falls_away, exclusive=exclusive))


def told(account, path, **options):
    return {one.subject: one for one in findings(account, path, **options)}


def test_root_may_do_everything(policy):
    (finding,) = findings(Account(arn="arn:aws:iam::123456789012:root"), policy(statement("Any", "x:Y")))
    assert finding.verdict == "ok"


def test_iam_is_asked_about_the_role_of_a_session_and_the_parts_that_are_deployed(policy):
    account = Account(allowed={"dynamodb:GetItem"})
    path = policy(
        statement(
            "Read",
            "dynamodb:GetItem",
            "arn:aws:dynamodb:*:*:table/orders",
            **{"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["config*"]}},
        )
    )
    assert [one.verdict for one in findings(account, path, {"orders": "our-orders"})] == ["ok"]
    ((principal, action, resources, context),) = account.simulated
    assert (principal, action) == (ROLE, "dynamodb:GetItem")
    assert resources == ("arn:aws:dynamodb:eu-west-1:123456789012:table/our-orders",)
    assert context == [
        {"ContextKeyName": "dynamodb:LeadingKeys", "ContextKeyValues": ["config"], "ContextKeyType": "stringList"}
    ]


def test_what_iam_denies_and_nothing_can_try_is_missing(policy):
    account = Account(allowed={"a:B"})
    path = policy(statement("Needed", ["a:B", "c:D"]), statement("OptionalLogs", "e:F"))
    found = told(account, path, Needed="Nothing works.")
    assert (found["Needed"].verdict, found["Needed"].stops) == ("problem", True)
    assert found["Needed"].what == "Not allowed: c:D. Nothing works."
    assert (found["OptionalLogs"].verdict, found["OptionalLogs"].stops) == ("note", False)
    assert "allowed" not in found


def test_settings_of_everybody_count_only_where_they_may_be_changed(policy):
    path = policy(statement("ExclusiveChange", "c:D"))
    assert told(Account(allowed=()), path) == {}
    missing = told(Account(allowed=()), path, exclusive=True)["ExclusiveChange"]
    assert (missing.verdict, missing.stops) == ("problem", False)


def test_where_iam_may_not_be_asked_it_is_asked_once(policy):
    account = Account()
    found = told(account, policy(statement("One", "a:B"), statement("Two", "c:D")))
    assert len(account.simulated) == 1
    assert found["not known"].what.endswith(": a:B, c:D.")


@pytest.mark.parametrize(
    ("answer", "subject"),
    [
        (None, "allowed"),
        (refusal("ResourceNotFoundException"), "allowed"),
        (refusal("ValidationException"), "allowed"),
        (refusal("AccessDeniedException"), "One"),
        (refusal("AccessDenied", 403), "One"),
        (refusal("NotAuthorizedException"), "One"),
        (refusal("InternalError", 500), "not known"),
        (EndpointConnectionError(endpoint_url="x"), "not known"),
    ],
)
def test_call_in_vain_tells_by_its_refusal(policy, monkeypatch, answer, subject):
    def probe(_account, _permission):
        if answer:
            raise answer

    monkeypatch.setitem(PROBES, "a:B", probe)
    assert list(told(Account(), policy(statement("One", "a:B")))) == [subject]


def test_each_published_action_can_be_tried_or_is_known_to_have_an_effect():
    published = {
        action
        for path in ROOT.glob("docs/iam-policy*.json")
        for one in statements(path)
        for action in listed(one["Action"])
    }
    assert published - set(PROBES) == WITHOUT_PROBE
