"""The shop's promise of time. Its budget stands in the feature, to judge by; here once more, for pictures."""

from acceptance.service_levels.levels import Ends, Promise
from acceptance.service_levels.timeline import Timeline
from support.retail.driver import ENRICHED, OFFER


def _offered(timeline: Timeline) -> Ends | None:
    """From the enriched view until the offer, by the stamps that the two services have given them."""
    enriched, offer = timeline.first("message", ENRICHED), timeline.first("message", OFFER)
    return (enriched.began, offer.began) if enriched and offer else None


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
