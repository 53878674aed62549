"""One session: the systems of a run on their target, assembled when they are needed, and taken apart again."""

import difflib
import time
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from pathlib import Path

from acceptance.aws.account import Account
from acceptance.aws.coverage import Look
from acceptance.aws.discovery import discover
from acceptance.aws.permissions import now_about
from acceptance.aws.tap import EventTap
from acceptance.service_levels.levels import Levels
from acceptance.service_levels.wall_clock import watch
from acceptance.settings import Settings
from acceptance.target import LOG, ROOT, Target
from acceptance.trouble import Trouble
from acceptance.waiting import AWS_PACE, EMBEDDED_PACE, ORDER_PACE, SHARED_PACE, Pace, Waiter
from support.durable_orders.driver import DurableOrders
from support.durable_orders.parts import discover_durable_orders
from support.durable_orders.scene import OrderScene, Regulars
from support.fulfilment.driver import Fulfilment
from support.fulfilment.scene import FulfilmentScene
from support.fulfilment.system import enter
from support.retail.scene import RetailScene
from support.retail.system import RetailShop, open_retail
from support.serverlesspresso.cafe import Cafe
from support.serverlesspresso.front_door import FrontDoor, NoFrontDoor
from support.serverlesspresso.ids import events_of_run
from support.serverlesspresso.scene import Scene

# The systems, by the folders of their features and of themselves.
SERVERLESSPRESSO, DURABLE_ORDERS, RETAIL, FULFILMENT = "serverlesspresso", "durable_orders", "retail", "fulfilment"
SYSTEMS = (SERVERLESSPRESSO, DURABLE_ORDERS, RETAIL, FULFILMENT)
_NEARLY = 0.75  # how much alike a folder's name and a system's are where one is a slip
TEMPLATE = ROOT / "systems" / SERVERLESSPRESSO / "template.yaml"
DURABLE_TEMPLATE = ROOT / "systems" / DURABLE_ORDERS / "template.yaml"
# Only one of the two times is short in each, so that a slow machine cannot end an order before its time.
IMPATIENT_SHOPS = {
    "customers": ("111111111111", {"CustomerTimeoutSeconds": 1}),
    "baristas": ("222222222222", {"BaristaTimeoutSeconds": 1}),
}


def system_of(filename: str) -> str:
    """Tell which system a feature file is about, by the folders that it lies in; usually it is the café.

    Raises Trouble for a folder below features/ that is nearly called like a system.
    """
    folders = Path(filename).parts[:-1]
    here = len(folders) - folders[::-1].index("features") if "features" in folders else None
    below = folders[here:]
    for folder in below:
        if folder in SYSTEMS:
            return folder
    for folder in below if here is not None else ():
        for system in difflib.get_close_matches(folder.lower().replace("-", "_"), SYSTEMS, n=1, cutoff=_NEARLY):
            raise Trouble(f"No system is called “{folder}”, where {filename} lies. Did you mean {system}?")
    return SERVERLESSPRESSO


