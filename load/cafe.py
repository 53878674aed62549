"""Locust's file for the café: customers scan, choose, and are served by a barista.

locust -f load/cafe.py --headless -u 5 --run-time 1m --processes 4
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from typing import ClassVar

import gevent
from botocore.exceptions import BotoCoreError, ClientError

from acceptance.aws.tap import Event
from acceptance.contracts import Contracts, Watch
from acceptance.service_levels.levels import Promise
from acceptance.service_levels.timeline import Hop, slowest
from acceptance.system import System
from acceptance.target import Target
from load import stages, users
from load.place import Joined
from load.results import LOST, MISNUMBERED, SERVED, TURNED_AWAY, WRONG, Numbered
from load.run import install
from load.trade import Patience, Trade, Venue, Visit
from support.serverlesspresso.cafe import Cafe
from support.serverlesspresso.messages import FINISHED, WAITS
from support.serverlesspresso.orders import ENDED, Order
from support.serverlesspresso.parts import discover
from support.serverlesspresso.promises import CLAIM, DRINK, PROMISES, READY, SCAN
from support.serverlesspresso.settings import ServerlesspressoSettings
from support.serverlesspresso.shop import Shop
from support.serverlesspresso.system import Serverlesspresso
from support.serverlesspresso.tally import Tally

# The most that the shipped template allows.
ROOM = 99
ASK_AGAIN_SECONDS = 0.05


class Loaded(Serverlesspresso):
    """A worker's café. Reading contracts would keep a worker from everything else for a second of processor time."""

    @cached_property
    def contracts(self) -> Watch:
        """Return none: what load checks are counts and times."""
        return Watch(Contracts())


class CafeTrade(Trade):
    """The café under load."""

    system: ClassVar[type[System]] = Serverlesspresso
    promises: Sequence[Promise] = PROMISES
    numbered: ClassVar[bool] = True
    usd_each: ClassVar[float] = 0.003

    def prepare(self, target: Target) -> Mapping[str, str]:
        """Deploy it with as much room as it can have, or look whether a deployed one serves anybody."""
        if target.settings.on_aws:
            Serverlesspresso(target, side_by_side=True).before_workers()
            return {}
        Serverlesspresso(target).cafes.deploy(target.account, {"Capacity": ROOM})
        parts = discover(target.account, target.settings.of(ServerlesspressoSettings))
        Shop(target.account, parts, None).let_in(ROOM)
        return {}

    def enter(self, target: Joined) -> Venue:
        """Find the café, and listen to what is about this worker's own orders."""
        cafe = Loaded(target, side_by_side=True).cafes.enter(target.account)
        return Counter(cafe, patience=target.settings.patience_seconds)


