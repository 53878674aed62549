"""The Promotions Service: offers the Premium plan to users on the Free plan at the checkout.

Run it by `python -m services.promotions_service`, with KAFKA_CLIENT_BOOTSTRAP_SERVERS in the environment.

A page view leads to one offer, however often it arrives. The service reads earlier offers from their own topic when it
starts and when it is assigned further partitions. Both topics have the same number of partitions, so a key is in the
same partition of both.
"""

from collections.abc import Sequence

from confluent_kafka import Consumer, Message, TopicPartition

from services.stream import Answers, Content, Service, ServiceError, Unreadable, client_settings, serve, topic, view_of

PLAN, PAGE, PRODUCT = "Free", "Checkout", "Premium"
READ_SECONDS = 10.0

View = tuple[int, int, int]


def seen_in(content: Content) -> View:
    """Return the identity of a page view: user, page and time."""
    return content["USERID"], content["PAGEID"], content["TIMESTAMP"]


def deserves_an_offer(view: Content) -> bool:
    """Return whether an enriched view leads to an offer."""
    return view.get("PLANTYPE") == PLAN and view.get("PAGENAME") == PAGE


def offer(view: Content) -> Content:
    """Return the offer for a view."""
    user, page, at = seen_in(view)
    return {"OFFERID": f"{user}-{page}-{at}", "USERID": user, "PAGEID": page, "TIMESTAMP": at, "PRODUCT": PRODUCT}


class Offered:
    """The views that have had their offer, by the partition of the offers."""

    def __init__(self, offers: str) -> None:
        self._offers = offers
        self._views: dict[int, set[View]] = {}

    def read(self, partitions: Sequence[int]) -> None:
        """Read the earlier offers in these partitions."""
        settings = {
            **client_settings("CONSUMER"),
            "group.id": "promotions-service-offered",
            "group.protocol": "classic",
        }
        reader = Consumer({**settings, "enable.auto.commit": False})
        try:
            for partition in partitions:
                self._views[partition] = set(self._read(reader, TopicPartition(self._offers, partition)))
        finally:
            reader.close()

    def is_new(self, partition: int, view: View) -> bool:
        """Return whether a view has had no offer yet, and remember it."""
        known = self._views.setdefault(partition, set())
        new = view not in known
        known.add(view)
        return new

    def _read(self, reader: Consumer, partition: TopicPartition) -> Sequence[View]:
        low, high = reader.get_watermark_offsets(partition, timeout=READ_SECONDS)
        if low >= high:
            return []
        reader.assign([TopicPartition(partition.topic, partition.partition, low)])
        views = []
        while True:
            message = reader.poll(READ_SECONDS)
            if message is None:
                raise ServiceError("Earlier offers cannot be read: Kafka does not respond.")
            if message.error():
                raise ServiceError(f"Earlier offers cannot be read: {message.error().str()}.")
            try:
                views.append(seen_in(view_of(message)))
            except Unreadable:
                pass  # not an offer of this service
            if message.offset() >= high - 1:
                return views


def main() -> None:
    """Serve until the process is told to stop."""
    service = Service("promotions-service", topic("ENRICHED", "pageviews_enriched"), topic("OFFERS", "upsell_events"))
    if service.partitions(service.source) != service.partitions(service.target):
        raise ServiceError(f"{service.source} and {service.target} must have the same number of partitions.")
    offered = Offered(service.target)

    def answers(batch: Sequence[tuple[Message, Content]]) -> Answers:
        for message, view in batch:
            if deserves_an_offer(view) and offered.is_new(message.partition(), seen_in(view)):
                yield message, offer(view)

    service.run(answers, offered.read)


if __name__ == "__main__":
    serve(main)
