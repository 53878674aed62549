"""The services of a neighbour, who keeps every promise in a style of their own. `python kiosk.py visitors|gifts`.

What comes is `{"event": {"kind": "view"}, "who": {"id": "u-7"}, "page": "/checkout", "seenAt": "2026-01-31T…Z"}`. Who
visitors are stands in a topic, or in the file `VISITORS_FILE` that a command appends to. Messages are keyed by the
visitor, by the page, or by nothing (`KEYED_BY`). Gifts tell their own time, and say in a header what they answer.
`DEFECTS` breaks promises: `team`, `latin`, `again`.
"""

import json
import os
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

SERVER, KEYED_BY = os.environ["SERVER"], os.environ.get("KEYED_BY", "visitor")
FILE, DEFECTS = os.environ.get("VISITORS_FILE", ""), os.environ.get("DEFECTS", "").split()
VIEWS, KNOWN_VIEWS, GIFTS, REJECTED, VISITORS = (
    "kiosk.views",
    "kiosk.known",
    "kiosk.gifts",
    "kiosk.DLT",
    "kiosk.visitors",
)
TITLES = {"/": "Start", "/item": "Ware", "/cart": "Korb", "/checkout": "Kasse"}
READING = {"bootstrap.servers": SERVER, "enable.auto.commit": False, "fetch.wait.max.ms": 5, "log_level": 0}
IDLE, LONG = 0.1, 10


class Rejected(Exception):
    """A message that is no page view."""


def main(name):
    """Serve until SIGTERM."""
    stopping = []
    signal.signal(signal.SIGTERM, lambda *_: stopping.append(True))
    source, service = {"visitors": (VIEWS, Visitors), "gifts": (KNOWN_VIEWS, Gifts)}[name]
    service = service()
    consumer = Consumer({**READING, "group.id": f"kiosk-{name}", "auto.offset.reset": "earliest", **protocol()})
    producer = Producer({"bootstrap.servers": SERVER, "linger.ms": 0, "enable.idempotence": True, "log_level": 0})
    consumer.subscribe([source])
    while not stopping:
        batch = [one for one in consumer.consume(200, timeout=IDLE) if not one.error()]
        if batch:
            service.look_up()
        for message in batch:
            try:
                for said in service.answer(message):
                    say(producer, *said)
            except Rejected as why:
                headers = {"kafka_dlt-exception-fqcn": "RejectedView", "kafka_dlt-exception-message": str(why)}
                say(producer, REJECTED, message.value(), message.key(), headers)
        if batch:
            assert producer.flush(LONG) == 0
            consumer.commit(asynchronous=False)
    consumer.close()


def protocol():
    """Return the settings of a cluster that knows the protocol of Kafka 4."""
    return {"group.protocol": "consumer"} if os.environ.get("PROTOCOL") == "consumer" else {}


def say(producer, topic, value, key, headers):
    """Produce a message; without a content where it is too long for one."""
    try:
        producer.produce(topic, value, key, headers=headers)
    except KafkaException:
        producer.produce(REJECTED, None, key, headers=headers | {"kafka_dlt-exception-message": "too long"})


def key_of(visitor, page):
    """Return the key of a message."""
    return {"visitor": visitor.encode(), "page": page.encode()}.get(KEYED_BY)


class Visitors:
    """Tells of each view what is known of the visitor."""

    def __init__(self):
        self._known = {}
        self._from = Follower(VISITORS) if not FILE else None

    def answer(self, message):
        view = view_of(message)
        visitor, page = view["who"]["id"], view["page"]
        known = {**self._known.get(visitor, {})}
        known.pop("mail", None)
        if "latin" in DEFECTS and not known.get("land", "").isascii():
            known["land"] = known["land"].encode("ascii", "replace").decode()
        told = {**view, "who": {**known, "id": visitor}}
        if page in TITLES:
            told["title"] = TITLES[page]
        yield KNOWN_VIEWS, json.dumps(told).encode(), key_of(visitor, page), {}

    def look_up(self):
        """Learn who visitors are by now."""
        if self._from:
            self._known |= self._from.read()
        else:
            lines = Path(FILE).read_text(encoding="utf-8").splitlines() if Path(FILE).exists() else []
            self._known = {one["id"]: one for one in map(json.loads, lines)}


class Gifts:
    """Gives Gold to Basic visitors at the checkout, once for each view."""

    def __init__(self):
        self._given = set()
        if "again" not in DEFECTS:
            gifts = Follower(GIFTS)
            gifts.read()
            self._given = {headers["answers"] for headers in gifts.headers if "answers" in headers}

    def look_up(self):
        """Learn nothing: what a view says is enough."""

    def answer(self, message):
        view = json.loads(message.value())
        answers = f"{view['who']['id']} {view['seenAt']}"
        due = view["who"].get("tier") in (("Basic", "Team") if "team" in DEFECTS else ("Basic",))
        if due and view.get("title") == "Kasse" and answers not in self._given:
            self._given.add(answers)
            now = datetime.now(UTC).isoformat(timespec="microseconds")
            gift = {"gift": {"what": "Gold", "no": f"{answers} {now}", "made": now}, "to": view["who"]["id"]}
            yield GIFTS, json.dumps(gift).encode(), key_of(view["who"]["id"], view["page"]), {"answers": answers}


def view_of(message):
    """Read a page view."""
    try:
        view = json.loads(message.value())
        datetime.fromisoformat(view["seenAt"])
        if not (view["who"]["id"].startswith("u-") and view["who"]["id"][2:].isdigit() and view["page"][0] == "/"):
            raise Rejected("unreadable")
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        raise Rejected("unreadable") from None
    return view


class Follower:
    """Reads a topic from its beginning, on and on."""

    def __init__(self, topic):
        self._consumer = Consumer({**READING, "group.id": f"kiosk-reads-{topic}", "enable.partition.eof": True})
        self._ends = {}
        self.headers = []
        self._places = [
            TopicPartition(topic, place, 0)
            for place in self._consumer.list_topics(topic, LONG).topics[topic].partitions
        ]
        self._consumer.assign(self._places)
        self._read = dict.fromkeys((one.partition for one in self._places), 0)

    def read(self):
        """Return what was said since the last time, by its keys."""
        ends = {one.partition: self._consumer.get_watermark_offsets(one, LONG)[1] for one in self._places}
        news, end = {}, time.monotonic() + LONG
        while any(self._read[place] < end for place, end in ends.items()) and time.monotonic() < end:
            for message in self._consumer.consume(500, timeout=IDLE):
                if message.error():
                    continue
                self._read[message.partition()] = message.offset() + 1
                self.headers.append({name: value.decode() for name, value in message.headers() or ()})
                news[message.key().decode() if message.key() else ""] = json.loads(message.value() or b"{}")
        return news


if __name__ == "__main__":
    main(sys.argv[1])
