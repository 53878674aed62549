"""Trouble with the retail services and their Kafka: a clear sentence, an end in bounded time, and no process left."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from deployed import deployed
from guarded_kafka import PASSWORD, USER, GuardedKafka, certificate
from places import ROOT
from running import processes, surroundings
from topics import TOPICS

from acceptance.aws.secret import SECRET
from acceptance.kafka.mock_cluster import MockCluster

pytestmark = [
    pytest.mark.trust("trouble"),
    pytest.mark.cloud,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks into /proc, which only Linux has"),
]
SYSTEM = ROOT / "systems" / "retail"
MODULES = ("services.user_service", "services.promotions_service")
NOT_ALLOWED = 29  # TOPIC_AUTHORIZATION_FAILED
ONE = ("features/retail/offers.feature", "--name", "The offer comes in time")


@pytest.fixture(scope="module")
def account():
    """Somebody's account with the table of the users."""
    with deployed(SYSTEM) as both:
        yield both


@pytest.fixture
def cluster():
    """Somebody's cluster with the four topics."""
    cluster = MockCluster()
    for topic in TOPICS:
        cluster.create_topic(topic)
    yield cluster
    cluster.close()


@pytest.fixture
def guest(start, account):
    """Run features on a user's deployment, with this timeout in seconds."""
    embedded, _ = account
    keys = {"AWS_ACCESS_KEY_ID": "000000000000", "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_REGION": "us-east-1"}

    def run(address, *arguments, **variables):
        options = ("-D", "target=aws", "-D", f"retail_bootstrap_servers={address}", "-D", "patience=3")
        where = {"AWS_ENDPOINT_URL": embedded.url, **keys, **variables}
        return start(*arguments or ONE, *options, "-D", "report=no", **where)

    return run


@pytest.fixture
def serve(tmp_path, account):
    """Run services as their owner does."""
    client = account[1]
    [table] = client.dynamodb.list_tables()["TableNames"]
    running = []

    def begun(cluster, *modules, folder=SYSTEM):
        where = {
            "KAFKA_CLIENT_BOOTSTRAP_SERVERS": cluster.address,
            "KAFKA_CONSUMER_GROUP_PROTOCOL": "consumer",
            "KAFKA_CONSUMER_FETCH_WAIT_MAX_MS": "5",
            "USERS_TABLE": table,
            **client.environment(),
        }
        for module in modules:
            running.append(
                subprocess.Popen([sys.executable, "-m", module], cwd=folder, env=surroundings(tmp_path, **where))
            )

    yield begun
    for process in running:
        process.kill()
        process.wait(10)


# --- before the first scenario -------------------------------------------------------------------


def test_a_cluster_that_is_not_named(start, account):
    keys = {"AWS_ACCESS_KEY_ID": "000000000000", "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_REGION": "us-east-1"}
    run = start(*ONE, "-D", "target=aws", "-D", "report=no", AWS_ENDPOINT_URL=account[0].url, **keys)
    assert run.ended() == 1
    assert "Name it with -D retail_bootstrap_servers=host:port." in run.output
    assert "Traceback" not in run.output


def test_a_broker_that_is_not_there(guest):
    run = guest("127.0.0.1:1")
    assert run.ended() == 1
    assert "Kafka at 127.0.0.1:1 does not answer:" in run.output
    assert "Check retail_bootstrap_servers" in run.output
    assert "Traceback" not in run.output


def test_topics_that_are_missing_are_all_named(guest):
    cluster = MockCluster()
    try:
        for topic in TOPICS[:2]:
            cluster.create_topic(topic)
        run = guest(cluster.address)
        assert run.ended() == 1
    finally:
        cluster.close()
    for topic, setting in zip(TOPICS[2:], ("retail_offers_topic", "retail_dead_letters_topic"), strict=True):
        assert f"has no topic {topic}. Create it, or name another one with -D {setting}=…" in run.output
    assert "has no topic pageviews" not in run.output


