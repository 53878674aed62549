"""Durable orders as a system of a run: a durable function that is deployed or found, and an online shop's customers."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

from acceptance.aws.account import Account
from acceptance.aws.durable import timeline_of
from acceptance.aws.items import as_json
from acceptance.examination import Finding
from acceptance.root import ROOT
from acceptance.service_levels.timeline import Timeline
from acceptance.service_levels.wall_clock import watch
from acceptance.settings import Settings
from acceptance.system import System
from acceptance.target import template_of
from acceptance.waiting import AWS_PACE, SLOW_PACE, Waiter
from support.durable_orders import examination
from support.durable_orders.driver import DurableOrders
from support.durable_orders.parts import Called, discover_durable_orders
from support.durable_orders.scene import OrderScene, Regulars
from support.durable_orders.settings import DurableOrdersSettings
from support.durable_orders.settlement import contradictions

# The account of a shop that is set up as it is delivered.
DELIVERED = "111111111111"
TEMPLATE = ROOT / "systems" / "durable_orders" / "template.yaml"


class DurableOrdersSystem(System):
    """The online shop of a session."""

    name: ClassVar[str] = "durable_orders"
    policy: ClassVar[str] = "docs/iam-policy-durable-orders.json"
    published: ClassVar[str] = "systems/durable_orders/contracts"
    falls_away: ClassVar[Mapping[str, str]] = examination.FALLS_AWAY
    harms: ClassVar[Sequence[str]] = (r"charge|pay|amount", r"twice|lost|duplicate", "", r"\b(told|says?|words?)\b")
    _found: Mapping[str, Any] = {}

    @classmethod
    def kept_together(cls, settings: Settings) -> Mapping[str, int]:
        """Return the tag of all scenarios about the shop, which wait for the same orders."""
        return {"online": 0}

    @property
    def own(self) -> DurableOrdersSettings:
        """The settings of this system."""
        return self.settings.of(DurableOrdersSettings)

    def deploy(self) -> None:
        """Deploy the function."""
        parameters: dict[str, str | int] = {
            "ConfirmationWaitSeconds": self.own.wait,
            "Rehearsals": "allowed" if self.own.rehearsals_allowed else "refused",
        }
        template = template_of(self.own.template, TEMPLATE)
        self.target.deploy(self.target.account, template, parameters, setting="durable_template")

    def examine(self) -> Iterator[Finding]:
        """Look for the function, its alias and its tables."""
        self._found = found = dict[str, Any]()
        return examination.examine(self.target.account, self._sought, found)

    def names(self) -> Mapping[str, str]:
        """Return the names of the parts that the policy names."""
        return examination.names(self._found)

    def described(self) -> Mapping[str, Any]:
        """Return a profile's content for the deployment: its parts, unless the run deploys them."""
        return {"parts": examination.parts(self._found)} if self.settings.on_aws else {}

    def bring_up(self) -> None:
        """Deploy the function, or find it."""
        account, settings = self.target.account, self.own
        if not settings.on_aws:
            self.deploy()
        self.orders = self.enter(account)
        self._found = {Called.payments: self.orders.parts.payments_table}

    @cached_property
    def delivered(self) -> DurableOrders:
        """Deploy a second shop on the embedded account, with the template's defaults for unset parameters."""
        account = self.target.embedded_account(DELIVERED)
        self.target.deploy(account, template_of(self.own.template, TEMPLATE), setting="durable_template")
        return self.enter(account)

    def scene(self) -> OrderScene:
        """Create the scenario's stage, with the regulars and other customers."""
        if "regulars" not in vars(self):  # the other customers' orders were placed before
            watch()
        self.regulars.look_after()
        return OrderScene(self.orders, self.regulars, self._waiter)

    @cached_property
    def regulars(self) -> Regulars:
        """The customers who place one order each as soon as a scenario needs the shop, all at the same time."""
        allowed = {"rehearsals": self.own.rehearsals_allowed, "chaos": self.settings.chaos_allowed}
        regulars = Regulars(self.orders, self._waiter, **allowed)
        self.target.at_the_end(regulars.leave)
        regulars.come()
        return regulars

    def concerns(self, scene: OrderScene) -> Collection[str]:
        """Return the items and charges of the scenario's orders."""
        ours = {one.order_id: one.placed for one in scene.placed.values() if one.order_id}
        for order_id, placed in ours.items() if self.contracts.contracts else ():
            over = scene.orders.has_come_to_an_end(placed)  # asked first: what is read then is final
            stored, booked = scene.orders.tables.stored(order_id), scene.orders.tables.booked(order_id)
            if stored:
                self.contracts.finds("orders", as_json(stored), [order_id], placed.since)
            for entry in booked:
                self.contracts.finds("payments", as_json(entry), [order_id], placed.since)
            if scene.orders.parts.payments_table:
                for words in contradictions(stored, booked, over=over):
                    self.contracts.breaks(words, [order_id])
        return list(ours)

    def why_not(self, tags: Collection[str]) -> str:
        """Also skip scenarios that need something this shop does not do."""
        if "rehearsal" in tags and not self.own.rehearsals_allowed:
            return "it needs a step that fails at first; allow it with -D durable_rehearsals=yes where that is provided"
        if "payments" in tags and not self._found.get(Called.payments):
            return "it is not known where payments are booked; name the table with -D durable_payments_table=…"
        if "embedded" in tags and self.settings.on_aws:
            return "it lets calls fail, or sets up a shop of its own, which only the embedded account allows"
        return super().why_not(tags)

    def keep_evidence(self, scene: OrderScene, *, failed: bool) -> None:
        """Attach the steps of the scenario's orders."""
        from support.durable_orders.evidence import keep  # loads the drawing library, not needed earlier

        keep(scene, failed=failed)

    def timelines(self, scene: OrderScene) -> Mapping[str, Timeline]:
        """Return the timestamps in the history of each order of a scenario."""
        function = self.orders.parts.function
        return {
            f"{name}'s online order": timeline_of(order.order_id, order.submissions().executions, function)
            for name, order in scene.placed.items()
        }

    def enter(self, account: Account) -> DurableOrders:
        """Find the function and its tables in an account. What is left of this session's orders goes at its end."""
        orders = DurableOrders(account, discover_durable_orders(account, self._sought), self.target.run_id)
        self.target.at_the_end(orders.leave)
        return orders

    @property
    def _sought(self) -> DurableOrdersSettings:
        """What names the parts: settings, unless the run deploys the shipped ones."""
        named = self.own.on_aws or self.own.template
        return self.own if named else DurableOrdersSettings(wait=self.own.wait)

    @property
    def _waiter(self) -> Waiter:
        return self.waiter(AWS_PACE if self.settings.like_aws else SLOW_PACE)
