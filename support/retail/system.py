"""Brings the retail services up: a broker, the users' table and the two programs, or an existing deployment."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from hamcrest import is_

from acceptance.aws.discovery import tables
from acceptance.aws.secret import SECRET
from acceptance.contracts import Watch
from acceptance.examination import Finding
from acceptance.kafka.broker import EmbeddedBroker
from acceptance.kafka.cluster import Kafka
from acceptance.kafka.topics import Topics
from acceptance.processes.programs import Programs
from acceptance.root import ROOT
from acceptance.service_levels.timeline import Timeline
from acceptance.service_levels.wall_clock import watch
from acceptance.settings import Settings
from acceptance.system import System
from acceptance.target import Target, template_of
from acceptance.trouble import Trouble
from acceptance.waiting import Pace, Waiter
from support.retail import examination
from support.retail.answers import PROMOTIONS_CLOCK, USERS_CLOCK
from support.retail.burst import Burst
from support.retail.cluster import properties_of
from support.retail.driver import Retail
from support.retail.markers import Markers
from support.retail.operations import (
    PROMOTIONS_SERVICE,
    USER_SERVICE,
    Operations,
    OwnServices,
    ServicesByCommands,
    ServicesProfile,
)
from support.retail.parts import RetailParts, discover_retail, topics_of
from support.retail.profile import RetailProfile
from support.retail.rush import BEFORE
from support.retail.scene import RetailScene
from support.retail.settings import RetailSettings
from support.retail.users import users_of
from support.retail.visits import VISITORS

if TYPE_CHECKING:
    from acceptance.weather.station import Station

TEMPLATE = ROOT / "systems" / "retail" / "template.yaml"
MODULES = {USER_SERVICE: "services.user_service", PROMOTIONS_SERVICE: "services.promotions_service"}
TOPICS = 4
# A wait ends as soon as a message arrives, so there is no need to poll often.
PACE = Pace(first=0.05, growth=1.5, cap=0.5)
# How long a broker may hold back an empty answer, in ms. The embedded one does so even if there is
# something new; a real one does not.
FETCH_WAIT_MS, FETCH_WAIT_EMBEDDED_MS = 100, 5
GROUP_PROTOCOL = "KAFKA_CONSUMER_GROUP_PROTOCOL"
# A password for Kafka, for which a broker without SASL does not ask: no log may show it.
UNASKED = {"KAFKA_CLIENT_SASL_PASSWORD": SECRET}


@dataclass(frozen=True)
class RetailShop:
    """The retail services of a run, with the means to wait for them."""

    retail: Retail
    markers: Markers
    waiter: Waiter
    settings: Settings
    before: Burst | None = None  # sent before the run started the services

    def scene(self) -> RetailScene:
        """Create a scenario's stage with new people."""
        return RetailScene(self.retail, self.markers, self.waiter, self.settings.clock_offset_ms, self.before)

    def check(self, *, in_doubt: bool) -> None:
        """Raise Trouble when the broker is lost. When `in_doubt`, it must also answer, soon."""
        self.retail.check_alive()
        if in_doubt:
            self.retail.topics.check()


