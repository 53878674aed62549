"""The kiosk of a neighbour beside the tests, and the suite's features run there as a guest, by a profile."""

import json
import os
import sys
from contextlib import contextmanager
from pathlib import Path

import yaml
from service_control import describe, end_all, start

from acceptance.aws.embedded import EmbeddedAccount
from acceptance.aws.secret import SECRET
from trust.behave_run import run_behave

HERE = Path(__file__).parent
CONTROL = HERE.parent / "service_control.py"
TOPICS = {
    "pageviews_topic": "kiosk.views",
    "enriched_topic": "kiosk.known",
    "offers_topic": "kiosk.gifts",
    "dead_letters_topic": "kiosk.DLT",
}
VISITORS = "kiosk.visitors"
NAMES = ("visitors", "gifts")
RUN_SECONDS = 400
# Services beside the tests need a shorter timeout than remote ones.
PATIENCE = ("-D", "patience=15", "-D", "quiet=1")


class Kiosk:
    """The neighbour's services, which run, and their profile."""

    def __init__(self, folder, server, account, **settings):
        self.folder = folder
        self.server = server
        self._account = account
        self._runs = 0
        environment = {"PATH": os.environ["PATH"], "SERVER": server, **settings}
        for name in NAMES:
            describe(folder, name, [sys.executable, HERE / "kiosk.py", name], folder, environment)
            start(folder, name)

    def profile(self, **sections):
        """Return the neighbour's profile, some of whose sections are others."""
        return yaml.safe_load((HERE / "kiosk.yaml").read_text(encoding="utf-8")) | sections

    @property
    def commands(self):
        """The section of a profile that says how the services are ended and started."""
        return {
            service: {
                what: f"{sys.executable} {CONTROL} {what} {self.folder} {name}" for what in ("stop", "start", "crash")
            }
            for service, name in zip(("user_service", "promotions_service"), NAMES, strict=True)
        }

    def runs(self, profile, features, *arguments):
        """Run features by a profile, and return what was found."""
        self._runs += 1
        folder = self.folder / f"run-{self._runs}"
        folder.mkdir()
        file = folder / "profile.yaml"
        file.write_text(yaml.safe_dump(profile, allow_unicode=True), encoding="utf-8")
        keys = {"AWS_ACCESS_KEY_ID": "000000000000", "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_REGION": "us-east-1"}
        return run_behave(
            folder / "none",
            features,
            *("-D", "target=aws", "-D", f"profile={file}", "-D", f"retail_bootstrap_servers={self.server}"),
            *PATIENCE,
            *arguments,
            seconds=RUN_SECONDS,
            variables={**keys, "AWS_ENDPOINT_URL": self._account},
            about="retail",
        )


@contextmanager
def kiosk(folder, server, **settings):
    """Let a kiosk run on a cluster that has its topics, for as long as it is needed."""
    with EmbeddedAccount() as account:
        try:
            yield Kiosk(folder, server, account.url, **settings)
        finally:
            end_all(folder)


def red(ran):
    """Return the names of scenarios that failed or could not be checked, sorted."""
    return sorted(scenario.name.partition(" (")[0] for scenario in ran.red)


def said(ran):
    """Return why scenarios were red."""
    return json.dumps({one.name: one.message for one in ran.red}, indent=1, ensure_ascii=False)
