"""The lease of a run: how other runs know that it is still alive, and what they restore if it is not.

It is stored in the description of the rule of the run's event tap. The run renews it; a killed run does
not. Writing and reading both use the cloud's clock, never the clocks of two machines.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

from acceptance.aws.account import Account

PREFIX = "acceptance-tap"
# A run that is cut off from the network for longer than this could not check anything either.
LEASE_SECONDS = 90
RENEW_SECONDS = 30
WORDS = "Event tap of an acceptance run; may be removed once its lease has ended (epoch s):"

# What a scenario has changed, and what it was before.
Change = Sequence[Any]


@dataclass(frozen=True)
class Lease:
    """The lease of one run: its tap, its end (epoch s, the cloud's clock), and what is to be restored."""

    tap: str
    until: float
    put_back: Sequence[Change] = ()

    @property
    def run_id(self) -> str:
        """The id of the run whose lease this is."""
        return self.tap.split("-", 3)[3]

    @property
    def words(self) -> str:
        """The lease as it stands in the rule's description."""
        told = {"until": round(self.until), "put back": self.put_back}
        return f"{WORDS} {json.dumps(told, separators=(',', ':'))}"

    @classmethod
    def of_rule(cls, name: str, description: str) -> Lease | None:
        """Read the lease of a rule; None for a rule that does not belong to a tap.

        A tap without a readable lease counts as alive until the expiry in its name.
        """
        parts = name.split("-", 3)
        if not name.startswith(f"{PREFIX}-") or len(parts) < 4 or not parts[2].isdigit():
            return None
        try:
            told = json.loads(description.removeprefix(WORDS))
            return cls(name, float(told["until"]), tuple([what, was] for what, was in told["put back"]))
        except (ValueError, LookupError, TypeError):
            return cls(name, float(parts[2]))


@dataclass(frozen=True)
class Leases:
    """The leases of the runs that use a bus, those that have ended apart from those that have not."""

    living: Sequence[Lease]
    ended: Sequence[Lease]


def leases(account: Account, bus: str) -> Leases:
    """Read the leases of all runs that have a tap on a bus."""
    pages = list(account.events.get_paginator("list_rules").paginate(EventBusName=bus, NamePrefix=f"{PREFIX}-"))
    found = [Lease.of_rule(rule["Name"], rule.get("Description", "")) for page in pages for rule in page["Rules"]]
    now = answered_at(pages[-1])
    read = [lease for lease in found if lease]
    return Leases([lease for lease in read if lease.until >= now], [lease for lease in read if lease.until < now])


def answered_at(answer: Mapping[str, Any]) -> float:
    """Return when the cloud gave an answer, by its own clock (epoch s); by ours if an emulator does not say."""
    date = answer["ResponseMetadata"]["HTTPHeaders"].get("date")
    return parsedate_to_datetime(date).timestamp() if date else time.time()