def test_a_topic_that_may_not_be_used(guest, cluster):
    cluster.refuse_topic("upsell_events", NOT_ALLOWED)
    run = guest(cluster.address)
    assert run.ended() == 1
    assert "does not allow the suite what it asks about upsell_events" in run.output
    assert "It needs READ and DESCRIBE on all four topics" in run.output


def test_a_table_that_is_not_there(guest, cluster):
    run = guest(cluster.address, *ONE, "-D", "retail_users_table=nope")
    assert run.ended() == 1
    assert 'There is no table of the users called "nope" (setting retail_users_table).' in run.output


@pytest.mark.parametrize(
    ("running", "silent"),
    [
        ((), "The User Service does not answer: page views are not enriched."),
        (MODULES[1:], "The User Service does not answer: page views are not enriched."),
        (MODULES[:1], "The Promotions Service does not answer: users on the Free plan are offered nothing."),
    ],
)
def test_a_service_that_does_not_run(guest, cluster, serve, account, running, silent):
    serve(cluster, *running)
    run = guest(cluster.address)
    assert run.ended() == 1
    assert f"{silent} Is it running, and does it read the topics that the settings name?" in run.output
    assert run.words() == ["broken"]
    assert _users(account) == []


def test_a_service_of_the_run_that_does_not_start(start, tmp_path):
    system = tmp_path / "retail"
    (system / "services").mkdir(parents=True)
    (system / "services" / "user_service.py").write_text("raise SystemExit('There is no such table.')\n")
    (system / "services" / "promotions_service.py").write_text("raise SystemExit('There is no such topic.')\n")
    template = system / "template.yaml"
    template.write_text((SYSTEM / "template.yaml").read_text())
    run = start(*ONE, "-D", f"retail_template={template}", "-D", "patience=2", "-D", "report=no")
    assert run.ended() == 1
    assert "The User Service does not answer: page views are not enriched." in run.output
    assert "it has ended with status 1: There is no such table." in run.output


# --- a deployment of somebody's ------------------------------------------------------------------


def test_features_are_green_on_somebody_s_deployment_and_leave_nothing(guest, cluster, serve, account):
    serve(cluster, *MODULES)
    run = guest(cluster.address, "features/retail")
    assert run.ended(240) == 0, run.output
    assert "72 passed, 21 skipped" in run.output, "what restarts services or brings a burst is left out, and says so"
    assert _users(account) == []


def test_features_are_green_by_tls_and_password(guest, cluster, serve, tmp_path):
    serve(cluster, *MODULES)
    paths = certificate(tmp_path)
    door = GuardedKafka(cluster.address, paths)
    try:
        run = guest(door.address, *ONE, *_login(paths[0]), ACCEPTANCE_RETAIL_SASL_PASSWORD=PASSWORD)
        assert run.ended() == 0, run.output
        assert door.logged_in
        assert "1 passed" in run.output
    finally:
        door.close()


def test_a_password_that_is_wrong(guest, cluster, tmp_path):
    paths = certificate(tmp_path)
    door = GuardedKafka(cluster.address, paths)
    try:
        run = guest(door.address, *ONE, *_login(paths[0]), ACCEPTANCE_RETAIL_SASL_PASSWORD="wrong-one")
        assert run.ended() == 1
    finally:
        door.close()
    assert f"Kafka at {door.address} does not let the suite in:" in run.output
    assert "the password is wrong" in run.output
    assert "wrong-one" not in run.output


def test_a_certificate_that_is_not_trusted(guest, cluster, tmp_path):
    (tmp_path / "other").mkdir()
    door = GuardedKafka(cluster.address, certificate(tmp_path))
    other, _ = certificate(tmp_path / "other")
    try:
        run = guest(door.address, *ONE, *_login(other), ACCEPTANCE_RETAIL_SASL_PASSWORD=PASSWORD)
        assert run.ended() == 1
    finally:
        door.close()
    assert f"Kafka at {door.address} did not complete the TLS handshake:" in run.output


def _login(trusted):
    names = {
        "retail_security_protocol": "sasl_ssl",
        "retail_sasl_mechanism": "PLAIN",
        "retail_sasl_username": USER,
        "retail_ssl_ca": trusted,
    }
    return [part for name, value in names.items() for part in ("-D", f"{name}={value}")]


