"""Locust's file for the retail shop: visitors look at pages, and some of them are made an offer at the checkout.

locust -f load/retail.py --headless -u 50 --run-time 1m --processes 2
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar

import gevent

from acceptance.kafka.broker import EmbeddedBroker
from acceptance.kafka.cluster import Kafka
from acceptance.processes.programs import Programs
from acceptance.service_levels.levels import Promise
from acceptance.system import System
from acceptance.target import Target
from load import stages, users
from load.place import Joined
from load.run import install
from load.shop import VIEWS_AT_ONCE, Shop
from load.trade import Trade, Venue
from support.retail.cluster import properties_of
from support.retail.parts import discover_retail, topics_of
from support.retail.profile import RetailProfile
from support.retail.promises import OFFER_MADE, VIEW_ENRICHED
from support.retail.settings import RetailSettings
from support.retail.system import (
    FETCH_WAIT_EMBEDDED_MS,
    FETCH_WAIT_MS,
    GROUP_PROTOCOL,
    MODULES,
    RetailSystem,
    deploy,
    environment_of_services,
)
from support.retail.users import users_of
from support.retail.visitors import Visitors


class RetailTrade(Trade):
    """The retail shop under load."""

    system: ClassVar[type[System]] = RetailSystem
    promises: Sequence[Promise] = (VIEW_ENRICHED, OFFER_MADE)
    counted: ClassVar[str] = "page views"
    at_once: ClassVar[int] = VIEWS_AT_ONCE
    are_right: ClassVar[str] = "are enriched with what is known of their visitors, in their order"
    usd_each: ClassVar[float] = 0.00001

    def prepare(self, target: Target) -> Mapping[str, str]:
        """Start a broker and both services, or leave it to the workers to find them.

        A broker that the settings name is used instead of an embedded one: it needs the topics, and no login.
        """
        if target.settings.on_aws:
            return {}
        settings = target.settings.of(RetailSettings)
        template = deploy(target)
        kafka = Kafka(properties_of(settings)) if settings.bootstrap_servers else _of_its_own(target, settings)
        parts = discover_retail(target.account, kafka, settings, _profile(target))
        environment = dict(environment_of_services(target, kafka.address, parts))
        if settings.bootstrap_servers:
            del environment[GROUP_PROTOCOL]  # not every broker speaks that of Kafka 4
        programs = Programs(template.parent, MODULES, environment, target.log)
        target.at_the_end(programs.stop)
        programs.start()
        return {"kafka": kafka.address}

    def enter(self, target: Joined) -> Venue:
        """Find the services, register this worker's visitors, and see that both services answer."""
        settings = target.settings.of(RetailSettings)
        profile = _profile(target)
        own = target.told.get("kafka")
        kafka = Kafka({"bootstrap.servers": own} if own else properties_of(settings), prefix=settings.prefix())
        parts = discover_retail(target.account, kafka, settings, profile)
        known = users_of(profile.users, parts.dialect, profile.folder, target.account, parts.users_table, kafka)
        visitors = Visitors(known, parts.dialect, lambda: gevent.sleep(parts.known_within))
        target.at_the_end(visitors.leave)
        shop = Shop(kafka, parts, visitors, FETCH_WAIT_EMBEDDED_MS if own else FETCH_WAIT_MS)
        target.at_the_end(shop.close)
        shop.open(target.settings.patience_seconds, target.settings.clock_offset_ms)
        return shop


def _of_its_own(target: Target, settings: RetailSettings) -> Kafka:
    broker = EmbeddedBroker(topics_of(settings), target.log.with_suffix(".broker.log"))
    target.at_the_end(broker.stop)
    return Kafka({"bootstrap.servers": broker.address}, broker)


def _profile(target: Target) -> RetailProfile:
    profile = RetailSystem(target, side_by_side=True).profile
    assert isinstance(profile, RetailProfile)  # noqa: S101 - for the type checker
    return profile


LOAD = install(RetailTrade())


class Customer(users.Arriving):
    """One visitor a second, with four page views."""

    load = LOAD


class Stages(stages.Stages):
    """The course of a run."""

    load = LOAD
