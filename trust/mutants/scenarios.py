"""The scenarios of a system's features, and the order in which a mutant runs against them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

from behave.parser import parse_file

from acceptance.report.selection import identities
from trust.mutants.mutant import BETWEEN, Mutant
from trust.system_copy import CAFE, ROOT

FEATURES = ROOT / "features"
FIRST = ("journey", "smoke")
TIMED = "service_level"
# Not run unless somebody asks for it.
LEFT_OUT = "load"
MOST_LIKELY = 3
STEM = 5
RELATED_COUNTS = 3
# Likely features of mutants whose words the features do not use: by system, words of a mutant's name, and the
# feature's file.
_OF_CAFE = (
    (r"orders_api|OrdersApi|FrontDoor|UserPool|GSI", "app"),
    (r"is the scan valid", "malformed_scans"),
    (r"_allowed|_is_open|customer|maxOrders|Too many|TooMany|one more order", "limits"),
    (r"Cancel Order", "cancelling"),
    (r"laim Order|Unmaking|Making", "claiming"),
    (r"_end_|End Order Processor|Resume Order", "confirmation_codes"),
    (r"Duplicate|_duplicate|Scanned before|workflow_started|waiting_completion", "deliveries"),
    (r"open_shop|TimeoutSeconds", "menu"),
    (r"Capacity|capacity|ListExecutions", "capacity"),
    (r"timed|States\.Timeout", "time_outs"),
    (r"Order Number|COUNTING|orderNumber", "order_numbers"),
    (r"Find order|such an order|Catch of|Order refuses|waits no longer|not a valid", "refusals"),
    (r"Emit|Detail|_tell_baristas", "announcements"),
    (r"sanitize|Sanitize|menu", "ordering"),
    (r"Shop Open|storeOpen|Shop not ready", "shop_hours"),
)
RELATED: Mapping[str, Sequence[tuple[str, str]]] = {CAFE: _OF_CAFE}


@dataclass(frozen=True)
class Scenario:
    """One scenario: its key in the results, its location (`file:line`), and its tags."""

    key: str
    place: str
    tags: frozenset[str]

    @property
    def feature(self) -> str:
        """The file of the scenario's feature."""
        return self.place.rpartition(":")[0]

    @property
    def timed(self) -> bool:
        """Whether it checks a service level, which a busy machine may miss."""
        return TIMED in self.tags


def read_scenarios(system: str) -> list[Scenario]:
    """Read every scenario that a run plays: those that show that the system works first, the service levels last."""
    config = SimpleNamespace(base_dir=str(ROOT))
    found = [
        Scenario(identity.key, f"{path}:{scenario.line}", frozenset(map(str, scenario.effective_tags)))
        for path in sorted((FEATURES / system).glob("*.feature"))
        for scenario, identity in identities(parse_file(str(path)), config)
    ]
    played = [scenario for scenario in found if LEFT_OUT not in scenario.tags]
    return sorted(played, key=lambda scenario: (scenario.timed, not scenario.tags.intersection(FIRST)))


class Experience:
    """The scenarios that have caught mutants so far, so that the likely ones come first.

    Next come the few that show that the system works at all, then those with similar words.
    """

    def __init__(self) -> None:
        self._catchers: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
        self._own: dict[str, str] = {}

    def learn(self, mutant: Mutant, key: str) -> None:
        """Remember that this scenario has caught this mutant."""
        self._own[mutant.name] = key
        for size in range(len(mutant.place) + 1):
            self._catchers[mutant.place[:size]][key] += 1

    def likely(self, mutant: Mutant) -> list[str]:
        """Return the scenarios that caught most mutants of the same place, then some of the same file."""
        near = [key for key, _ in self._catchers[mutant.place].most_common()]
        around = [key for key, _ in self._catchers[mutant.place[:1]].most_common(MOST_LIKELY)]
        return list(dict.fromkeys([*near, *around]))

    def order(self, mutant: Mutant, scenarios: Sequence[Scenario]) -> list[Scenario]:
        """Return every scenario: the one that caught this mutant before, then other likely catchers."""
        own = self._own.get(mutant.name)
        rank = {key: number for number, key in enumerate(self.likely(mutant))}
        words = BETWEEN.join([*mutant.place, mutant.change])
        about, related = _stems(words), RELATED.get(mutant.system, ())
        near = {feature for pattern, feature in related if re.search(pattern, words, re.IGNORECASE)}

        def turn(scenario: Scenario) -> tuple[bool, bool, int, bool, int]:
            first = not scenario.tags.intersection(FIRST)
            alike = len(about & _stems(scenario.key)) + RELATED_COUNTS * (
                Path(scenario.place).name.split(".")[0] in near
            )
            return scenario.key != own, scenario.timed, rank.get(scenario.key, len(rank)), first, -alike

        return sorted(scenarios, key=turn)


def _stems(text: str) -> set[str]:
    """Return the beginnings of its longer words, so that claim, claims and claiming are alike."""
    return {word[:STEM].lower() for word in re.findall(r"[A-Za-z][a-z]{4,}", text)}
