"""The Promotions Service: offers the Premium plan to a user on the Free plan who is about to check out.

`python -m services.promotions_service`, with KAFKA_BOOTSTRAP_SERVERS in the environment.

A page view is answered by one offer, however often it comes. What was offered stands in the offers' own topic, so that
is where the service reads it when it starts or gets further partitions; both topics have equally many of them, and
one key lies in the same partition of both.
"""

from collections.abc import Sequence

from confluent_kafka import Consumer, Message, TopicPartition

from services.stream import Answers, Content, Service, ServiceError, Unreadable, client_settings, serve, topic, view_of

PLAN, PAGE, PRODUCT = "Free", "Checkout", "Premium"
READ_SECONDS = 10.0

View = tuple[int, int, int]


def seen_in(content: Content) -> View:
    """Return what tells one page view from another."""
    return content["USERID"], content["PAGEID"], content["TIMESTAMP"]


def deserves_an_offer(view: Content) -> bool:
    """Whether an enriched view is one that is answered by an offer."""
    return view.get("PLANTYPE") == PLAN and view.get("PAGENAME") == PAGE


def offer(view: Content) -> Content:
    """Return the offer for a view."""
    user, page, at = seen_in(view)
    return {"OFFERID": f"{user}-{page}-{at}", "USERID": user, "PAGEID": page, "TIMESTAMP": at, "PRODUCT": PRODUCT}


class Offered:
    """The views that were answered already, by the partition of their offers."""

    def __init__(self, offers: str) -> None:
        self._offers = offers
        self._views: dict[int, set[View]] = {}

    def read(self, partitions: Sequence[int]) -> None:
        """Read what was offered in these partitions so far."""
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
        """Whether a view was not answered yet. From now on it is."""
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
                raise ServiceError("It cannot be read what was offered: there is no answer.")
            if message.error():
                raise ServiceError(f"It cannot be read what was offered: {message.error().str()}.")
            try:
                views.append(seen_in(view_of(message)))
            except Unreadable:
                pass  # somebody else's
            if message.offset() >= high - 1:
                return views


def main() -> None:
    """Serve until the process is to stop."""
    service = Service("promotions-service", topic("ENRICHED", "pageviews_enriched"), topic("OFFERS", "upsell_events"))
    if service.partitions(service.source) != service.partitions(service.target):
        raise ServiceError(f"{service.source} and {service.target} must have equally many partitions.")
    offered = Offered(service.target)

    def answers(batch: Sequence[tuple[Message, Content]]) -> Answers:
        for message, view in batch:
            if deserves_an_offer(view) and offered.is_new(message.partition(), seen_in(view)):
                yield message, offer(view)

    service.run(answers, offered.read)


if __name__ == "__main__":
    serve(main)
