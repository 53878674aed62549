"""An account with a deployed café that enforces IAM policies, and guests with limited permissions."""

import contextlib
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

from acceptance.aws.account import Account
from acceptance.aws.deployment import deploy
from acceptance.aws.emulator import HOST
from acceptance.aws.secret import SECRET

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
TEMPLATE = ROOT / "systems" / "serverlesspresso" / "template.yaml"
POLICY = json.loads((ROOT / "docs" / "iam-policy.json").read_text(encoding="utf-8"))["Statement"]
REGION = "us-east-1"
OWNER = "000000000000"
CUSTOMER = {"customer_username": "ada", "customer_password": "Aa1!of-a-guest"}
START_SECONDS = 30
STOP_SECONDS = 5


class Owner:
    """The owner of a running account, who sees everything and sets the permissions of guests."""

    def __init__(self, url, log):
        self.url = url
        self._log = log
        self.account = Account(REGION, url, OWNER)
        self._iam = self.account.client("iam")

    def register_the_customer(self):
        """Add a user to the shop's app, as the documentation requires."""
        cognito = self.account.client("cognito-idp")
        pool = cognito.list_user_pools(MaxResults=1)["UserPools"][0]["Id"]
        name, password = CUSTOMER.values()
        cognito.admin_create_user(UserPoolId=pool, Username=name, MessageAction="SUPPRESS")
        cognito.admin_set_user_password(UserPoolId=pool, Username=name, Password=password, Permanent=True)

    def invite(self, name, statements):
        """Create an IAM user with these statements, and return the environment of their shell."""
        policy = self._iam.create_policy(
            PolicyName=name, PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": statements})
        )["Policy"]
        self._iam.create_user(UserName=name)
        self._iam.attach_user_policy(UserName=name, PolicyArn=policy["Arn"])
        key = self._iam.create_access_key(UserName=name)["AccessKey"]
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
        }

    def taps(self):
        """Return the event taps in the account: their rules and queues."""
        rules = self.account.events.list_rules(EventBusName="Serverlesspresso", NamePrefix="acceptance-tap-")["Rules"]
        queues = self.account.sqs.list_queues(QueueNamePrefix="acceptance-tap-").get("QueueUrls", [])
        return [*(rule["Name"] for rule in rules), *queues]

    def asked(self, guest):
        """Return the distinct pairs of action and resource that guests have requested so far."""
        lines = [line.split() for line in self._log.read_text("utf-8").splitlines()]
        return {(action, resource) for key, action, resource in lines if key == guest["AWS_ACCESS_KEY_ID"]}


@contextlib.contextmanager
def account_with_a_cafe(folder, template=TEMPLATE, parameters=None, *, enforces=True):
    """Start an account, which may enforce IAM, and deploy a café there. It ends with this process in any case."""
    log, state = folder / "asked.txt", folder / "state"
    log.touch()
    state.mkdir()
    with (folder / "account.log").open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, str(HERE / "strict_account.py"), "0"],
            env=_environment(log, state) | {"AUTH": str(enforces).lower()},
            stdin=subprocess.PIPE,  # the account ends with it: see acceptance/aws/emulator.py
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
        )
    try:
        owner = Owner(f"http://{HOST}:{_port(process)}", log)
        deploy(owner.account, template, parameters)
        yield owner
    finally:
        process.stdin.close()
        process.stdout.close()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(STOP_SECONDS)


def _port(process):
    """Read the address it listens on; end it if it never prints one."""
    watchdog = threading.Timer(START_SECONDS, process.kill)
    watchdog.start()
    try:
        return int(process.stdout.readline())
    finally:
        watchdog.cancel()


def _environment(log, state):
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "ACCEPTANCE_", "CAFE_"))
    }
    return {
        **inherited,
        "AWS_SECRET_ACCESS_KEY": SECRET,  # the owner (acceptance/aws/account.py) and the functions sign with it
        "BIND_HOST": HOST,
        "GUEST_LOG": str(log),
        "IOT_MTLS_ENABLED": "0",
        "LOG_LEVEL": "WARNING",
        "PYTHONPATH": str(ROOT),
        "S3_DATA_DIR": str(state),
        "STATE_DIR": str(state),
        "TMPDIR": str(state),
    }
