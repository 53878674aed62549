"""Where a load run takes place: the lead starts an embedded account or checks a real one, and workers join it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from acceptance.aws.account import Account
from acceptance.aws.secret import SECRET
from acceptance.root import ROOT
from acceptance.settings import Settings
from acceptance.target import ACCOUNT_ID, Target
from acceptance.trouble import Trouble

RESULTS = ROOT / "reports" / "load"
LOG = "embedded-account.log"


def invitation(target: Target, told: Mapping[str, str]) -> Mapping[str, Any]:
    """Return what a worker has to know of the lead's target, and of the system; no secret is among it."""
    return {"endpoint": target.account.endpoint or "", "knows": _of_secret(), "told": dict(told)}


class Joined(Target):
    """The target of a worker: where the lead is. It deploys nothing."""

    def __init__(self, settings: Settings, invited: Mapping[str, Any]) -> None:
        """`invited`: what `invitation` has returned."""
        super().__init__(settings)
        self._invited = invited
        self.told: Mapping[str, str] = invited["told"]  # what the lead knows of the system

    def start(self) -> None:
        """Reach the account. Raises Trouble when that cannot be."""
        if self.settings.on_aws:
            super().start()
            return
        if self._invited["knows"] != _of_secret():
            raise Trouble(
                "This worker does not know the secret of the lead's embedded account. Start workers by --processes, "
                "or set ACCEPTANCE_EMBEDDED_SECRET to the same value for the master and each worker."
            )
        self._account = Account(self.settings.region or "us-east-1", self._invited["endpoint"], ACCOUNT_ID)
        self._account.check()


def _of_secret() -> str:
    """Return something of the secret by which two processes see that they have the same one."""
    return hashlib.sha256(f"load {SECRET}".encode()).hexdigest()[:16]
