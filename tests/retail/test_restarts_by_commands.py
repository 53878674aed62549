"""Services under a user's own control, on a real broker: scenarios that stop them half-way are green there too."""

import sys
from pathlib import Path

import pytest
import yaml
from deployed import deployed
from places import SYSTEMS
from real_kafka import PROGRAM, real_kafka
from service_control import describe, end_all, start
from topics import TOPICS

from acceptance.aws.secret import SECRET
from trust.behave_run import run_behave

pytestmark = [
    pytest.mark.trust("programs"),
    pytest.mark.cloud,
    pytest.mark.runs,
    pytest.mark.slow,
    pytest.mark.skipif(not PROGRAM, reason="noida-db is not installed"),
]
SYSTEM = SYSTEMS / "retail"
CONTROL = Path(__file__).with_name("service_control.py")
SERVICES = ("user_service", "promotions_service")


@pytest.fixture
def guest(tmp_path):
    """Run features of restarts on services that are started, ended and killed by commands."""
    with deployed(SYSTEM) as (embedded, account), real_kafka(tmp_path, dict.fromkeys(TOPICS, 4)) as address:
        [table] = account.dynamodb.list_tables()["TableNames"]
        environment = {
            **account.environment(),
            "KAFKA_CLIENT_BOOTSTRAP_SERVERS": address,
            "KAFKA_CONSUMER_FETCH_WAIT_MAX_MS": "5",
            "KAFKA_CONSUMER_HEARTBEAT_INTERVAL_MS": "300",
            "USERS_TABLE": table,
        }
        for name in SERVICES:
            describe(tmp_path, name, [sys.executable, "-m", f"services.{name}"], SYSTEM, environment)
            start(tmp_path, name)
        commands = {
            name: {what: f"{sys.executable} {CONTROL} {what} {tmp_path} {name}" for what in ("start", "stop", "crash")}
            for name in SERVICES
        }
        file = tmp_path / "profile.yaml"
        file.write_text(yaml.safe_dump({"system": "retail", "services": commands}), encoding="utf-8")
        keys = {"AWS_ACCESS_KEY_ID": "000000000000", "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_REGION": "us-east-1"}

        def run(*arguments):
            return run_behave(
                tmp_path / "none",
                ("rush", "offers", "dead_letters"),
                *("-D", "target=aws", "-D", f"profile={file}", "-D", f"retail_bootstrap_servers={address}"),
                *("-D", "patience=40", "-D", "quiet=1", *arguments),
                seconds=300,
                variables={**keys, "AWS_ENDPOINT_URL": embedded.url},
                about="retail",
            )

        try:
            yield run
        finally:
            end_all(tmp_path)


def test_a_service_that_is_ended_half_way_loses_nothing(guest):
    """Those that let a service break down run in the kiosk: this broker never misses a member that has died."""
    ran = guest("--tags=restart and not crash")
    assert ran.status == 0, ran.output
    assert len(ran.passed) == 5, ran.output
