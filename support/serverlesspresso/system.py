"""Serverlesspresso as a system of a run: a café that is deployed or found, people who come in, and what is shown."""

import random
from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from acceptance.aws.account import Account
from acceptance.aws.coverage import Snapshot
from acceptance.aws.tap import EventTap
from acceptance.earlier import one_of
from acceptance.examination import Finding, refuse_unready, stopping
from acceptance.load import customers_come
from acceptance.profile import Profile
from acceptance.report.attachments import attach_text, or_why_not
from acceptance.root import ROOT
from acceptance.service_levels.timeline import Timeline
from acceptance.service_levels.wall_clock import watch
from acceptance.settings import Settings
from acceptance.system import System
from acceptance.target import Target, template_of
from acceptance.waiting import Waiter
from support.serverlesspresso import examination
from support.serverlesspresso.cafe import Cafe
from support.serverlesspresso.front_door import FrontDoor, NoFrontDoor
from support.serverlesspresso.parts import discover
from support.serverlesspresso.profile import ServerlesspressoProfile
from support.serverlesspresso.published import Published
from support.serverlesspresso.scene import Scene
from support.serverlesspresso.settings import PREFIX, ServerlesspressoSettings
from support.serverlesspresso.watched import watched_in

SEEDS = 1_000_000
TEMPLATE = ROOT / "systems" / "serverlesspresso" / "template.yaml"
# The account of a café in which nobody was before.
NEW_SHOP = "333333333333"
# Only one of the two times is short in each, so that a slow machine cannot end an order before its time. A barista
# must find the time to claim an order that is not completed.
IMPATIENT_SHOPS = {
    "customers": ("111111111111", {"CustomerTimeoutSeconds": 1}),
    "baristas": ("222222222222", {"BaristaTimeoutSeconds": 2}),
}


