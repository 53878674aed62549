"""Whole runs over a network that loses responses: no system is blamed for it, and no fault passes because of it."""

import os

import pytest
from deployed import deployed
from lossy_proxy import AFTER, BEFORE, BOTH, lossy
from running import ROOT

from acceptance.aws.account import Account
from acceptance.aws.deployment import deploy
from acceptance.aws.embedded import EmbeddedAccount
from acceptance.aws.secret import SECRET
from trust.faults.serverlesspresso import FAULTS
from trust.system_copy import CAFE, copy_of

pytestmark = pytest.mark.cloud
PATIENCE = 25
CUSTOMER, PASSWORD = "ada", "Aa1!of-a-guest"
LETS_IN = "fulfilment_prepare=yes"
SYSTEMS = {"serverlesspresso": 150, "durable_orders": 10, "fulfilment": 30}
# One scenario each: a notification that must not arrive twice, and one that must arrive at all.
PLANTED = [
    fault for fault in FAULTS if fault.name in ("a completed order can be completed again", "a claim is not told")
]


@pytest.fixture
def through(start):
    """Start a run as a guest on a deployed system, through a proxy that drops every n-th response of each kind."""

    def started(url, every, when, *arguments, only=()):
        with lossy(url, every, when, only) as proxy:
            keys = {"AWS_ACCESS_KEY_ID": "000000000000", "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_REGION": "us-east-1"}
            options = ("target=aws", f"patience={PATIENCE}", "quiet=0.5", "report=no", "exclusive=yes", LETS_IN)
            user = f"serverlesspresso_customer_username={CUSTOMER}"
            given = [part for option in (*options, user) for part in ("-D", option)]
            run = start(
                *arguments,
                *given,
                AWS_ENDPOINT_URL=proxy.url,
                ACCEPTANCE_SERVERLESSPRESSO_CUSTOMER_PASSWORD=PASSWORD,
                **keys,
            )
            run.status = run.ended(1800)
            run.lost = +proxy.lost
            return run

    return started


def register_the_customer(account):
    cognito = account.client("cognito-idp")
    pool = cognito.list_user_pools(MaxResults=1)["UserPools"][0]["Id"]
    cognito.admin_create_user(UserPoolId=pool, Username=CUSTOMER, MessageAction="SUPPRESS")
    cognito.admin_set_user_password(UserPoolId=pool, Username=CUSTOMER, Password=PASSWORD, Permanent=True)


def test_nobody_is_blamed_for_answers_that_are_lost(through, cafe_account):
    """A few scenarios, with responses lost far more often than in reality."""
    run = through(cafe_account[0].url, 8, BOTH, "features/serverlesspresso/completing.feature")
    assert "failed" not in run.words(), run.output
    assert run.words().count("passed") > 0.7 * len(run.words()), run.output
    assert sum(run.lost.values()) > 15
    assert run.lost["ReceiveMessage", AFTER]
    assert run.lost["PutEvents", AFTER]


@pytest.mark.parametrize("fault", PLANTED, ids=lambda fault: fault.name)
def test_fault_of_the_cafe_stays_red(through, tmp_path, fault):
    """Every second response about the tap is lost, so anything that the tap can miss is missed."""
    system = copy_of(CAFE, tmp_path)
    fault.plant(system)
    with EmbeddedAccount() as embedded:
        deploy(Account("us-east-1", embedded.url, "000000000000"), system / "template.yaml")
        feature = f"features/serverlesspresso/{fault.feature}.feature"
        calls = ("ReceiveMessage", "DeleteMessageBatch", "PutEvents")
        run = through(embedded.url, 2, AFTER, feature, "--name", f"^{fault.scenario}", only=calls)
    assert run.words() == ["failed"], run.output
    assert all(word in run.messages()[0] for word in fault.words), run.messages()
    assert run.lost["ReceiveMessage", AFTER]


@pytest.mark.parametrize("when", [BEFORE, AFTER, BOTH])
def test_no_program_is_blamed_for_answers_that_are_lost(through, when):
    """Every second response to a program's write is lost, so each retry finds the program's own write."""
    with deployed(ROOT / "systems" / "fulfilment") as (embedded, _):
        feature = "features/fulfilment/delivering.feature"
        run = through(embedded.url, 2, when, feature, only=("TransactWriteItems", "PutItem"))
    assert set(run.words()) == {"passed"}, run.output
    assert sum(run.lost[action, AFTER] + run.lost[action, BEFORE] for action in ("TransactWriteItems", "PutItem")) > 20


def blamed(run):
    """Return why scenarios failed, except for service levels, which a busy machine may miss."""
    failed = [result["statusDetails"]["message"] for result in run.results if result["status"] == "failed"]
    return [message for message in failed if "; the promise is " not in message]


@pytest.mark.parametrize("when", [BEFORE, AFTER, BOTH])
@pytest.mark.parametrize("system", SYSTEMS)
def test_all_features_through_answers_that_are_lost(through, system, when):
    with deployed(ROOT / "systems" / system) as (embedded, account):
        if system == "serverlesspresso":
            register_the_customer(account)
        run = through(embedded.url, 20, when, f"features/{system}", "-j", str(os.cpu_count() or 1))
    assert blamed(run) == [], run.output
    assert run.words().count("passed") > 0.8 * (len(run.words()) - run.words().count("skipped")), run.output
    assert len(run.words()) >= SYSTEMS[system]
