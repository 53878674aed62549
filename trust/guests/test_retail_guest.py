"""The retail features pass with exactly the published policy, and each of its statements is needed."""

import json
import re
import subprocess
import sys

import pytest
from botocore.exceptions import ClientError

from acceptance.aws.account import Account
from acceptance.kafka.cluster import Kafka
from acceptance.kafka.mock_cluster import MockCluster
from acceptance.kafka.topics import Topics
from acceptance.trouble import Trouble
from support.retail.driver import Retail
from support.retail.parts import discover_retail, topics_of
from support.retail.profile import RetailProfile
from support.retail.settings import RetailSettings
from support.retail.users import users_of
from trust.behave_run import run_behave
from trust.guests.account import ROOT, account_with_a_cafe
from trust.system_copy import copy_of

pytestmark = pytest.mark.cloud
SYSTEM = ROOT / "systems" / "retail"
POLICY = json.loads((ROOT / "docs" / "iam-policy-retail.json").read_text("utf-8"))["Statement"]
REFUSED = re.compile("AccessDenied|not authorized")


@pytest.fixture(scope="module")
def owner(tmp_path_factory):
    """The owner of an account with the users' table that enforces IAM."""
    with account_with_a_cafe(tmp_path_factory.mktemp("account"), SYSTEM / "template.yaml") as owner:
        yield owner


@pytest.fixture(scope="module")
def cluster():
    """A cluster with the four topics."""
    cluster = MockCluster()
    for topic in topics_of(RetailSettings()):
        cluster.create_topic(topic)
    yield cluster
    cluster.close()


@pytest.fixture(scope="module")
def services(owner, cluster):
    """Both services, run by the owner."""
    [table] = owner.account.dynamodb.list_tables()["TableNames"]
    where = {
        **owner.account.environment(),
        "KAFKA_CLIENT_BOOTSTRAP_SERVERS": cluster.address,
        "KAFKA_CONSUMER_GROUP_PROTOCOL": "consumer",
        "KAFKA_CONSUMER_FETCH_WAIT_MAX_MS": "5",
        "USERS_TABLE": table,
    }
    modules = ("services.user_service", "services.promotions_service")
    running = [subprocess.Popen([sys.executable, "-m", module], cwd=SYSTEM, env=where) for module in modules]
    yield
    for process in running:
        process.terminate()
        assert process.wait(10) == 0


def users(owner):
    [table] = owner.account.dynamodb.list_tables()["TableNames"]
    return owner.account.dynamodb.scan(TableName=table)["Items"]


def walk(guest, cluster):
    """Make each AWS request of the features once, as a guest."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in guest.items():
            patch.setenv(name, value)
        account, kafka = Account(), Kafka({"bootstrap.servers": cluster.address})
        parts = discover_retail(account, kafka, RetailSettings())
        topics = Topics(kafka, parts.partitions, {}, fetch_wait_ms=5)
        profile = RetailProfile.shipped("retail")
        users = users_of(profile.users, parts.dialect, ROOT, account, parts.users_table, kafka)
        retail = Retail(users, parts, kafka, topics)
        retail.visitors.register(dict.fromkeys(retail.visitors.new_ids(30), "Free"))
        retail.leave()


def test_a_run_passes_with_the_policy_and_leaves_nothing(owner, cluster, services, tmp_path):
    ran = run_behave(
        copy_of("retail", tmp_path),
        ("enrichment", "offers", "dead_letters"),
        *("-D", "target=aws", "-D", f"retail_bootstrap_servers={cluster.address}"),
        *("-D", "quiet=1"),
        seconds=240,
        variables=owner.invite("guest", POLICY),
        about="retail",
    )
    assert ran.status == 0, ran.output
    assert len(ran.passed) > 60, ran.output
    assert users(owner) == []


@pytest.mark.parametrize("sid", [statement["Sid"] for statement in POLICY])
def test_each_statement_is_needed(owner, cluster, sid):
    guest = owner.invite(f"without-{sid}", [statement for statement in POLICY if statement["Sid"] != sid])
    with pytest.raises((ClientError, Trouble), match=REFUSED):
        walk(guest, cluster)


def test_with_all_of_them_nothing_is_refused(owner, cluster):
    walk(owner.invite("walker", POLICY), cluster)
    assert users(owner) == []


def test_a_guest_can_do_nothing_else_worth_having(owner):
    guest = owner.invite("curious", POLICY)
    [table] = owner.account.dynamodb.list_tables()["TableNames"]
    with pytest.MonkeyPatch.context() as patch:
        for name, value in guest.items():
            patch.setenv(name, value)
        account = Account()
        for forbidden in (
            lambda: account.dynamodb.delete_table(TableName=table),
            lambda: account.dynamodb.scan(TableName=table),
            lambda: account.dynamodb.get_item(TableName=table, Key={"USERID": {"N": "1"}}),
            lambda: account.client("lambda").list_functions(),
        ):
            with pytest.raises(ClientError, match=REFUSED):
                forbidden()