class Serverlesspresso(System):
    """The café of a session, and on the embedded account those beside it that wait for nobody for long."""

    name: ClassVar[str] = "serverlesspresso"
    profile_kind: ClassVar[type[Profile]] = ServerlesspressoProfile
    policy: ClassVar[str] = "docs/iam-policy.json"
    published: ClassVar[str] = "systems/serverlesspresso/contracts"
    falls_away: ClassVar[Mapping[str, str]] = examination.FALLS_AWAY
    harms: ClassVar[Sequence[str]] = examination.HARMS
    _found = examination.Found()

    def __init__(self, target: Target, *, side_by_side: bool = False) -> None:
        """See System."""
        super().__init__(target, side_by_side=side_by_side)
        self.impatient_cafes: dict[str, Cafe] = {}
        self._taps: list[EventTap] = []
        self._published: dict[Published, Cafe] = {}

    @classmethod
    def alone(cls, settings: Settings) -> Collection[str]:
        """Return the tags of scenarios that change what everybody sees, or use the one user that is given."""
        return ("exclusive", "app", "load") if settings.on_aws else ("load",)

    @classmethod
    def kept_together(cls, settings: Settings) -> Mapping[str, int]:
        """Return the tags of scenarios that one session plays before all others.

        Crowds start many functions at once, which once is enough for. The slow ones play in cafés of their own and
        mostly wait, which serves best beside others that do not.
        """
        return {} if settings.on_aws else {"crowd": 3, "slow": 0}

    @property
    def own(self) -> ServerlesspressoSettings:
        """The settings of this system."""
        return self.settings.of(ServerlesspressoSettings)

    def deploy(self) -> None:
        """Deploy the café."""
        self.target.deploy(self.target.account, self.template, setting=f"{PREFIX}template")

    def examine(self) -> Iterator[Finding]:
        """Look for the parts, how they spell, and whether a customer would be served."""
        self._found = found = examination.Found()
        return examination.examine(self.target.account, self._sought, self._said, found, exclusive=self._may_open)

    def unready(self) -> Iterator[Finding]:
        """Look whether the shop, which may have been opened for the run, serves anybody."""
        yield examination.opening(self.cafe.shop, self.cafe.parts, exclusive=self._may_open)
        if self.settings.on_aws:  # where nobody was before there is room
            yield examination.room(self.cafe.processor, self.cafe.parts)

    def before_workers(self) -> None:
        """See that the shop is open and has room; open it for all workers if that is allowed."""
        parts = discover(self.target.account, self._sought, self._said.dialect)
        looked = list(examination.readiness(self.target.account, parts, self._said, exclusive=False))
        if stopping(looked):
            self.bring_up()  # which puts back what a killed run has left, and may open it
            refuse_unready(self.unready())

    def names(self) -> Mapping[str, str]:
        """Return what the parts are called that the policy names."""
        return examination.names(self._found.parts)

    def described(self) -> Mapping[str, Any]:
        """Return what a profile can say of the café: its parts, unless the run deploys it, and its dialect."""
        described = self._found.described()
        return described if self.settings.on_aws else {"dialect": described["dialect"]}

    def bring_up(self) -> None:
        """Deploy the café, or find it."""
        if not self.settings.on_aws:
            self.deploy()
        self.cafe = self.enter(self.target.account)

    def scene(self) -> Scene:
        """Let fresh people in, with a waiter that listens to their café."""
        watch()
        return Scene(self.cafe, self.waiter_of(self.cafe), lambda: self.front_door)

    def why_not(self, tags: Collection[str]) -> str:
        """Leave out also what needs an app that is not there, or an account that can be disturbed."""
        if "embedded" in tags and self.settings.on_aws:
            return "it delays actions, lets parts fail, or sets the counter, which only the embedded account allows"
        if "app" in tags:
            try:
                self.front_door  # noqa: B018 - looked up once, and kept
            except NoFrontDoor as reason:
                return str(reason)
        return super().why_not(tags)

    def check(self, *, in_doubt: bool) -> None:
        """Raise Trouble when a tap is lost."""
        for tap in self._taps:
            tap.check()

    def concerns(self, scene: Scene) -> Container[str]:
        """Hand over what the cafés have announced and stored, and return the ids of a scenario's orders and people."""
        for published, cafe in self._published.items():
            published.hand_over(self.waiter_of(cafe))
        created = scene.cafe.data.scenario
        return {*created.orders, *created.scans, *scene.names()}

    def hears_last(self) -> Sequence[str]:
        """Hand over also what was announced after the last scenario."""
        for published, cafe in self._published.items():
            published.hand_over_last(self.waiter_of(cafe))
        return super().hears_last()

    def look_back(self) -> Sequence[Snapshot]:
        """Return what the session has done with each of its cafés."""
        return [cafe.look_back() for cafe in self._published.values()]

    def keep_evidence(self, scene: Scene, *, failed: bool) -> None:
        """Attach what became of the scenario's orders."""
        from support.serverlesspresso.evidence import keep  # it draws, which nobody needs before

        keep(scene, failed=failed)
        if failed and self.settings.on_aws:
            with or_why_not("How an emulator may differ from AWS") as title:
                definition = self.cafe.chronicle.wiring.definitions[self.cafe.parts.order_processor]
                attach_text(title, "\n".join(map(str, examination.emulated(self.cafe.account, definition))))

    def timelines(self, scene: Scene) -> Mapping[str, Timeline]:
        """Return what the cloud has stamped about each order of a scenario."""
        orders = scene.orders_of_people().items()
        return {f"{name}'s order": scene.cafe.timeline(order.order_id) for name, order in orders}

    @cached_property
    def seed(self) -> int:
        """The seed of this session's delays where things are made to overlap."""
        return random.randrange(SEEDS) if self.own.seed is None else self.own.seed  # noqa: S311 - no secret

    @cached_property
    def front_door(self) -> FrontDoor:
        """The shop's HTTP API. Raises NoFrontDoor, with the reason, where nobody can use one."""
        return FrontDoor(self.target.account, self.own, self.target.run_id, lambda: self.cafe.dialect)

    def move_to_impatient_cafe(self, scene: Scene, people: str) -> None:
        """Let a scenario play in a café that does not wait long for `people`: customers, or baristas.

        That is a café of its own on the embedded account, and the deployed one elsewhere.
        """
        people = one_of(IMPATIENT_SHOPS, people, "kind of people to wait for")
        if self.settings.on_aws:
            return
        if people not in self.impatient_cafes:
            account_id, time_outs = IMPATIENT_SHOPS[people]
            account = self.target.embedded_account(account_id)
            self.target.deploy(account, self.template, time_outs, setting=f"{PREFIX}template")
            self.impatient_cafes[people] = self.enter(account)
        cafe = self.impatient_cafes[people]
        scene.moves_to(cafe, self.waiter_of(cafe))

    def move_to_new_cafe(self, scene: Scene) -> None:
        """Let a scenario play in a café beside the run's own on the embedded account, whose counter is a small number.

        Only where `embedded`.
        """
        scene.moves_to(self._new_cafe, self.waiter_of(self._new_cafe))

    @cached_property
    def _new_cafe(self) -> Cafe:
        account = self.target.embedded_account(NEW_SHOP)
        self.target.deploy(account, self.template, setting=f"{PREFIX}template")
        return self.enter(account)

    def let_customers_come(self, scene: Scene, a_second: int, seconds: float) -> None:
        """Let customers keep coming, in a café of their own on an embedded account, and in the deployed one on aws."""
        scene.stream = customers_come("cafe", self.settings, self.own, a_second=a_second, seconds=seconds)

    def update(self, cafe: Cafe) -> None:
        """Update the stack of a café on the embedded account."""
        self.target.update(cafe.account, self.template, setting=f"{PREFIX}template")

    def waiter_of(self, cafe: Cafe) -> Waiter:
        """Make a waiter that listens to a café."""
        return self.waiter(**cafe.tap.listening, rest=cafe.at_rest.from_now_on())

    @property
    def _said(self) -> ServerlesspressoProfile:
        """What is said of the deployed café."""
        profile = self.profile
        assert isinstance(profile, ServerlesspressoProfile)  # noqa: S101 - it is made by profile_kind
        return profile

    @property
    def _sought(self) -> ServerlesspressoSettings:
        """What names the parts: settings, unless the run deploys the café itself."""
        return self.own if self.own.on_aws else ServerlesspressoSettings()

    @property
    def _may_open(self) -> bool:
        """Whether the run may open a shop that is closed."""
        return self.settings.exclusive_allowed

    @property
    def template(self) -> Path:
        """The template that a run deploys."""
        return template_of(self.own.template, TEMPLATE)

    def enter(self, account: Account) -> Cafe:
        """Find the café of an account, and listen to this session's orders until its target ends."""
        profile = self._said
        parts = discover(account, self._sought, profile.dialect)
        run_id = self.target.run_id
        tap = EventTap(
            account,
            parts.event_bus,
            run_id,
            watched_in(parts.dialect),
            far_away=self.settings.like_aws,
            whole_bus=self.own.tap_whole_bus,
        )
        self.target.at_the_end(tap.close)
        tap.open()
        self._taps.append(tap)
        offset = self.settings.clock_offset_ms
        cafe = Cafe(account, parts, run_id, tap, clock_offset=offset, shop=profile.shop, seed=self.seed)
        self._published[Published(self.contracts, cafe)] = cafe
        cafe.chronicle.open()
        if self.settings.on_aws:
            # Once more at the end: a run that was killed just before this one began counts as alive for a while.
            self.target.at_the_end(cafe.sweep, cafe.leave)
            cafe.sweep()
        else:  # nobody was there before
            self.target.at_the_end(cafe.leave)
        if self._may_open and cafe.shop.is_open() is False:
            self.target.at_the_end(cafe.shop.close_after_run)
            cafe.shop.open_for_run()
        return cafe
