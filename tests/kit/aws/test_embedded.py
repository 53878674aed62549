"""The embedded account starts on a port of its own and leaves nothing behind, however it ends."""

import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from places import ROOT

from acceptance.aws.account import Account
from acceptance.aws.deployment import deploy
from acceptance.aws.embedded import Ahead, EmbeddedAccount
from acceptance.trouble import Trouble

pytestmark = pytest.mark.cloud
reads_proc = pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="looks into /proc, which only Linux has")

LISTENING = "0A"
LOOPBACK = "0100007F"
SYSTEM = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Only:
    Type: AWS::Serverless::Function
    Properties: {FunctionName: only, CodeUri: code, Handler: app.handler, Runtime: python3.13, Timeout: 600}
"""
BUSY = """
import pathlib, threading

def handler(event, context):
    pathlib.Path(event["flag"]).touch()
    threading.Event().wait(600)
"""
CALL_HOME = """
import boto3

def handler(event, context):
    return boto3.client("sts").get_caller_identity()["Account"]
"""
# A run in small: an account with a function that is busy in a worker process, then a wait for the end.
RUN = """
import json, signal, sys
from pathlib import Path
from acceptance.aws.account import Account
from acceptance.aws.deployment import deploy
from acceptance.aws.embedded import Ahead, EmbeddedAccount

signal.signal(signal.SIGINT, signal.default_int_handler)
with EmbeddedAccount() as embedded:
    account = Account("us-east-1", embedded.url, "000000000000")
    deploy(account, Path(sys.argv[1]))
    payload = json.dumps({"flag": sys.argv[2]})
    account.client("lambda").invoke(FunctionName="only", InvocationType="Event", Payload=payload)
    print(json.dumps({"port": embedded.port, "group": embedded._process.pid}), flush=True)
    signal.pause()
"""


@pytest.fixture
def temp(tmp_path, monkeypatch):
    """The place of temporary directories, empty at first."""
    place = tmp_path / "temp"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place


@pytest.fixture
def embedded(temp):
    with EmbeddedAccount() as account:
        yield account


@pytest.fixture
def flag(tmp_path):
    """The file that the busy function makes when it has begun."""
    return tmp_path / "flag"


@pytest.fixture
def busy_system(tmp_path):
    """The template of a system whose only function does not come to its end."""
    return write_system(tmp_path, BUSY)


@pytest.fixture
def busy(temp, busy_system, flag, wait_until):
    """An account with a function that is busy in a worker process."""
    with EmbeddedAccount() as embedded:
        deploy(Account("us-east-1", embedded.url, "000000000000"), busy_system)
        payload = json.dumps({"flag": str(flag)})
        client(embedded, "lambda").invoke(FunctionName="only", InvocationType="Event", Payload=payload)
        wait_until(flag.exists, "the function is busy")
        yield embedded


@pytest.fixture
def run(temp, busy_system, flag, wait_until):
    """A run in its own process, with its output about the account."""
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, busy_system, flag],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(temp)},
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        told = json.loads(process.stdout.readline())
        wait_until(flag.exists, "the function is busy")
        yield process, told
    finally:
        process.kill()
        process.wait(10)
        process.stdout.close()


def write_system(folder, code):
    template = folder / "system" / "template.yaml"
    (template.parent / "code").mkdir(parents=True)
    template.write_text(SYSTEM)
    (template.parent / "code" / "app.py").write_text(code)
    return template


def client(embedded, service="dynamodb"):
    return Account("us-east-1", embedded.url, "000000000000").client(service)


def members(group):
    """The processes of a group that have not ended."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, its_group = stat.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue  # it ended while we looked
        if int(its_group) == group and state != "Z":
            found.append(int(stat.parent.name))
    return found


def listening_sockets(group):
    """The local addresses, as in /proc/net/tcp, on which a group listens."""
    opened = {str(fd.readlink()) for pid in members(group) for fd in Path(f"/proc/{pid}/fd").iterdir()}
    rows = [row.split() for table in ("tcp", "tcp6") for row in Path(f"/proc/net/{table}").read_text().splitlines()[1:]]
    return {row[1] for row in rows if row[3] == LISTENING and f"socket:[{row[9]}]" in opened}


def is_closed(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def test_first_call_is_answered(embedded):
    assert client(embedded).list_tables()["TableNames"] == []


@pytest.mark.quiet
def test_warm_call_is_answered_without_delay(embedded):
    dynamodb = client(embedded)
    dynamodb.list_tables()
    times = []
    for _ in range(15):
        start = time.perf_counter()
        dynamodb.list_tables()
        times.append(time.perf_counter() - start)
    assert statistics.median(times) < 0.02


@reads_proc
def test_listens_on_its_port_of_the_loopback_interface_only(embedded):
    client(embedded).list_tables()
    assert listening_sockets(embedded._process.pid) == {f"{LOOPBACK}:{embedded.port:04X}"}


def test_listens_on_the_port_asked_for(temp):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with EmbeddedAccount(port) as embedded:
        assert embedded.url == f"http://127.0.0.1:{port}"


def test_taken_port_is_refused_with_a_sentence(temp):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Trouble) as trouble:
            EmbeddedAccount(port)
    assert str(trouble.value) == (
        f"Port {port} is taken, so the embedded account cannot listen there. "
        "Choose another one with -D embedded_port=…, or leave the setting out to take a free port."
    )


def test_refused_start_leaves_no_directory(temp):
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(Trouble):
        EmbeddedAccount(taken.getsockname()[1])
    assert list(temp.iterdir()) == []


def test_two_at_once_share_no_state(embedded):
    with EmbeddedAccount() as other:
        client(other, "sqs").create_queue(QueueName="orders")
        assert client(embedded, "sqs").list_queues().get("QueueUrls", []) == []


