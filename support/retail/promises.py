"""The shop's service levels. The features hold their budgets for checks; these copies are for pictures."""

from dataclasses import replace

from acceptance.service_levels.levels import Ends, Promise
from acceptance.service_levels.timeline import Timeline
from support.retail.dialect import ENRICHED, OFFER


def _offered(timeline: Timeline) -> Ends | None:
    """From the enriched view until the offer, by the two services' timestamps."""
    enriched, offer = timeline.first("message", ENRICHED), timeline.first("message", OFFER)
    return (enriched.began, offer.began) if enriched and offer else None


def _enriched(timeline: Timeline) -> Ends | None:
    """From the page view until it is enriched, by the timestamps of the sender and of the User Service."""
    view = next((moment for moment in timeline.moments if moment.kind == "person"), None)
    enriched = timeline.first("message", ENRICHED)
    return (view.began, enriched.began) if view and enriched else None


VIEW_ENRICHED = Promise(
    key="view-enriched",
    title="A page view is enriched",
    told="{customer}'s page view was enriched",
    since="it was made",
    heard=ENRICHED,
    budget=1000,
    ends=_enriched,
    counted="page views",
)
VIEW_ENRICHED_AFTER_FAILURE = replace(
    VIEW_ENRICHED, key="view-enriched-after-failure", title="A page view is enriched despite a failure", budget=10_000
)
OFFER_MADE = Promise(
    key="offer-made",
    title="An offer is made",
    told="{customer} was offered the Premium plan",
    since="the page view was enriched",
    heard=OFFER,
    budget=500,
    ends=_offered,
    counted="offers",
)
