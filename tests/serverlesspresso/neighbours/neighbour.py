"""A neighbour's café on an embedded account beside the tests, and the suite's own commands run there as a guest."""

import json
import re
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from places import FEATURES, ROOT

from trust.guests.account import CUSTOMER, account_with_a_cafe
from trust.system_copy import environment_in

HERE = Path(__file__).parent
# A whole run of two workers takes minutes; one that hangs is ended.
RUN_SECONDS = 1200
STOOD_STILL = "the machine stood still"
# A guest of an embedded account need not wait as long as a guest of AWS.
# It has no other users, so a guest may open and close the shop.
FREE = ("-D", "quiet=2", "-D", "patience=40", "-D", "exclusive=yes")


@dataclass(frozen=True)
class Told:
    """What a command has said: its exit status, and its output."""

    status: int
    output: str

    @property
    def words(self):
        """The output without its lines' ends and their indents."""
        return " ".join(self.output.split())


@dataclass(frozen=True)
class Judged(Told):
    """What a run has found: the message of each scenario, as “feature › scenario”, by its verdict."""

    scenarios: dict[str, dict[str, str]] = field(default_factory=dict)
    seconds: float = 0.0

    def of(self, *verdicts):
        """Return the scenarios with one of these verdicts, and their messages."""
        return {name: said for verdict in verdicts for name, said in self.scenarios.get(verdict, {}).items()}

    def corrected_by(self, again, undecided):
        """Return it with the verdicts of another run on some scenarios."""
        repeated = {name for found in again.scenarios.values() for name in found} & set(undecided)
        kept = {
            verdict: {name: said for name, said in found.items() if name not in repeated}
            for verdict, found in self.scenarios.items()
        }
        for verdict, found in again.scenarios.items():
            kept.setdefault(verdict, {}).update({name: said for name, said in found.items() if name in repeated})
        status = again.status if not (kept.get("failed") or kept.get("broken")) else self.status
        return Judged(status, self.output + again.output, kept, self.seconds + again.seconds)

    @property
    def red(self):
        """The scenarios that failed or could not be checked."""
        return self.of("failed", "broken")

    @property
    def green(self):
        """The scenarios that passed."""
        return self.of("passed")


