"""If a run lacks a permission, the message names the policy of the system that needs it."""

import json
from contextvars import copy_context
from pathlib import Path

import pytest

from acceptance.aws.permissions import now_about, policy_for
from acceptance.kafka.mock_cluster import MockCluster
from acceptance.registry import known
from acceptance.system import find
from support.retail.parts import topics_of
from support.retail.settings import RetailSettings
from trust.behave_run import run_behave
from trust.guests.account import POLICY, ROOT, account_with_a_cafe

SYSTEMS = sorted(known())
POLICIES = {name: find(name).policy for name in SYSTEMS}
FEATURES = {
    "serverlesspresso": "ordering",
    "durable_orders": "no_id",
    "retail": "offers",
    "fulfilment": "reserving",
}
DENIED = (
    "An error occurred (AccessDenied) when calling the X operation: User: arn:aws:iam::1:user/guest is not authorized"
)


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    """An account that enforces IAM and contains only a topic."""
    template = tmp_path_factory.mktemp("elsewhere") / "template.yaml"
    template.write_text("Resources: {Topic: {Type: AWS::SNS::Topic}}", encoding="utf-8")
    with account_with_a_cafe(tmp_path_factory.mktemp("account"), template) as owner:
        yield owner


@pytest.fixture(scope="module")
def cluster():
    cluster = MockCluster()
    for topic in topics_of(RetailSettings()):
        cluster.create_topic(topic)
    yield cluster
    cluster.close()


@pytest.mark.cloud
@pytest.mark.parametrize("system", SYSTEMS)
def test_a_guest_without_any_permission_is_told_which_ones_are_wanted(elsewhere, cluster, tmp_path, system):
    nothing = [{"Effect": "Allow", "Action": "sts:GetCallerIdentity", "Resource": "*"}]
    ran = run_behave(
        tmp_path / "system",
        (FEATURES[system],),
        *("-D", "target=aws", "-D", f"retail_bootstrap_servers={cluster.address}"),
        variables={**elsewhere.invite(f"nobody-{system}", nothing), "ACCEPTANCE_FULFILMENT_PASSWORD": "Sesame 7, open"},
        about=system,
    )
    assert ran.status == 1
    wanted = "docs/iam-policy" if system == "serverlesspresso" else f"docs/iam-policy-{system.replace('_', '-')}"
    assert f"All that a run needs is in {wanted}.json." in ran.output
    assert all(scenario.message.endswith(f"needs is in {wanted}.json.") for scenario in ran.scenarios), ran.output


@pytest.mark.cloud
def test_of_two_systems_in_a_run_the_one_that_lacks_a_permission_is_meant(owner, tmp_path):
    cafe_only = owner.invite("cafe-only", POLICY)
    both = ("ordering", "../durable_orders/no_id")
    ran = run_behave(tmp_path / "system", both, "-D", "target=aws", variables=cafe_only)
    assert "not authorized to perform: lambda:ListFunctions" in ran.output
    assert "All that a run needs is in docs/iam-policy-durable-orders.json." in ran.output


@pytest.mark.parametrize("about", SYSTEMS)
@pytest.mark.parametrize(
    ("asked", "policy"),
    [
        ("events:RemoveTargets on resource: arn:aws:events:eu-west-1:1:rule/Serverlesspresso/acceptance-tap-1", ""),
        ("lambda:ListFunctions on resource: *", "durable-orders"),
        (
            "dynamodb:DeleteItem on resource: arn:aws:dynamodb:eu-west-1:1:table/durable-orders-OrdersTable-X",
            "durable-orders",
        ),
        ("dynamodb:BatchWriteItem on resource: arn:aws:dynamodb:eu-west-1:1:table/retail-UsersTable-X", "retail"),
        ("dynamodb:PutItem on resource: arn:aws:dynamodb:eu-west-1:1:table/fulfilment-stock", "fulfilment"),
        ("dynamodb:ListTables on resource: *", None),
        ("dynamodb:GetItem on resource: arn:aws:dynamodb:eu-west-1:1:table/named-otherwise", None),
        ("kms:Decrypt on resource: arn:aws:kms:eu-west-1:1:key/k", None),
        ("kms:Decrypt", None),
    ],
)
def test_what_only_another_systems_policy_names_is_meant_by_that_one(about, asked, policy):
    """The end of a run removes resources of all systems, so the missing permission need not be the last system's."""
    own = POLICIES[about]
    expected = own if policy is None else f"docs/iam-policy{policy and f'-{policy}'}.json"
    assert meant_by(own, f"{DENIED} to perform: {asked} because no policy allows it") == expected


def meant_by(own, refusal):
    def asked_while_about_it():
        now_about(own)
        return policy_for(refusal)

    return copy_context().run(asked_while_about_it)


def test_no_other_systems_policy_is_meant_where_a_system_has_published_none():
    assert meant_by("", f"{DENIED} to perform: lambda:ListFunctions on resource: * because no policy allows it") == ""


def test_every_system_has_a_policy_that_is_there():
    for path in POLICIES.values():
        assert json.loads(Path(ROOT, path).read_text("utf-8"))["Statement"]