class Counter:
    """The café as one worker uses it, and the barista who serves its customers."""

    def __init__(self, cafe: Cafe, patience: float) -> None:
        """`patience`: how long a customer waits for each of the café's answers, in s."""
        self._cafe = cafe
        self._patience = patience
        self._tally = Tally(cafe)
        self._counted = 0
        self._drink = cafe.shop.menu().usual.name
        self._barista = cafe.data.new_user_id("Ben")

    @property
    def clock_offset(self) -> float:
        """How far the clocks of two services may differ (ms)."""
        return self._cafe.clock_offset

    def check(self) -> None:
        """Raise Trouble where the tap is lost."""
        self._cafe.tap.check()

    def serve(self, visits: Sequence[Visit]) -> None:
        """Let a customer scan, choose, have the drink claimed and completed, each as soon as the one before is told."""
        [visit] = visits
        cafe, customer = self._cafe, self._cafe.data.new_user_id("Guest")
        order = visit.key = cafe.data.new_order_id()
        way = {
            SCAN: lambda: cafe.bus.scan(customer, order),
            DRINK: lambda: cafe.manager.submit(order, customer, self._drink),
            CLAIM: lambda: cafe.manager.claim(order, self._barista),
            READY: lambda: cafe.manager.complete(order, self._barista),
        }
        for promise, act in way.items():
            visit.takes(promise, act)
            if not self._hears(order, promise.heard):
                visit.words = f"{promise.heard} was not announced within {self._patience:g} s"
                if cafe.turned_away(order):
                    visit.end, visit.words = TURNED_AWAY, "the shop said that it is closed or full"
                break
            if promise is SCAN and not self._is_stored(order):  # an order may be announced before it is stored
                visit.words = f"it was announced, and not stored within {self._patience:g} s"
                break
        else:
            visit.end = SERVED
            self._look_at(visit, customer)
        if visit.end == LOST:
            self._give_up(order)
        visit.measure(PROMISES, cafe.chronicle.stamps(order, cafe.manager.taken(order), cafe.table.order(order)))

    def _give_up(self, order: str) -> None:
        """Cancel an order that nobody waits for any more: in a long run, such orders would fill the shop."""
        with suppress(ClientError, BotoCoreError):
            self._cafe.manager.cancel(order, barista=self._barista)

    def doubled(self) -> Iterator[tuple[str, str]]:
        """Yield what the café has announced too often or too early."""
        events = self._cafe.tap.heard(self._counted)
        self._counted += len(events)
        return self._tally.count(events)

    def heard_all(self) -> None:
        """Wait until a marker has come back."""
        self._cafe.tap.prove_listening()

    def slowest_hop(self, promise: Promise, visit: Visit) -> Hop | None:
        """Look at the histories of an order's workflows for where its time went."""
        start, end = visit.ends[promise.key]
        return slowest(self._cafe.timeline(visit.key), start.ms, end.ms)

    def _hears(self, order: str, *wanted: str) -> bool:
        """Wait until the customer of an order is told one of these; False when it does not come in time."""
        patience = Patience(self._patience)
        while not self._first(order, *wanted):
            left = patience.left()
            if not left or self._cafe.turned_away(order):
                return False
            self._cafe.tap.pause(left)
        return True

    def _is_stored(self, order: str) -> bool:
        """Wait until an order is stored; False when it is not in time. A busy account is asked ever less often."""
        patience, pause = Patience(self._patience), ASK_AGAIN_SECONDS
        while self._cafe.table.order(order) is None:
            if not patience.left():
                return False
            gevent.sleep(pause)
            pause *= 2
        return True

    def _first(self, order: str, *wanted: str) -> Event | None:
        return next((event for event in self._cafe.events(order) if event.detail_type in wanted), None)

    def _look_at(self, visit: Visit, customer: str) -> None:
        """Compare what is stored of a served order with what was ordered."""
        if not self._hears(visit.key, FINISHED):
            visit.wrong.append((WRONG, f"{FINISHED} was not announced within {self._patience:g} s"))
        record = self._cafe.table.order(visit.key)
        if record is None:
            visit.wrong.append((WRONG, "it was announced as completed, and is not stored"))
            return
        if (record.state, record.user_id, record.drink, record.barista) != (
            ENDED[0],
            customer,
            self._drink,
            self._barista,
        ):
            visit.wrong.append((WRONG, f"it was announced as completed, and {record.words}"))
        if isinstance(record.number, int):
            visit.number = self._numbered(visit.key, record)
        else:
            visit.wrong.append((MISNUMBERED, f"its number is {record.number!r}"))

    def _numbered(self, order: str, record: Order) -> Numbered:
        began, ended = self._first(order, WAITS), self._first(order, FINISHED) or self._first(order, READY.heard)
        last = ended or began
        return Numbered(str(record.number), order, began.sent_ms if began else 0, last.sent_ms if last else 0)


TRADE = CafeTrade()
LOAD = install(TRADE)


class Customer(users.Arriving):
    """One customer a second."""

    load = LOAD


class Stages(stages.Stages):
    """The course of a run."""

    load = LOAD
