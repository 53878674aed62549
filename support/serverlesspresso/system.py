"""Serverlesspresso as a system of a run: a café that is deployed or found, its people, and the evidence."""

from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

from acceptance.aws.coverage import Snapshot
from acceptance.examination import Finding, refuse_unready, stopping
from acceptance.profile import Profile
from acceptance.report.attachments import attach_text, or_why_not
from acceptance.service_levels.timeline import Timeline
from acceptance.service_levels.wall_clock import watch
from acceptance.settings import Settings
from acceptance.system import System
from support.serverlesspresso import examination
from support.serverlesspresso.cafes import Cafes
from support.serverlesspresso.front_door import FrontDoor, NoFrontDoor
from support.serverlesspresso.parts import discover
from support.serverlesspresso.profile import ServerlesspressoProfile
from support.serverlesspresso.scene import Scene
from support.serverlesspresso.settings import ServerlesspressoSettings


class Serverlesspresso(System):
    """The café of a session, and on the embedded account further ones."""

    name: ClassVar[str] = "serverlesspresso"
    profile_kind: ClassVar[type[Profile]] = ServerlesspressoProfile
    policy: ClassVar[str] = "docs/iam-policy.json"
    published: ClassVar[str] = "systems/serverlesspresso/contracts"
    falls_away: ClassVar[Mapping[str, str]] = examination.FALLS_AWAY
    harms: ClassVar[Sequence[str]] = examination.HARMS
    _found = examination.Found()

    @classmethod
    def alone(cls, settings: Settings) -> Collection[str]:
        """Return the tags of scenarios that change shared state, or use the single configured user."""
        return ("exclusive", "app", "load") if settings.on_aws else ("load",)

    @classmethod
    def kept_together(cls, settings: Settings) -> Mapping[str, int]:
        """Return the tags of scenarios that one session runs before all others.

        Crowds start many functions at once, which is enough once. The slow ones run in cafés of their own and
        mostly wait, which serves best beside others that do not.
        """
        return {} if settings.on_aws else {"crowd": 3, "slow": 0}

    @property
    def own(self) -> ServerlesspressoSettings:
        """The settings of this system."""
        return self.settings.of(ServerlesspressoSettings)

    @cached_property
    def cafes(self) -> Cafes:
        """The cafés that this session enters."""
        return Cafes(self.target, self._said, lambda: self.contracts, self.waiter)

    def deploy(self) -> None:
        """Deploy the café."""
        self.cafes.deploy(self.target.account)

    def examine(self) -> Iterator[Finding]:
        """Look for the parts and their dialect, and check whether a customer would be served."""
        self._found = found = examination.Found()
        return examination.examine(self.target.account, self.cafes.sought, self._said, found, exclusive=self._may_open)

    def unready(self) -> Iterator[Finding]:
        """Check whether the shop, which may have been opened for the run, serves customers."""
        yield examination.opening(self.cafe.shop, self.cafe.parts, exclusive=self._may_open)
        if self.settings.on_aws:  # a new café has room
            yield examination.room(self.cafe.processor, self.cafe.parts)

    def before_workers(self) -> None:
        """Check that the shop is open and has room; open it for all workers if that is allowed."""
        parts = discover(self.target.account, self.cafes.sought, self._said.dialect)
        looked = list(examination.readiness(self.target.account, parts, self._said, exclusive=False))
        if stopping(looked):
            self.bring_up()  # which removes a killed run's leftovers, and may open it
            refuse_unready(self.unready())

    def names(self) -> Mapping[str, str]:
        """Return the names of the parts that the policy names."""
        return examination.names(self._found.parts)

    def described(self) -> Mapping[str, Any]:
        """Return a profile's content for the café: its parts, unless the run deploys it, and its dialect."""
        described = self._found.described()
        return described if self.settings.on_aws else {"dialect": described["dialect"]}

    def bring_up(self) -> None:
        """Deploy the café, or find it."""
        if not self.settings.on_aws:
            self.deploy()
        self.cafe = self.cafes.enter(self.target.account)

    def scene(self) -> Scene:
        """Create a scenario's stage with new people, and a waiter that listens to their café."""
        watch()
        return Scene(self.cafe, self.cafes.waiter_of(self.cafe), lambda: self._front_door)

    def why_not(self, tags: Collection[str]) -> str:
        """Also skip scenarios that need a missing app, or an account that allows injected failures."""
        if "embedded" in tags and self.settings.on_aws:
            return "it delays actions, lets parts fail, or sets the counter, which only the embedded account allows"
        if "app" in tags:
            try:
                self._front_door  # noqa: B018 - looked up once, and kept
            except NoFrontDoor as reason:
                return str(reason)
        return super().why_not(tags)

    def check(self, *, in_doubt: bool) -> None:
        """Raise Trouble when a tap is lost."""
        self.cafes.check()

    def concerns(self, scene: Scene) -> Container[str]:
        """Check the cafés' events and records, and return the ids of a scenario's orders and people."""
        self.cafes.hand_over()
        created = scene.cafe.data.scenario
        return {*created.orders, *created.scans, *scene.names()}

    def hears_last(self) -> Sequence[str]:
        """Check also the events after the last scenario."""
        self.cafes.hand_over_last()
        return super().hears_last()

    def look_back(self) -> Sequence[Snapshot]:
        """Return how the session used each of its cafés."""
        return self.cafes.look_back()

    def keep_evidence(self, scene: Scene, *, failed: bool) -> None:
        """Attach the history of the scenario's orders."""
        from support.serverlesspresso.evidence import keep  # loads the drawing library, not needed earlier

        keep(scene, failed=failed)
        if failed and self.settings.on_aws:
            with or_why_not("How an emulator may differ from AWS") as title:
                definition = self.cafe.chronicle.wiring.definitions[self.cafe.parts.order_processor]
                attach_text(title, "\n".join(map(str, examination.emulated(self.cafe.account, definition))))

    def timelines(self, scene: Scene) -> Mapping[str, Timeline]:
        """Return the cloud's timestamps of each order of a scenario."""
        orders = scene.orders_of_people().items()
        return {f"{name}'s order": scene.cafe.timeline(order.order_id) for name, order in orders}

    @cached_property
    def _front_door(self) -> FrontDoor:
        """The shop's HTTP API. Raises NoFrontDoor, with the reason, where it cannot be used."""
        return FrontDoor(self.target.account, self.own, self.target.run_id, lambda: self.cafe.dialect)

    @property
    def _said(self) -> ServerlesspressoProfile:
        """The profile of the deployed café."""
        profile = self.profile
        assert isinstance(profile, ServerlesspressoProfile)  # noqa: S101 - it is made by profile_kind
        return profile

    @property
    def _may_open(self) -> bool:
        """Whether the run may open a shop that is closed."""
        return self.settings.exclusive_allowed