def _users(account):
    [table] = account[1].dynamodb.list_tables()["TableNames"]
    return account[1].dynamodb.scan(TableName=table)["Items"]


# --- half-way ------------------------------------------------------------------------------------


@pytest.fixture
def under_way(start, wait_until):
    """A run on an embedded broker whose first scenario has passed."""
    run = start("features/retail", "-D", "report=no")
    wait_until(lambda: "] passed" in run.output, "the first scenario has passed", 40)
    return run


def _parts(run):
    """Tell the processes that a run has started, by what they are."""
    found = {}
    for process, parent, _ in processes():
        if parent == run.process.pid:
            command = Path(f"/proc/{process}/cmdline").read_text().split("\0")
            found[command[-2] if "keeper" in command[2] else command[2].rpartition(".")[2]] = process
    return found


def _all_of(run):
    groups = set(_parts(run).values())
    return [process for process, _, group in processes() if group in groups]


def test_a_run_starts_a_broker_and_two_services_and_leaves_none(under_way):
    assert set(_parts(under_way)) == {"emulator", "mock_cluster", *MODULES}
    members = _all_of(under_way)
    assert len(members) >= 6  # each service has its keeper
    assert under_way.ended(300) == 0, under_way.output
    assert not _alive(members)


def test_a_broker_that_dies(under_way):
    members = _all_of(under_way)
    os.kill(_parts(under_way)["mock_cluster"], signal.SIGKILL)
    assert under_way.ended() == 1
    assert under_way.output.count("The embedded broker has died") == 2, "where it happens, and as the one cause"
    assert "Nothing can be said about the system from here on; run again." in under_way.output
    assert "failed" not in under_way.words(), "nobody has broken a promise"
    assert "broken" in under_way.words()
    assert "Traceback" not in under_way.output
    assert "retail_" not in "".join(under_way.messages()), "no setting leads to the run's own broker"
    assert not _alive(members)


def test_a_broker_of_a_worker_that_dies(start, wait_until):
    run = start("features/retail", "-j", "2", "-D", "report=no")
    wait_until(lambda: "passed " in run.output, "the first scenario has passed", 60)
    [broker] = _below(run.process.pid, "acceptance.kafka.mock_cluster")
    os.kill(broker, signal.SIGKILL)
    assert run.ended(120) == 1
    assert "The embedded broker has died (exit status -9)" in run.output
    assert "failed" not in run.words(), "nobody has broken a promise"
    assert "retail_" not in "".join(run.messages()), "no setting leads to the run's own broker"


def _below(ancestor, module):
    """Return the processes that one has started, itself or by others, to run a module."""
    parents = {process: parent for process, parent, _ in processes()}
    found = []
    for process in parents:
        above = process
        while above in parents and above != ancestor:
            above = parents[above]
        if above == ancestor and module in Path(f"/proc/{process}/cmdline").read_text().split("\0"):
            found.append(process)
    return found


def test_a_cluster_of_somebody_that_goes_away(guest, cluster, serve, wait_until):
    serve(cluster, *MODULES)
    run = guest(cluster.address, "features/retail/dead_letters.feature")
    wait_until(lambda: "[ 1/25] passed" in run.output, "the first scenario has passed", 40)
    cluster.go_away()
    assert run.ended() == 1
    assert f"Kafka at {cluster.address} does not answer" in run.output, run.output
    assert "failed" not in run.words(), "nobody has broken a promise"
    assert "Traceback" not in run.output


def test_ctrl_c_leaves_no_process(under_way):
    members = _all_of(under_way)
    under_way.tell(signal.SIGINT)
    assert under_way.ended() != 0
    assert not _alive(members)


def test_a_run_that_is_killed_leaves_no_process(under_way, wait_until):
    members = _all_of(under_way)
    os.kill(under_way.process.pid, signal.SIGKILL)
    wait_until(lambda: not _alive(members), "every process has ended", 10)


def _alive(members):
    return {process for process, _, _ in processes()} & set(members)
