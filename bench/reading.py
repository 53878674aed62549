"""The time from producing a page view to seeing it enriched, by the suite and by a bare confluent-kafka loop.

Both alternate on one broker and one pair of services, so that other load on the machine affects both alike.
"""

import json
import time

from confluent_kafka import Consumer, Producer, TopicPartition

from acceptance.session import Session
from acceptance.settings import Settings
from support.retail.driver import Retail
from support.retail.scene import RetailScene
from support.retail.system import FETCH_WAIT_EMBEDDED_MS

SAMPLES = 200
GIVE_UP_SECONDS = 30


def measure() -> dict[str, list[float]]:
    """Return the durations in ms."""
    session = Session(Settings())
    try:
        session.start(())
        shop = session.system("retail").shop
        scene = shop.scene()
        scene.visitor("Jo").is_on("Premium")
        bare = Bare(shop.retail)
        took: dict[str, list[float]] = {"the bare loop": [], "the suite": []}
        for _ in range(SAMPLES):
            took["the bare loop"].append(bare.look())
            took["the suite"].append(_suite(scene))
        bare.close()
        return took
    finally:
        session.stop()


def _suite(scene: RetailScene) -> float:
    began = time.perf_counter()
    scene.visitor("Jo").looks_at("home")
    scene.outcome("Jo").enriched()
    return (time.perf_counter() - began) * 1000


class Bare:
    """The same with only confluent-kafka: produce, and poll until the right message arrives."""

    def __init__(self, retail: Retail) -> None:
        self._parts = retail.parts
        where = {"bootstrap.servers": retail.kafka.address, "log_level": 0}
        self._producer = Producer({**where, "linger.ms": 0})
        reading = {"group.id": "bare", "enable.auto.commit": False, "fetch.wait.max.ms": FETCH_WAIT_EMBEDDED_MS}
        self._consumer = Consumer({**where, **reading})
        [self._user] = retail.visitors.new_ids(1)
        retail.visitors.register({self._user: "Premium"})
        self._at = 0
        parts = [TopicPartition(retail.parts.enriched, number) for number in range(self._count)]
        ends = [self._consumer.get_watermark_offsets(part, timeout=10)[1] for part in parts]
        self._consumer.assign(
            [TopicPartition(part.topic, part.partition, end) for part, end in zip(parts, ends, strict=True)]
        )

    @property
    def _count(self) -> int:
        return self._parts.partitions[self._parts.enriched]

    def look(self) -> float:
        """View a page, and return how long it took until the view was enriched, in ms."""
        self._at += 1
        began = time.perf_counter()
        view = {"USERID": self._user, "PAGEID": self._parts.home, "TIMESTAMP": self._at}
        self._producer.produce(self._parts.pageviews, json.dumps(view).encode(), str(self._user).encode())
        self._producer.poll(0)
        while time.perf_counter() - began < GIVE_UP_SECONDS:
            message = self._consumer.poll(1)
            if message is not None and not message.error():
                told = json.loads(message.value())
                if told["USERID"] == self._user and told["TIMESTAMP"] == self._at:
                    return (time.perf_counter() - began) * 1000
        raise TimeoutError("the bare loop waited in vain")

    def close(self) -> None:
        """End it."""
        self._producer.flush(10)
        self._consumer.close()