class RetailSystem(System):
    """The retail services of a session."""

    name: ClassVar[str] = "retail"
    profile_kind: ClassVar[type[RetailProfile]] = RetailProfile
    policy: ClassVar[str] = "docs/iam-policy-retail.json"
    published: ClassVar[str] = "systems/retail/contracts"
    falls_away: ClassVar[Mapping[str, str]] = examination.FALLS_AWAY
    harms: ClassVar[Sequence[str]] = (r"lost|twice|duplicate|somebody else", "")
    _found: Mapping[str, str] = {}
    _spelled: dict[str, Any]

    @property
    def _profile(self) -> RetailProfile:
        assert isinstance(self.profile, RetailProfile)  # noqa: S101 - for the type checker
        return self.profile

    @classmethod
    def kept_together(cls, settings: Settings) -> Mapping[str, int]:
        """Return the tag of all scenarios, which share a broker and its services, one of which is restarted."""
        return {"retail": 1}

    def deploy(self) -> None:
        """Deploy the users' table."""
        deploy(self.target)

    def examine(self) -> Iterator[Finding]:
        """Look for the topics, their consumers, and the users' table."""
        settings = self.settings.of(RetailSettings)
        self._found = found = dict[str, str]()
        self._spelled = {}
        if self._profile.users.elsewhere:
            how = self._profile.users.topic or self._profile.users.add
            yield Finding("parts", "users", "ok", f"{how} (named by the profile)")
        else:
            yield from examination.examine_table(self.target.account, settings, self.profile.parts, found)
        if not settings.on_aws:
            yield Finding("readiness", "services", "ok", "A run starts a broker and both services of its own.")
        elif not settings.bootstrap_servers:
            advice = "Name it with -D retail_bootstrap_servers=host:port,…."
            what = "No Kafka cluster is named."
            yield Finding("parts", "topics", "problem", what, advice, stops=True)
        else:
            kafka = Kafka(properties_of(settings), prefix=settings.prefix())
            yield from examination.examine_topics(kafka, settings, self._spelled)

    def names(self) -> Mapping[str, str]:
        """Return the names of the parts that the policy names."""
        return examination.names(self._found)

    def described(self) -> Mapping[str, Any]:
        """Return a profile's content for the deployment: its parts, unless the run deploys them."""
        spelled = {"dialect": self._spelled} if self._spelled else {}
        return {"parts": self._found, **spelled} if self.settings.on_aws else {}

    def bring_up(self) -> None:
        """Start the services, or find them."""
        self.shop = open_retail(self.target, self.contracts, self._profile)

    def scene(self) -> RetailScene:
        """Create a scenario's stage with new visitors."""
        watch()
        return self.shop.scene()

    def why_not(self, tags: Collection[str]) -> str:
        """Also skip scenarios that end services other than the run's own."""
        services = self._profile.services
        if "restart" in tags and self.settings.on_aws and not services.restarts:
            return "it ends a service half-way, and this run neither keeps them running nor has commands for that"
        if "crash" in tags and self.settings.on_aws and not services.crashes:
            return "it lets a service break down, and the profile has no commands for that"
        if "outage" in tags and self.settings.on_aws:
            return "it disturbs Kafka or the table of the users, which are not this run's own"
        if "instances" in tags and self.settings.on_aws:
            return "it starts another instance of a service, and the services are not this run's own"
        if "users_table" in tags and self._profile.users.elsewhere:
            return "it stores what is no text in the table of the users, and they are kept elsewhere"
        if "first_start" in tags and self.settings.on_aws:
            return "it looks at what came before the services were first started, and they run already"
        return super().why_not(tags)

    def concerns(self, scene: RetailScene) -> Container[int]:
        """Return the users of a scenario; messages about earlier ones came too late for theirs."""
        self.shop.retail.hear_out()
        return self.shop.retail.visitors.newcomers

    def hears_last(self) -> Sequence[str]:
        """Receive also the messages after the last scenario."""
        self.shop.retail.hear_out()
        return super().hears_last()

    def check(self, *, in_doubt: bool) -> None:
        """Raise Trouble when the broker is lost."""
        self.shop.check(in_doubt=in_doubt)

    def keep_evidence(self, scene: RetailScene, *, failed: bool) -> None:
        """Attach the way of the scenario's page views."""
        from support.retail.evidence import keep  # loads the drawing library, not needed earlier

        keep(scene, failed=failed)

    def timelines(self, scene: RetailScene) -> Mapping[str, Timeline]:
        """Return Kafka's timestamps of each page view of a scenario."""
        seen = [(name, view) for name, views in scene.visits.items() for view in views]
        told = self.shop.retail.answers.timelines([view for _, view in seen], scene.names)
        return {
            f"{name}'s page view {number}": timeline
            for number, ((name, _), timeline) in enumerate(zip(seen, told, strict=True), 1)
        }


def deploy(target: Target) -> Path:
    """Deploy the users' table into an embedded account. Return the template; the programs lie beside it."""
    template = template_of(target.settings.of(RetailSettings).template, TEMPLATE)
    target.deploy(target.account, template, setting="retail_template")
    return template