def test_two_at_once_end_on_their_own(embedded):
    with EmbeddedAccount():
        pass
    assert client(embedded).list_tables()["TableNames"] == []


def test_alive_until_stopped(embedded):
    assert embedded.alive


def test_not_alive_after_a_crash(embedded, wait_until):
    os.kill(embedded._process.pid, signal.SIGKILL)
    wait_until(lambda: not embedded.alive, "the crash was noticed")


def test_log_survives_where_it_was_asked_for(temp):
    log = temp / "account.log"
    EmbeddedAccount(log=log).stop()
    assert [path.name for path in temp.iterdir()] == ["account.log"]


@reads_proc
def test_its_log_can_be_moved(embedded, temp, wait_until):
    log = temp / "elsewhere" / "account.log"
    embedded.log_to(log)
    written_to = Path(f"/proc/{embedded.pid}/fd/2")
    wait_until(lambda: written_to.readlink() == log, "the log is moved")
    assert log.stat().st_mode & 0o077 == 0


class TestAhead:
    """An account that begins before it is known for sure that it is wanted."""

    @pytest.fixture(autouse=True)
    def own_place(self, temp, monkeypatch):
        monkeypatch.delenv("ACCEPTANCE_TARGET", raising=False)

    def test_is_taken_once(self):
        Ahead.begin({})
        with Ahead.take() as account:
            assert client(account).list_tables()["TableNames"] == []
            assert Ahead.take() is None

    @pytest.mark.parametrize("userdata", [{"target": "aws"}, {"embedded_port": "4567"}], ids=["aws", "a certain port"])
    def test_is_not_begun_for_a_run_that_wants_another(self, userdata):
        Ahead.begin(userdata)
        assert Ahead.take() is None

    def test_ends_with_a_process_that_does_not_take_it(self, temp):
        code = "from acceptance.aws.embedded import Ahead; Ahead.begin({}); print(Ahead._account.result().pid)"
        begun = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env={**os.environ, "TMPDIR": str(temp)},
            check=True, capture_output=True, timeout=60,
        )  # fmt: skip
        with pytest.raises(ProcessLookupError):
            os.kill(int(begun.stdout), 0)
        assert list(temp.iterdir()) == []


@reads_proc
def test_callers_aws_settings_stay_outside(temp, monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
    monkeypatch.setenv("ACCEPTANCE_SERVERLESSPRESSO_CUSTOMER_PASSWORD", "hunter2")
    with EmbeddedAccount() as embedded:
        inside = Path(f"/proc/{embedded._process.pid}/environ").read_text().split("\0")
    names = {entry.partition("=")[0] for entry in inside}
    assert not names & {"AWS_PROFILE", "ACCEPTANCE_SERVERLESSPRESSO_CUSTOMER_PASSWORD"}
    assert "hunter2" not in "".join(inside)  # its own secret stands there instead of the caller's


def test_keys_that_sign_tokens_stay_in_its_own_directory(embedded, temp):
    cognito = client(embedded, "cognito-idp")
    pool = cognito.create_user_pool(PoolName="customers")["UserPool"]["Id"]
    app = cognito.create_user_pool_client(UserPoolId=pool, ClientName="app")["UserPoolClient"]["ClientId"]
    cognito.admin_create_user(UserPoolId=pool, Username="ada")
    cognito.admin_set_user_password(UserPoolId=pool, Username="ada", Password="Latte-123", Permanent=True)
    cognito.initiate_auth(
        ClientId=app,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "ada", "PASSWORD": "Latte-123"},
    )
    assert list(temp.rglob("*.pem"))


def test_functions_reach_the_account_whatever_proxy_the_caller_uses(tmp_path, temp, monkeypatch):
    template = write_system(tmp_path, CALL_HOME)
    with monkeypatch.context() as patch:
        patch.setenv("http_proxy", "http://127.0.0.1:9")
        embedded = EmbeddedAccount()
    with embedded:
        deploy(Account("us-east-1", embedded.url, "000000000000"), template)
        answer = client(embedded, "lambda").invoke(FunctionName="only")
        assert json.load(answer["Payload"]) == "000000000000"


class TestStop:
    """Each fact about `stop()`, while a function is busy in a worker process."""

    @reads_proc
    def test_leaves_no_process(self, busy, wait_until):
        assert len(members(busy._process.pid)) > 1  # the emulator and the worker
        busy.stop()
        wait_until(lambda: not members(busy._process.pid), "the group has ended")

    def test_leaves_no_directory(self, busy, temp):
        busy.stop()
        assert list(temp.iterdir()) == []

    def test_closes_the_port(self, busy):
        busy.stop()
        assert is_closed(busy.port)

    def test_may_be_called_again(self, embedded):
        embedded.stop()
        embedded.stop()

    @reads_proc
    def test_leaves_no_worker_of_an_account_that_crashed(self, busy, wait_until):
        os.kill(busy._process.pid, signal.SIGKILL)
        busy.stop()
        wait_until(lambda: not members(busy._process.pid), "the workers have ended")


@reads_proc
@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT], ids=lambda s: s.name)
def test_ends_with_the_run_whatever_ends_it(run, ending, temp, wait_until):
    process, told = run
    assert len(members(told["group"])) > 1  # the emulator and the worker
    os.killpg(process.pid, ending)  # as a terminal does: to the run's whole process group
    wait_until(lambda: is_closed(told["port"]), "the port is closed")
    wait_until(lambda: not members(told["group"]), "the group has ended")
    wait_until(lambda: not list(temp.iterdir()), "the temporary directory is gone")