class Neighbour:
    """One neighbour's café, deployed."""

    def __init__(self, name, account, folder):
        self.name = name
        self.account = account
        self.folder = folder
        self.profile = folder / "profile.yaml"
        self.variables = {
            **account.environment(),
            **{f"ACCEPTANCE_SERVERLESSPRESSO_{name.upper()}": value for name, value in CUSTOMER.items()},
        }
        self._runs = 0
        self._profile()

    def is_open(self, is_open):
        """Open the workshop's shop, or close it: it is delivered closed."""
        self.account.dynamodb.update_item(
            TableName="serverlesspresso-config-table",
            Key={"PK": {"S": "config-ABC"}},
            UpdateExpression="SET storeOpen = :open",
            ExpressionAttributeValues={":open": {"BOOL": is_open}},
        )

    @contextmanager
    def another_table(self, name):
        """Create a leftover table for as long as it is needed."""
        key = {"AttributeName": "PK", "KeyType": "HASH"}
        self.account.dynamodb.create_table(
            TableName=name,
            KeySchema=[key],
            AttributeDefinitions=[{"AttributeName": "PK", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        try:
            yield
        finally:
            self.account.dynamodb.delete_table(TableName=name)

    def runs(self, *arguments, jobs=1, profile=None):
        """Let a guest run behave on the café's features, and return what was found.

        What the machine left undecided, since it stood still, is run once more, one after the other.
        """
        judged = self._run(*arguments, jobs=jobs, profile=profile)
        undecided = [name for name, said in judged.of("broken").items() if STOOD_STILL in said]
        if not undecided:
            return judged
        names = [
            part for name in undecided for part in ("-n", f"^{re.escape(name.partition(' › ')[2].partition(' (')[0])}")
        ]
        again = self._run(*arguments, *names, profile=profile)
        return judged.corrected_by(again, undecided)

    def _run(self, *arguments, jobs=1, profile=None):
        self._runs += 1
        folder = self.folder / f"run-{self._runs}"
        folder.mkdir()
        began = time.monotonic()
        told = self._call(
            *("behave", *self._paths(arguments), *(("-j", str(jobs)) if jobs > 1 else ()), *FREE),
            *("-D", "target=aws", *self._profiled(profile)),
            *("-D", "report=no", *arguments),
            folder=folder,
        )
        results = folder / "reports" / "allure-results"
        return Judged(told.status, told.output, _scenarios(results), time.monotonic() - began)

    def asks(self, command, *arguments, profile=None):
        """Let a guest ask the suite something: doctor, or adopt."""
        self._runs += 1
        folder = self.folder / f"run-{self._runs}"
        folder.mkdir()
        target = ("-D", "target=aws", "-D", f"results={folder / 'allure-results'}")
        return self._call(
            "acceptance", command, *self._paths(arguments), *target, *self._profiled(profile), *arguments, folder=folder
        )

    def _profiled(self, profile):
        """Name a profile: that of the café by default, none where it is False."""
        return () if profile is False else ("-D", f"profile={profile or self.profile}")

    @staticmethod
    def _paths(arguments):
        """The features that are run: all, unless the arguments name some."""
        named = [argument for argument in arguments if argument.endswith(".feature")]
        return () if named else (str(FEATURES / "serverlesspresso"),)

    def _call(self, module, *arguments, folder):
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=folder,
            env={**environment_in(folder), **self.variables, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=RUN_SECONDS,
            check=False,
        )
        return Told(done.returncode, done.stdout)

    def _user_pool(self):
        [pool] = self.account.client("cognito-idp").list_user_pools(MaxResults=2)["UserPools"]
        return pool["Id"]

    def _app_client(self):
        pool = self._user_pool()
        [client] = self.account.client("cognito-idp").list_user_pool_clients(UserPoolId=pool)["UserPoolClients"]
        return client["ClientId"]

    def _profile(self):
        """Write the profile that its owner keeps; the address of an HTTP API is only known once it is deployed."""
        kept = yaml.safe_load((HERE / self.name / "profile.yaml").read_text(encoding="utf-8"))
        for api in self.account.client("apigatewayv2").get_apis()["Items"]:
            url = f"{self.account.endpoint}/restapis/{api['ApiId']}/live/_user_request_"
            kept["parts"] |= {"front_door_url": url, "user_pool_client": self._app_client()}
        self.profile.write_text(yaml.safe_dump(kept, allow_unicode=True, sort_keys=False), encoding="utf-8")


@contextmanager
def neighbour(name, folder, edits=(), file="template.yaml", **parameters):
    """Deploy a neighbour's café, each of `edits` (old, new) made in one of its files, for as long as it is needed."""
    copy = Path(shutil.copytree(HERE / name, folder / name))
    text = (copy / file).read_text(encoding="utf-8")
    for old, new in edits:
        assert text.count(old) == 1, f"{old} stands {text.count(old)} times in {file} of {name}"
        text = text.replace(old, new)
    (copy / file).write_text(text, encoding="utf-8")
    template = copy / "template.yaml"
    with account_with_a_cafe(folder, template, parameters, enforces=False) as owner:
        owner.register_the_customer()
        yield Neighbour(name, owner.account, folder)


def features(*names):
    """Return the paths of features of the café."""
    return [str(FEATURES / "serverlesspresso" / f"{name}.feature") for name in names]


def without_columns(name):
    """Return the name of an example, whose columns are added to it unless they stand there already."""
    return name.partition(" (when: ")[0]


def _scenarios(results):
    """Read the results of a run."""
    found = {}
    for path in results.glob("*-result.json"):
        result = json.loads(path.read_text(encoding="utf-8"))
        labels = {label["name"]: label["value"] for label in result["labels"]}
        name = without_columns(f"{labels['feature']} › {result['name']}")
        found.setdefault(result["status"], {})[name] = result.get("statusDetails", {}).get("message", "")
    return found
