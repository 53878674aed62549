"""The cafés of a session: the deployed one, and on the embedded account further ones for some scenarios."""

import random
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from acceptance.aws.account import Account, Service
from acceptance.aws.coverage import Snapshot
from acceptance.aws.deployment import UnusableTemplate, load_template, remove
from acceptance.aws.disturbances import disturbed
from acceptance.aws.disturber import Disturbance
from acceptance.aws.tap import EventTap
from acceptance.contracts import Watch
from acceptance.earlier import one_of
from acceptance.load import customers_come
from acceptance.root import ROOT
from acceptance.target import Target, template_of
from acceptance.trouble import Trouble
from acceptance.waiting import Waiter
from support.serverlesspresso.cafe import Cafe
from support.serverlesspresso.parts import discover
from support.serverlesspresso.profile import ServerlesspressoProfile
from support.serverlesspresso.published import Published
from support.serverlesspresso.scene import Scene
from support.serverlesspresso.settings import PREFIX, ServerlesspressoSettings
from support.serverlesspresso.watched import watched_in

SEEDS = 1_000_000
TEMPLATE = ROOT / "systems" / "serverlesspresso" / "template.yaml"
# The account of a new café.
NEW_SHOP = "333333333333"
# The accounts of a shop that cannot be opened, for want of its menu, and of one that is removed again.
FAILING_SHOP, REMOVED_SHOP = "444444444444", "555555555555"
MENU = '"menu"'
# The accounts of shops that are set up for fewer orders, by how many.
SMALL_SHOPS = "66666666{:04}"
# A run's own cafés have tables with other names than the template's own, so that a part that knows those fails.
TABLES = {
    "OrdersTableName": "acceptance-order-table",
    "ConfigTableName": "acceptance-config-table",
    "CountingTableName": "acceptance-counting-table",
}
# Only one of the two times is short in each, so that a slow machine cannot end an order before its time. A barista
# must find the time to claim an order that is not completed.
IMPATIENT_SHOPS = {
    "customers": ("111111111111", {"CustomerTimeoutSeconds": 1}),
    "baristas": ("222222222222", {"BaristaTimeoutSeconds": 2}),
}

# What is needed to find a café, and to listen to it.
SERVICES: Sequence[Service] = ("events", "stepfunctions", "dynamodb", "sqs", "streams")