def open_retail(target: Target, contracts: Watch | None = None, profile: RetailProfile | None = None) -> RetailShop:
    """Bring the retail services up, or find them; `contracts` are those of their messages.

    Raises Trouble when they cannot be tested.
    """
    settings, account = target.settings.of(RetailSettings), target.account
    profile = profile or RetailProfile.shipped(RetailSystem.name)
    if len(set(topics_of(settings))) < TOPICS:
        raise Trouble("Two of the retail topics have the same name. Correct the retail_…_topic settings.")
    if settings.bootstrap_servers and not settings.on_aws:
        raise Trouble(
            "A Kafka cluster is named by retail_bootstrap_servers, but the run would use a broker of its own: "
            "add -D target=aws, or leave the setting out."
        )
    if settings.on_aws:
        kafka = Kafka(properties_of(settings), prefix=settings.prefix())
        parts = discover_retail(account, kafka, settings, profile)
        return _opened(target, parts, kafka, profile, contracts, _by_commands(profile))
    there = set(tables(account))
    template = deploy(target)
    made = set(tables(account)) - there
    broker = EmbeddedBroker(topics_of(settings), target.log.with_suffix(".broker.log"))
    target.at_the_end(broker.stop)
    kafka = Kafka({"bootstrap.servers": broker.address}, broker)
    parts = discover_retail(account, kafka, settings, profile, made)
    from acceptance.weather.station import Station  # its library takes long to load

    station = Station(target.account.behind, secret=SECRET)
    target.at_the_end(station.close)
    usual = environment_of_services(target, broker.address, parts)
    environment = {**usual, **UNASKED, "AWS_ENDPOINT_URL": station.url}
    programs = Programs(template.parent, MODULES, environment, target.log)
    target.at_the_end(programs.stop)
    return _opened(target, parts, kafka, profile, contracts, OwnServices(programs, broker), station)


def _by_commands(profile: RetailProfile) -> Operations | None:
    """Return the operations of the profile's commands, None where it has none."""
    services: ServicesProfile = profile.services
    commands = {USER_SERVICE: services.user_service, PROMOTIONS_SERVICE: services.promotions_service}
    named = {name: one for name, one in commands.items() if one}
    return ServicesByCommands(named, profile.folder) if named else None


def _opened(
    target: Target,
    parts: RetailParts,
    kafka: Kafka,
    profile: RetailProfile,
    contracts: Watch | None = None,
    operations: Operations | None = None,
    station: Station | None = None,
) -> RetailShop:
    settings = target.settings
    clocks = {
        parts.pageviews: VISITORS,
        parts.enriched: USERS_CLOCK,
        parts.offers: PROMOTIONS_CLOCK,
        parts.dead_letters: USERS_CLOCK,
    }
    topics = Topics(kafka, parts.partitions, clocks, FETCH_WAIT_MS if settings.on_aws else FETCH_WAIT_EMBEDDED_MS)
    users = users_of(profile.users, parts.dialect, profile.folder, target.account, parts.users_table, kafka)
    retail = Retail(users, parts, kafka, topics, operations, contracts, station, target.account)
    target.at_the_end(retail.leave)
    patience = settings.patience_seconds
    waiter = Waiter(patience, settings.quiet_seconds, PACE, pause=topics.pause, prove_listening=topics.catch_up)
    markers = Markers(retail, lambda true: bool(waiter.settle(true, is_(True))))
    retail.listen()
    before = Burst(retail, BEFORE) if isinstance(operations, OwnServices) else None
    if before:
        before.come()
        retail.end()
    if markers.prove_running() and before:
        with suppress(Trouble):  # left to the scenarios
            markers.follow(before.views)
        before.remember()
    return RetailShop(retail, markers, waiter, settings, before)


def environment_of_services(target: Target, brokers: str, parts: RetailParts) -> Mapping[str, str]:
    """Return the programs' environment: where everything is. `brokers`: the addresses of a cluster without TLS."""
    return {
        **target.account.environment(),
        "KAFKA_CLIENT_BOOTSTRAP_SERVERS": brokers,
        "KAFKA_CONSUMER_FETCH_WAIT_MAX_MS": str(FETCH_WAIT_EMBEDDED_MS),
        # By the protocol of Kafka 4 a member gets its partitions at once; by the older one that takes seconds.
        GROUP_PROTOCOL: "consumer",
        **parts.topics,
        "USERS_TABLE": parts.users_table,
    }
