"""A run of behave as a guest on a deployed system in some weather, and its results.

The system itself has no weather: its functions, services and programs call the account directly. Only the suite's calls
go through the station.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from acceptance.aws.account import Account
from acceptance.aws.deployment import deploy
from acceptance.aws.embedded import EmbeddedAccount
from acceptance.aws.secret import SECRET
from acceptance.kafka.mock_cluster import MockCluster
from acceptance.weather.station import Station
from acceptance.weather.weathers import Weather
from support.retail.parts import topics_of
from support.retail.settings import RetailSettings
from trust.system_copy import CAFE, ROOT, SYSTEMS, TEMPLATE

ACCOUNT, REGION = "000000000000", "us-east-1"
CUSTOMER, PASSWORD = "ada", "Aa1!of-a-guest"
RETAIL, FULFILMENT, DURABLE = "retail", "fulfilment", "durable_orders"
ALL = (CAFE, DURABLE, FULFILMENT, RETAIL)
SERVICES = ("services.user_service", "services.promotions_service")
LONGEST_SECONDS = 3600


@dataclass(frozen=True)
class Row:
    """The results of one system's features in one weather. `why` are the messages of scenarios that did not pass."""

    weather: str
    seed: int
    system: str
    verdicts: Mapping[str, int]
    seconds: float
    station: str
    why: Sequence[str] = field(default_factory=tuple)
    each: Mapping[str, float] = field(default_factory=dict)

    @property
    def scenarios(self) -> int:
        """The number of scenarios that ran, without those that this guest must leave out."""
        return sum(self.verdicts.values()) - self.verdicts.get("skipped", 0)


@contextlib.contextmanager
def deployed(system: str, folder: Path, source: Path | None = None) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Deploy a system into an account as its owner, and yield the account's URL and the guest's environment variables.

    `folder` is for temporary files, `source` a copy of the system.
    """
    source = source or SYSTEMS / system
    with contextlib.ExitStack() as stack:
        embedded = stack.enter_context(EmbeddedAccount(log=folder / "account.log"))
        account = Account(REGION, embedded.url, ACCOUNT)
        deploy(account, source / TEMPLATE)
        known: dict[str, str] = {
            "AWS_ACCESS_KEY_ID": ACCOUNT,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_REGION": REGION,
            "ACCEPTANCE_TARGET": "aws",
            "ACCEPTANCE_EXCLUSIVE": "yes",
        }
        if system == CAFE:
            _register_the_customer(account)
            known |= {
                "ACCEPTANCE_SERVERLESSPRESSO_CUSTOMER_USERNAME": CUSTOMER,
                "ACCEPTANCE_SERVERLESSPRESSO_CUSTOMER_PASSWORD": PASSWORD,
            }
        elif system == FULFILMENT:
            known |= {
                "ACCEPTANCE_FULFILMENT_PREPARE": "yes",
                "ACCEPTANCE_FULFILMENT_DIALOGUE": str(_dialogue_that_leads_to(embedded.url, folder, source)),
            }
        elif system == RETAIL:
            cluster = stack.enter_context(_served(account, folder, source))
            known |= {"ACCEPTANCE_RETAIL_BOOTSTRAP_SERVERS": cluster.address}
        yield embedded.url, known


def run_in(weather: Weather, seed: int, system: str, folder: Path, *arguments: str, source: Path | None = None) -> Row:
    """Run features as a guest in some weather: those among the arguments, or all of the system.

    `source` is a copy of the system to deploy instead.
    """
    with (
        deployed(system, folder, source) as (url, known),
        Station(url, weather, seed, secret=SECRET, guests=True) as station,
    ):
        chosen = arguments if any("features" in one for one in arguments) else (f"features/{system}", *arguments)
        results = folder / "results"
        began = time.monotonic()
        done = subprocess.run(
            [*(sys.executable, "-m", "behave", *chosen), "-D", f"results={results}", "-D", "report=no"],
            cwd=ROOT,
            env={**_surroundings(folder), **known, "AWS_ENDPOINT_URL": station.url},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=LONGEST_SECONDS,
            check=False,
        )
        took = time.monotonic() - began
        (folder / "console.log").write_text(done.stdout, encoding="utf-8")
        return _row(weather, seed, system, results, took, station.words)


def _row(weather: Weather, seed: int, system: str, results: Path, seconds: float, told: str) -> Row:
    read = [json.loads(path.read_text("utf-8")) for path in sorted(results.glob("*-result.json"))]
    verdicts = Counter(str(one["status"]) for one in read)
    why = [
        f"{one['status']}: {one['name']}: {one.get('statusDetails', {}).get('message', '')}"
        for one in read
        if one["status"] not in ("passed", "skipped")
    ]
    each = {one["name"]: (one["stop"] - one["start"]) / 1000 for one in read if one["status"] == "passed"}
    return Row(weather.name, seed, system, dict(verdicts), round(seconds, 1), told, why, each)


def _surroundings(folder: Path) -> dict[str, str]:
    """Remove the user's own settings from the environment."""
    ours = ("AWS_", "ACCEPTANCE_", "CAFE_")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**inherited, "HOME": str(folder), "AWS_EC2_METADATA_DISABLED": "true", "PYTHONIOENCODING": "utf-8"}


def _register_the_customer(account: Account) -> None:
    cognito = account.client("cognito-idp")
    pool = cognito.list_user_pools(MaxResults=1)["UserPools"][0]["Id"]
    cognito.admin_create_user(UserPoolId=pool, Username=CUSTOMER, MessageAction="SUPPRESS")
    cognito.admin_set_user_password(UserPoolId=pool, Username=CUSTOMER, Password=PASSWORD, Permanent=True)


def _dialogue_that_leads_to(url: str, folder: Path, source: Path) -> Path:
    """Let the programs call the account directly, not through the suite's proxy."""
    shipped = (ROOT / "features" / FULFILMENT / "dialogue.yaml").read_text(encoding="utf-8")
    there = shipped.replace("folder: ../../systems/fulfilment", f"folder: {source}")
    dialogue = folder / "dialogue.yaml"
    dialogue.write_text(there.replace("{endpoint}", url), encoding="utf-8")
    return dialogue


@contextlib.contextmanager
def _served(account: Account, folder: Path, source: Path) -> Iterator[MockCluster]:
    """Run both retail services on a cluster of their own."""
    cluster = MockCluster()
    for topic in topics_of(RetailSettings()):
        cluster.create_topic(topic)
    [table] = account.dynamodb.list_tables()["TableNames"]
    where = {
        **account.environment(),
        "KAFKA_CLIENT_BOOTSTRAP_SERVERS": cluster.address,
        "KAFKA_CONSUMER_GROUP_PROTOCOL": "consumer",
        "KAFKA_CONSUMER_FETCH_WAIT_MAX_MS": "5",
        "USERS_TABLE": table,
    }
    running = [
        subprocess.Popen([sys.executable, "-m", module], cwd=source, env=_surroundings(folder) | where)
        for module in SERVICES
    ]
    try:
        yield cluster
    finally:
        for process in running:
            process.kill()
            process.wait(10)
        cluster.close()
