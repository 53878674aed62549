"""A deployed café, used by one run: its orders as people see them, and the clean-up.

People act through its parts: they scan at the `bus`, they act at the order `manager`, Mo runs the `shop`. Data
is read where it is stored: in the order `table`, and at the order `processor`, whose workflows serve the orders.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from hamcrest import equal_to

from acceptance.aws.account import Account
from acceptance.aws.at_rest import AtRest
from acceptance.aws.coverage import Snapshot, events_about, take_snapshot
from acceptance.aws.executions import Executions
from acceptance.aws.tap import Event, EventTap, remove_tap
from acceptance.service_levels.levels import Compliance, Judgement, Promise, judge
from acceptance.service_levels.timeline import Timeline
from acceptance.trouble import Trouble
from acceptance.waiting import Pauses, Waiter
from support.serverlesspresso.bus import SOURCE, Bus
from support.serverlesspresso.chronicle import Chronicle
from support.serverlesspresso.counter import Counter
from support.serverlesspresso.dead_letters import DeadLetters
from support.serverlesspresso.leftovers import find_leftovers
from support.serverlesspresso.menu import READ_AT_THE_SHOP
from support.serverlesspresso.messages import UNAVAILABLE
from support.serverlesspresso.order_manager import OrderManager
from support.serverlesspresso.order_processor import OrderProcessor
from support.serverlesspresso.order_table import OrderTable
from support.serverlesspresso.orders import Scan, SeenOrder, drink_of
from support.serverlesspresso.parts import Parts
from support.serverlesspresso.profile import ShopProfile
from support.serverlesspresso.run_data import Created, RunData
from support.serverlesspresso.shop import Shop
from support.serverlesspresso.watched import ORDER, USER

EVIDENCE_MOST = 3
TURNED_AWAY = "the shop said it is closed or full"
# A log line takes some seconds to appear on AWS.
LOG_SECONDS = 10.0


class Cafe:
    """The interfaces of a café for one run. Ids of orders and people carry the run's id."""

    def __init__(
        self,
        account: Account,
        parts: Parts,
        run_id: str,
        tap: EventTap,
        *,
        clock_offset: float = 0,
        shop: ShopProfile = READ_AT_THE_SHOP,
        seed: int = 0,
    ) -> None:
        """Connect to the parts found. `clock_offset`: how far the clocks of its services may differ, in ms.

        `shop`: the profile's menu, capacity, and times. `seed`: of the delays
        where actions are made to overlap.
        """
        self.seed = seed
        self.account = account
        self.clock_offset = clock_offset
        self.run_id = run_id
        self.tap = tap
        self.dialect = parts.dialect
        self.data = RunData(run_id)
        processors = Executions(account.stepfunctions, parts.order_processor, ORDER)
        processors.from_now_on()
        managers = Executions(account.stepfunctions, parts.order_manager, ORDER)
        self.chronicle = Chronicle(account, parts, tap, processors, managers)
        tables = (parts.orders_table, parts.config_table, parts.counting_table)
        self.at_rest = AtRest(account, self.chronicle.observer, run_id, tables, alone=account.endpoint is not None)
        self.bus = Bus(tap, self.data, parts.dialect)
        self.manager = OrderManager(managers, parts.dialect)
        self.processor = OrderProcessor(
            account,
            processors,
            lambda: self.chronicle.wiring.definitions[parts.order_processor],
            self.bus.scan_of,
            shop,
        )
        self.shop = Shop(account, parts, tap, shop)
        self.table = OrderTable(account, parts)
        self.counter = Counter(account, parts)
        self.dead_letters = DeadLetters(account, parts.event_bus, self.bus)
        self.parts = parts

    # --- what people see -----------------------------------------------------------------------

    def order(self, order_id: str) -> SeenOrder:
        """Return the order as it is now, and its last event."""
        seen, events = self.table.order(order_id), self.tap.of_key(order_id)
        return SeenOrder(order_id, seen, events, lambda: self._dead_end(order_id), lambda: self._before(order_id))

    def _before(self, order_id: str) -> str:
        """Describe the orders that its customer had scanned before."""
        earlier = self.bus.scanned_before(order_id)
        found = (self.table.order(one) for one in earlier)
        return "; ".join(order.words if order else "one that is not there" for order in found)

    def order_of_scan(self, scan: Scan) -> SeenOrder:
        """Return the order of a scan, found by the ids in the scan."""
        record = self.table.order(scan.order_id) if scan.order_id else self.table.order_of_user(scan.user_id)

        def dead_end() -> str | None:
            served = self.processor.of_scan(scan)
            told = self._turned_away(scan.user_id, scan.order_id, scan.event_id)
            return TURNED_AWAY if told and not record and not (served and served.running) else None

        return SeenOrder(scan.order_id, record, self.events_to(scan.user_id), dead_end)

    def orders(self, order_ids: Sequence[str]) -> Sequence[SeenOrder]:
        """Return several orders as they are now."""
        return [self.order(order_id) for order_id in order_ids]

    def decided(self, order_ids: Sequence[str]) -> bool:
        """Whether each of these scans has opened an order, or its workflow has ended."""
        return all(self.table.order(order_id) or self.processor.serving(order_id).are_over for order_id in order_ids)

    def unlisted(self) -> Sequence[str]:
        """Return this scenario's stored orders whose workflow is not known yet: new ones are listed late on AWS."""
        stored = [order_id for order_id in self.data.scenario.orders if self.table.order(order_id)]
        return [order_id for order_id in stored if not self.processor.serving(order_id).executions]

    def events(self, order_id: str) -> Sequence[Event]:
        """Return all events on the café's bus about an order."""
        return tuple(event for event in self.tap.of_key(order_id) if event.source == SOURCE)

    def events_to(self, user_id: str) -> Sequence[Event]:
        """Return all events on the café's bus to a customer."""
        return tuple(event for event in self.tap.of_key(user_id, USER.name) if event.source == SOURCE)

    def turned_away(self, order_id: str) -> Sequence[Event]:
        """Return the messages that the shop is closed or full, sent after an order's last scan to who scanned it.

        Such a message need not name the order. One that names another order is about that one.
        """
        return self._turned_away(self.bus.customer_of(order_id), order_id, self.bus.scan_of(order_id))

    def _turned_away(self, user_id: str, order_id: str, event_id: str) -> Sequence[Event]:
        """Messages to a customer that the shop is closed or full, since they scanned an order by an event."""
        told = self.events_to(user_id)
        scanned = [event.sent_ms for event in told if event.id == event_id]
        return [
            event
            for event in told
            if event.detail_type == UNAVAILABLE
            and event["orderId"] in (None, order_id)
            and scanned
            and event.sent_ms >= scanned[0]
        ]

    def news_for_baristas(self, order_id: str) -> Sequence[Event]:
        """Return the events about an order, with the drink's name among the details."""
        return [
            replace(event, detail={**event.detail, "drink": drink_of(event["drinkOrder"]).get("drink")})
            for event in self.events(order_id)
        ]

    # --- timestamps and logs -------------------------------------------------------------------

    def timeline(self, order_id: str, *, with_functions: bool = False) -> Timeline:
        """Return all of the cloud's timestamps of an order. `with_functions`: the functions' runs as well."""
        self.processor.serving(order_id)  # so that its workflow is known to the chronicle
        taken, order = self.manager.taken(order_id), self.table.order(order_id)
        return self.chronicle.timeline(order_id, taken, order, with_functions=with_functions)

    def judge(self, promise: Promise, order_id: str, wait: Waiter) -> Judgement | None:
        """Check a service level for an order; None while not both of its ends are known.

        Unless it was met, the functions' logs are asked too which part took the time, as soon as they are written.
        """
        judged = judge(promise, self.timeline(order_id), self.clock_offset)
        if judged is None or judged.compliance is Compliance.MET:
            return judged
        wait.settle(self.chronicle.all_is_logged, order_id, equal_to(True), patience=LOG_SECONDS)
        return judge(promise, self.timeline(order_id, with_functions=True), self.clock_offset)

    def look_back(self) -> Snapshot:
        """Return the deployed parts, and how this run used them."""
        created = self.data.all
        orders, scans = set(created.orders), set(created.scans)
        processors = self.processor.executions
        return take_snapshot(
            self.chronicle.wiring,
            {
                processors: lambda: [e.arn for e in processors.all() if e.key in orders or str(e.event_id) in scans],
                self.manager.executions: lambda: [action.execution for action in self.manager.all()],
            },
            lambda: events_about(self.tap, orders, {USER.name: set(created.strangers)}),
        )

    def evidence(self, first: Sequence[str] = ()) -> Mapping[str, Any]:
        """Return diagnostics of some of the scenario's orders, the `first` ones before others, for a failure."""
        orders = list(dict.fromkeys([*first, *self.data.scenario.orders]))[:EVIDENCE_MOST]
        for order_id in orders:
            self.processor.serving(order_id)
        return {order_id: self.chronicle.evidence(order_id, self.table.order(order_id)) for order_id in orders}

    def links(self, orders: Sequence[str]) -> Mapping[str, str]:
        """Return where the console shows these orders' workflows and logs."""
        found = [self.chronicle.observer.links(order_id) for order_id in orders]
        return {name: url for links in found for name, url in links.items()}

    # --- clean-up ----------------------------------------------------------------------------

    def end_scenario(self) -> None:
        """Put the shop's settings back, end every workflow and remove every order of the scenario."""
        try:
            self._wait_until_workflows_are_listed()
        finally:
            created = self.data.end_scenario()
            try:
                self._tidy_up(created)
            finally:
                self.shop.put_back()

    def leave(self) -> None:
        """Also remove late workflows and orders, which began after their scenario had ended."""
        self.end_scenario()
        self._tidy_up(self.data.earlier)

    def sweep(self) -> None:
        """Remove the leftovers of killed runs, by any user."""
        left = find_leftovers(self.account, self.parts, self.processor.executions)
        for workflow in left.workflows:
            self.processor.executions.stop(workflow.arn, "The acceptance run of this order was killed.")
        self.table.remove(left.orders, left.people)
        for lease in left.leases:
            if self.shop.put_back_for(lease.put_back):
                remove_tap(self.account, self.parts.event_bus, lease.tap)

    def _wait_until_workflows_are_listed(self) -> None:
        """Wait for this scenario's, for a while: others cannot be stopped, and would fill the shop."""
        if self.account.is_at_hand:
            return
        for _ in Pauses():
            if not self.unlisted():
                break

    def _tidy_up(self, created: Created) -> None:
        try:
            self.processor.stop(set(created.orders), set(created.scans))
        finally:
            self.table.remove(created.orders, created.people)
        # A café that takes malformed scans may have stored them under an id that is not ours.
        self.table.remove([key for user in created.strangers for key in self.table.ids_of_user(user)])

    def refuse_interference(self) -> None:
        """Raise Trouble where others have closed or filled the shop: nothing can be checked then."""
        if self.shop.is_closed_by_others():
            raise Trouble(
                f"The shop was closed during the run (item {self.parts.dialect.settings_key}, storeOpen false), "
                "so what is promised of an open one cannot be checked.",
                "Open it, and run again.",
            )
        running, own = self.processor.executions.running(), self.data.scenario
        others = [one for one in running if one.key not in own.orders and str(one.event_id) not in own.scans]
        if len(running) >= self.processor.capacity > len(running) - len(others):
            raise Trouble(
                f"The shop was filled during the run: {len(others)} of the {self.processor.capacity} orders that it "
                "serves at once are not this scenario's, so it cannot be checked.",
                "Run again when it has more room.",
            )

    def _dead_end(self, order_id: str) -> str | None:
        """Return why an order can no longer change, None while it can."""
        taken = self.manager.taken(order_id)
        if taken:
            seen = self.manager.result(taken[-1])
            if seen.refused:
                return f"the café refused to {seen.action.verb}: {seen.reason}"
        serving = self.processor.serving(order_id)
        # A customer who has scanned several orders was turned away with one of those whose workflow has ended.
        if self.turned_away(order_id) and not serving.open and not self.table.order(order_id):
            self.refuse_interference()
            return TURNED_AWAY
        broken = [e for e in serving.executions if not e.running and not e.succeeded]
        return f"the order's workflow has failed{broken[0].why}" if broken else None