class Session:
    """The session of a run against one target. `start()` it, and `stop()` it whatever happens."""

    def __init__(self, settings: Settings, log: Path = LOG, number: int = 0, of: int = 1) -> None:
        """`log` is where the embedded account writes. This is session `number`, from 0, `of` so many side by side."""
        self.settings = settings
        self.target = Target(settings, log, number)
        self._side_by_side = of > 1
        self._pace = AWS_PACE if settings.on_aws else SHARED_PACE if self._side_by_side else EMBEDDED_PACE
        self._template = Path(settings.template).resolve() if settings.template else TEMPLATE
        self._taps: list[EventTap] = []
        self.impatient_cafes: dict[str, Cafe] = {}
        self.levels = Levels()
        self.began_ms = round(time.time() * 1000)

    @property
    def alone(self) -> Collection[str]:
        """The tags of scenarios that bear no other session beside theirs, for all of them share one account.

        They change what everybody sees, or use the one user that is given.
        """
        return {"exclusive", "app"} if self.settings.on_aws else ()

    @property
    def kept_together(self) -> Sequence[str]:
        """The tags of scenarios that one session plays before all others, those of each tag apart.

        Crowds start many functions at once, which once is enough for. The slow ones play in cafés of their own and
        mostly wait, which serves best beside others that do not. Those about the online shop wait for the same orders,
        those about retail share a broker and its services, which one of them restarts, and those at terminals share the
        programs at which people work.
        """
        shared = ("online", "retail", "terminals")
        return shared if self.settings.on_aws else ("crowd", "slow", *shared)

    def start(self, systems: Iterable[str] = (SERVERLESSPRESSO,)) -> None:
        """Reach the target and bring these systems up, or find them there. Raises Trouble when one cannot be tested.

        One of several sessions side by side leaves each of its own systems until a scenario needs it.
        """
        self.target.start()
        if self.settings.on_aws or not self._side_by_side:
            for system in systems:
                self._bring_up(system)

    def stop(self) -> None:
        """Remove all that the run created and end the embedded account. The first error is raised at the end."""
        self.target.stop()

    def check_alive(self, *, in_doubt: bool = False) -> None:
        """Raise Trouble when the account or a tap is lost. When `in_doubt`, the account must also answer, soon."""
        self.target.check_alive(in_doubt=in_doubt)
        for tap in self._taps:
            tap.check()
        if "retail_shop" in vars(self):
            self.retail_shop.check(in_doubt=in_doubt)

    def scene_of(self, system: str) -> Scene | OrderScene | RetailScene | FulfilmentScene:
        """Let fresh people into a system, with a waiter that listens to it."""
        now_about(system)
        if system != DURABLE_ORDERS or "regulars" not in vars(self):  # their orders were placed before
            watch()
        if system == RETAIL:
            return self.retail_shop.scene()
        if system == FULFILMENT:
            return FulfilmentScene(self.fulfilment, self._waiter(self._pace))
        if system == DURABLE_ORDERS:
            return OrderScene(self.durable_orders, self.regulars, self._order_waiter)
        return Scene(self.cafe, self.waiter_of(self.cafe))

    @cached_property
    def cafe(self) -> Cafe:
        """The café. Raises Trouble when it cannot be tested."""
        account = self.target.account
        if not self.settings.on_aws:
            self.target.deploy(account, self._template)
        return self._enter(account)

    @cached_property
    def durable_orders(self) -> DurableOrders:
        """The durable orders. Raises Trouble when they cannot be tested."""
        account, settings = self.target.account, self.settings
        if not settings.on_aws:
            template = Path(settings.durable_template).resolve() if settings.durable_template else DURABLE_TEMPLATE
            rehearsals = "allowed" if settings.rehearsals_allowed else "refused"
            parameters: dict[str, str | int] = {
                "ConfirmationWaitSeconds": settings.durable_wait,
                "Rehearsals": rehearsals,
            }
            self.target.deploy(account, template, parameters, setting="durable_template")
        named = settings.on_aws or settings.durable_template
        parts = discover_durable_orders(account, settings if named else Settings(durable_wait=settings.durable_wait))
        orders = DurableOrders(account, parts, self.target.run_id)
        self.target.at_the_end(orders.leave)
        return orders

    @cached_property
    def retail_shop(self) -> RetailShop:
        """The retail services. Raises Trouble when they cannot be tested."""
        return open_retail(self.target)

    @cached_property
    def fulfilment(self) -> Fulfilment:
        """Fulfilment, with everybody let in. Raises Trouble when it cannot be tested."""
        return enter(self.target, self.settings)

    @cached_property
    def regulars(self) -> Regulars:
        """The customers who place one order each as soon as a scenario needs the online shop, all at the same time."""
        regulars = Regulars(self.durable_orders, self._order_waiter, rehearsals=self.settings.rehearsals_allowed)
        regulars.come()
        return regulars

    def move_to_impatient_cafe(self, scene: Scene, people: str) -> None:
        """Let a scenario play in a café that does not wait long for `people`: customers, or baristas.

        That is a café of its own on the embedded account, and the deployed one elsewhere.
        """
        if self.settings.on_aws:
            return
        if people not in self.impatient_cafes:
            account_id, time_outs = IMPATIENT_SHOPS[people]
            account = self.target.embedded_account(account_id)
            self.target.deploy(account, self._template, time_outs)
            self.impatient_cafes[people] = self._enter(account)
        cafe = self.impatient_cafes[people]
        scene.moves_to(cafe, self.waiter_of(cafe))

    @cached_property
    def front_door(self) -> FrontDoor:
        """The shop's HTTP API. Raises NoFrontDoor, with the reason, where nobody can use one."""
        return FrontDoor(self.cafe.account, self.settings, self.target.run_id)

    def why_not(self, tags: Collection[str]) -> str:
        """Tell why this run must leave a scenario with these tags out, "" if it need not."""
        if "exclusive" in tags and not self.settings.exclusive_allowed:
            return "it changes what everybody in the shop sees; allow it with -D exclusive=yes"
        if "slow" in tags and not self.settings.slow_allowed:
            return "it waits for the shop's own time-outs; allow it with -D slow=yes"
        if "rehearsal" in tags and not self.settings.rehearsals_allowed:
            return "it needs a step that fails at first; allow it with -D durable_rehearsals=yes where that is provided"
        if "restart" in tags and self.settings.on_aws:
            return "it ends a service half-way, and this run does not keep the services running"
        if "payments" in tags and not self.durable_orders.parts.payments_table:
            return "it is not known where payments are booked; name the table with -D durable_payments_table=…"
        if "app" in tags:
            try:
                self.front_door  # noqa: B018 - looked up once, and kept
            except NoFrontDoor as reason:
                return str(reason)
        return ""

    def waiter_of(self, cafe: Cafe) -> Waiter:
        """Make a waiter that listens to a café."""
        patience, quiet = self.settings.patience_seconds, self.settings.quiet_seconds
        return Waiter(patience, quiet, self._pace, pause=cafe.tap.pause, prove_listening=cafe.tap.prove_listening)

    @property
    def _order_waiter(self) -> Waiter:
        return self._waiter(AWS_PACE if self.settings.on_aws else ORDER_PACE)

    def _waiter(self, pace: Pace) -> Waiter:
        return Waiter(self.settings.patience_seconds, self.settings.quiet_seconds, pace)

    def look_back(self) -> Sequence[Look]:
        """Return what the session has done with each of its cafés. Ask before `stop()`."""
        self.check_alive(in_doubt=True)
        cafes = [self.cafe] if "cafe" in vars(self) else []
        return [cafe.look_back() for cafe in [*cafes, *self.impatient_cafes.values()]]

    def _bring_up(self, system: str) -> None:
        """Each is made once, when it is first asked for."""
        now_about(system)
        parts = {
            SERVERLESSPRESSO: "cafe",
            DURABLE_ORDERS: "durable_orders",
            RETAIL: "retail_shop",
            FULFILMENT: "fulfilment",
        }
        getattr(self, parts[system])

    def _enter(self, account: Account) -> Cafe:
        parts = discover(account, self.settings if self.settings.on_aws else Settings())
        run_id = self.target.run_id
        ours = () if self.settings.tap_whole_bus else events_of_run(run_id)
        tap = EventTap(account, parts.event_bus, run_id, long_poll=self.settings.on_aws, gap=self._pace.gap, ours=ours)
        self.target.at_the_end(tap.close)
        tap.open()
        self._taps.append(tap)
        cafe = Cafe(account, parts, run_id, tap, clock_offset=self.settings.clock_offset_ms)
        cafe.chronicle.open()
        if self.settings.on_aws:
            # Once more at the end: a run that was killed just before this one began counts as alive for a while.
            self.target.at_the_end(cafe.sweep, cafe.leave)
            cafe.sweep()
        else:  # nobody was there before
            self.target.at_the_end(cafe.leave)
        return cafe
