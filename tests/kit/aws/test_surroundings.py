"""The account starts and a system is deployed in it, whatever the caller's shell contains."""

import json
import os
import shutil
import subprocess
import sys

import pytest
from places import ROOT

from acceptance.aws.account import Account
from acceptance.aws.deployment import deploy
from acceptance.aws.embedded import EmbeddedAccount
from acceptance.processes.child import child_environment, system_environment
from acceptance.settings import Settings
from acceptance.target import ACCOUNT_ID, Target
from acceptance.trouble import Trouble

pytestmark = [pytest.mark.cloud, pytest.mark.trust("surroundings")]
# A resource that is made by a function, as the café's opening is: it calls the account, and answers CloudFormation.
SYSTEM = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Only:
    Type: AWS::Serverless::Function
    Properties: {FunctionName: only, CodeUri: code, Handler: app.handler, Runtime: python3.13, Timeout: 20}
  Opened:
    Type: Custom::Opened
    Properties: {ServiceToken: !GetAtt Only.Arn, Drink: Café crème ☕}
"""
CODE = """
import json, time, urllib.request

import boto3

def handler(event, context):
    who = boto3.client("sts").get_caller_identity()["Account"]
    if event.get("ResponseURL"):
        answer = {name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")}
        answer |= {"Status": "SUCCESS", "PhysicalResourceId": event["ResourceProperties"]["Drink"]}
        put = urllib.request.Request(event["ResponseURL"], json.dumps(answer).encode(), method="PUT")
        urllib.request.urlopen(put, timeout=10).close()
    print("Café crème ☕")
    return {"account": who, "zone": time.strftime("%z"), "checked": __debug__}
"""
# What the account is given to do, in a process of its own where the machine itself is not as usual.
RUN = """
import sys
from pathlib import Path
from acceptance.aws.account import Account
from acceptance.aws.deployment import deploy
from acceptance.aws.embedded import EmbeddedAccount
with EmbeddedAccount() as embedded:
    deploy(Account("us-east-1", embedded.url, "000000000000"), Path(sys.argv[1]))
    print("deployed")
"""
# Each took 60 to 90 s and ended in "timed out", or changed what a function sees; shells that differ are kept apart.
SHELLS = {
    "services": {"SERVICES": "s3", "AUTH": "true", "MINISTACK_REGION": "mars-1", "MINISTACK_ACCOUNT_ID": "abc"},
    "hosts": {"MINISTACK_HOST": "shop.example", "LOCALSTACK_HOSTNAME": "shop.example", "HOSTNAME": "shop.example"},
    "listening": {"USE_SSL": "1", "BIND_HOST": "::", "GATEWAY_PORT": "abc", "EDGE_PORT": "abc", "LOG_LEVEL": "LOUD"},
    "lambda": {"LAMBDA_STRICT": "1", "LAMBDA_EXECUTOR": "docker", "LAMBDA_ACCOUNT_CONCURRENCY": "0"},
    "numbers": {"LAMBDA_WARM_TTL_SECONDS": "abc", "MINISTACK_WORKER_THREADS": "abc", "SFN_WAIT_SCALE": "abc"},
    "docker": {"DOCKER_HOST": "tcp://127.0.0.1:9", "DOCKER_NETWORK": "shop"},
    "folders": {
        "PERSIST_STATE": "1",
        "S3_DATA_DIR": "/nowhere",
        "STATE_DIR": "/nowhere",
        "SFN_MOCK_CONFIG": "/nowhere",
    },
    "aws": {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_REGION": "mars-1", "AWS_ACCESS_KEY_ID": "AKIAOFAPERSON"},
    "proxies": {name: "http://127.0.0.1:9" for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY")},
    "warnings": {"PYTHONWARNINGS": "error"},
    "python": {"PYTHONOPTIMIZE": "2", "PYTHONSAFEPATH": "1", "PYTHONSTARTUP": "/nowhere", "PYTHONINSPECT": "1"},
    "ascii": {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C", "LANG": "C"},
    "latin-1": {"PYTHONUTF8": "0", "PYTHONIOENCODING": "latin-1", "LC_ALL": "de_DE.ISO-8859-1"},
    "elsewhere": {"TZ": "Asia/Tokyo", "LC_ALL": "POSIX", "LC_CTYPE": "xx", "LD_PRELOAD": "/nowhere.so"},
}


@pytest.fixture
def system(tmp_path):
    template = tmp_path / "system" / "template.yaml"
    (template.parent / "code").mkdir(parents=True)
    template.write_text(SYSTEM, "utf-8")
    (template.parent / "code" / "app.py").write_text(CODE, "utf-8")
    return template


@pytest.mark.parametrize("shell", SHELLS.values(), ids=SHELLS.keys())
def test_a_system_is_deployed_whatever_the_caller_has_set(system, monkeypatch, shell):
    with monkeypatch.context() as patch:
        for name, value in shell.items():
            patch.setenv(name, value)
        embedded = EmbeddedAccount()
    with embedded:
        account = Account("us-east-1", embedded.url, ACCOUNT_ID)
        deploy(account, system)
        answer = json.load(account.client("lambda").invoke(FunctionName="only")["Payload"])
    assert answer == {"account": ACCOUNT_ID, "zone": "+0000", "checked": True}


def test_the_addresses_that_the_account_tells_need_no_names(cafe_account):
    queue = cafe_account[1].sqs.create_queue(QueueName="addresses")["QueueUrl"]
    assert queue.startswith(f"{cafe_account[0].url}/")


@pytest.mark.skipif(shutil.which("unshare") is None, reason="gives a process a machine of its own")
def test_a_system_is_deployed_where_localhost_is_ipv6_only(system, tmp_path):
    hosts = tmp_path / "hosts"
    hosts.write_text("::1 localhost\n")
    elsewhere = ["unshare", "--mount", "sh", "-c", 'mount --bind "$0" /etc/hosts && exec "$@"', hosts]
    if subprocess.run([*elsewhere, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine does not let us")
    done = subprocess.run(
        [*elsewhere, sys.executable, "-c", RUN, system],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.stdout == "deployed\n", done.stderr


def test_a_system_that_cannot_be_deployed_points_at_the_account_s_log(tmp_path):
    template = tmp_path / "system" / "template.yaml"
    template.parent.mkdir()
    template.write_text("Resources:\n  A: {Type: AWS::No::Such}\n")
    target = Target(Settings(), tmp_path / "account.log")
    target.start()
    try:
        with pytest.raises(Trouble) as trouble:
            target.deploy(target.account, template, setting="a_template")
    finally:
        target.stop()
    assert str(trouble.value).startswith("template.yaml could not be deployed: ")
    assert str(trouble.value).endswith(f". The account's log is {os.path.relpath(tmp_path / 'account.log')}.")


def test_the_suite_s_own_programs_get_what_they_need_only(monkeypatch):
    monkeypatch.setenv("SHOP_DEBUG", "1")
    monkeypatch.setenv("PYTHONPATH", "/packages")
    assert "SHOP_DEBUG" not in child_environment()
    assert child_environment()["PATH"] == os.environ["PATH"]
    assert child_environment()["PYTHONPATH"] == "/packages"


def test_a_system_s_programs_get_what_the_caller_has_set_for_them(monkeypatch):
    foreign = {"AWS_PROFILE", "KAFKA_TOPIC", "CAFE_TARGET", "ACCEPTANCE_TARGET", "https_proxy", "PYTHONWARNINGS"}
    foreign.add("OTEL_EXPORTER_OTLP_HEADERS")
    for name in ("SHOP_DEBUG", *foreign):
        monkeypatch.setenv(name, "1")
    told = system_environment()
    assert told["SHOP_DEBUG"] == "1"
    assert not foreign & told.keys()
    assert told["PYTHONUTF8"] == "1"