class Cafes:
    """The cafés that a session has entered. Each is left at the end of the session's target."""

    def __init__(
        self,
        target: Target,
        profile: ServerlesspressoProfile,
        contracts: Callable[[], Watch],
        waiter: Callable[..., Waiter],
    ) -> None:
        """`contracts` checks what the cafés publish; `waiter` makes a waiter that listens as it is told."""
        self.impatient: dict[str, Cafe] = {}
        self._small: dict[int, Cafe] = {}
        self._target = target
        self._profile = profile
        self._contracts = contracts
        self._waiter = waiter
        self._taps: list[EventTap] = []
        self._published: dict[Published, Cafe] = {}

    @property
    def sought(self) -> ServerlesspressoSettings:
        """What names the parts: settings, unless the run deploys the café itself."""
        return self._own if self._own.on_aws else ServerlesspressoSettings()

    @property
    def template(self) -> Path:
        """The template that a run deploys."""
        return template_of(self._own.template, TEMPLATE)

    def deploy(self, account: Account, parameters: Mapping[str, str | int] | None = None) -> None:
        """Deploy a café in an account."""
        given, setting = {**self._tables, **(parameters or {})}, f"{PREFIX}template"
        self._target.deploy(account, self.template, given, setting=setting, services=SERVICES)

    def update(self, cafe: Cafe) -> None:
        """Update the stack of a café on the embedded account that was deployed without other parameters."""
        self._target.update(cafe.account, self.template, self._tables, setting=f"{PREFIX}template")

    def enter(self, account: Account) -> Cafe:
        """Find the café of an account, and listen to this session's orders until its target ends."""
        target, settings = self._target, self._target.settings
        parts = discover(account, self.sought, self._profile.dialect)
        tap = EventTap(
            account,
            parts.event_bus,
            target.run_id,
            watched_in(parts.dialect),
            far_away=settings.like_aws,
            whole_bus=self._own.tap_whole_bus,
        )
        target.at_the_end(tap.close)
        tap.open()
        self._taps.append(tap)
        offset, shop = settings.clock_offset_ms, self._profile.shop
        cafe = Cafe(account, parts, target.run_id, tap, clock_offset=offset, shop=shop, seed=self._seed)
        self._published[Published(self._contracts(), cafe)] = cafe
        cafe.chronicle.open()
        if settings.on_aws:
            # Once more at the end: a run that was killed just before this one began counts as alive for a while.
            target.at_the_end(cafe.sweep, cafe.leave)
            cafe.sweep()
        else:  # a new account
            target.at_the_end(cafe.leave)
        if settings.exclusive_allowed and cafe.shop.is_open() is False:
            target.at_the_end(cafe.shop.close_after_run)
            cafe.shop.open_for_run()
        return cafe

    def waiter_of(self, cafe: Cafe) -> Waiter:
        """Make a waiter that listens to a café."""
        return self._waiter(**cafe.tap.listening, rest=cafe.at_rest.from_now_on())

    def _unhurried(self, cafe: Cafe) -> Waiter:
        """Make a waiter that waits also for what nothing seems to work on."""
        return self._waiter(**cafe.tap.listening)

    # --- cafés for some scenarios ------------------------------------------------------------------

    def move_to_impatient(self, scene: Scene, people: str) -> None:
        """Run a scenario in a café with a short time-out for `people`: customers, or baristas.

        That is a café of its own on the embedded account, and the deployed one elsewhere.
        """
        people = one_of(IMPATIENT_SHOPS, people, "kind of people to wait for")
        if self._target.settings.on_aws:
            return
        if people not in self.impatient:
            account_id, time_outs = IMPATIENT_SHOPS[people]
            self.impatient[people] = self._deployed(account_id, time_outs)
        self._move(scene, self.impatient[people])

    def move_to_new(self, scene: Scene) -> None:
        """Run a scenario in a second café on the embedded account, whose counter is a small number.

        Only where `embedded`.
        """
        self._move(scene, self._new)

    def move_to_small(self, scene: Scene, takes: int) -> None:
        """Run a scenario in a café that is deployed for so many orders at once. Only where `embedded`."""
        if takes not in self._small:
            self._small[takes] = self._deployed(SMALL_SHOPS.format(takes), {"Capacity": takes})
        self._move(scene, self._small[takes])

    def open_without_a_menu(self) -> str:
        """Open a shop that cannot store its menu, in an account of its own. Return why that failed, "" if not."""
        account = self._target.embedded_account(FAILING_SHOP)
        with disturbed(account, Disturbance([MENU], operations=("PutItem",))):
            try:
                self.deploy(account)
            except Trouble as reason:
                return str(reason)
        return ""

    def open_and_remove(self) -> bool:
        """Open a shop in an account of its own, and remove it. Return whether that was done in the time for it."""
        account = self._target.embedded_account(REMOVED_SHOP)
        self.deploy(account)
        return remove(account.directly(), self.template)

    def let_customers_come(self, scene: Scene, a_second: int, seconds: float) -> None:
        """Let customers keep coming, in a café of their own on an embedded account, and in the deployed one on aws."""
        scene.stream = customers_come("cafe", self._target.settings, self._own, a_second=a_second, seconds=seconds)

    @cached_property
    def _tables(self) -> Mapping[str, str]:
        """Names for those tables that the template lets a run name."""
        try:
            declared = load_template(self.template).get("Parameters") or {}
        except (UnusableTemplate, AttributeError):
            return {}  # the deployment says what is wrong with it
        return {parameter: name for parameter, name in TABLES.items() if parameter in declared}

    @cached_property
    def _new(self) -> Cafe:
        return self._deployed(NEW_SHOP)

    def _deployed(self, account_id: str, parameters: Mapping[str, str | int] | None = None) -> Cafe:
        account = self._target.embedded_account(account_id)
        self.deploy(account, parameters)
        return self.enter(account)

    def _move(self, scene: Scene, cafe: Cafe) -> None:
        scene.moves_to(cafe, self.waiter_of(cafe))

    # --- what has become of them -------------------------------------------------------------------

    def check(self) -> None:
        """Raise Trouble when a tap is lost."""
        for tap in self._taps:
            tap.check()

    def hand_over(self) -> None:
        """Check what the cafés have published during a scenario."""
        for published, cafe in self._published.items():
            published.hand_over(self.waiter_of(cafe), self._unhurried(cafe))

    def hand_over_last(self) -> None:
        """Check what the cafés have published after the last scenario."""
        for published, cafe in self._published.items():
            published.hand_over_last(self.waiter_of(cafe), self._unhurried(cafe))

    def look_back(self) -> Sequence[Snapshot]:
        """Return how the session used each of them."""
        return [cafe.look_back() for cafe in self._published.values()]

    @property
    def _own(self) -> ServerlesspressoSettings:
        return self._target.settings.of(ServerlesspressoSettings)

    @cached_property
    def _seed(self) -> int:
        """The seed of this session's delays where actions are made to overlap."""
        return random.randrange(SEEDS) if self._own.seed is None else self._own.seed  # noqa: S311 - no secret
