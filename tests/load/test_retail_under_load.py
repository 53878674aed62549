"""Page views through a real topic, answered by services that lose and double: each one is accounted for."""

import json
from types import SimpleNamespace

import gevent
import pytest

from acceptance.kafka.broker import EmbeddedBroker
from acceptance.kafka.cluster import Kafka
from acceptance.trouble import Trouble
from load.results import LOST, SERVED, WRONG
from load.shop import OTHER_PLAN, VIEWS_AT_ONCE, Shop
from load.trade import Visit
from support.retail.parts import RetailParts, topics_of
from support.retail.settings import RetailSettings
from support.retail.visitors import OFFERED_TO, Visitors

TOPICS = list(topics_of(RetailSettings()))
PAGES = {"checkout": 200, "home": 100, "product": 110, "basket": 120, "unlisted": 999}
CHECKOUT, HOME = PAGES["checkout"], PAGES["home"]


class Services:
    """Both services in one greenlet. `times` says how often a page view is enriched, `plan` what with."""

    def __init__(self, kafka, visitors):
        self._visitors = visitors
        self.times = lambda view: 1
        self.offers = lambda view: 1
        self.plan = lambda plan: plan
        self._consumer, self._producer = kafka.consumer(5), kafka.producer(idempotent=False)
        self._partitions = kafka.partitions(dict.fromkeys(TOPICS, ""))

    def run(self):
        from confluent_kafka import TopicPartition

        self._consumer.assign([TopicPartition(TOPICS[0], place, 0) for place in range(self._partitions[TOPICS[0]])])
        while True:
            for message in self._consumer.consume(100, timeout=0):
                if not message.error():
                    self._answer(json.loads(message.value()), message.key())
            self._producer.poll(0)
            gevent.sleep(0.005)

    def _answer(self, view, key):
        free = self._visitors.are_offered(view["USERID"])
        known = {**view, "PLANTYPE": self.plan(OFFERED_TO if free else OTHER_PLAN)}
        times = self.times(view)
        for _ in range(times):
            self._producer.produce(TOPICS[1], json.dumps(known).encode(), key)
        for _ in range(self.offers(view) if times and free and view["PAGEID"] == CHECKOUT else 0):
            self._producer.produce(TOPICS[2], json.dumps({**view, "PRODUCT": "Premium"}).encode(), key)


@pytest.fixture(scope="module")
def kafka(tmp_path_factory):
    broker = EmbeddedBroker(TOPICS, tmp_path_factory.mktemp("broker") / "log")
    yield Kafka({"bootstrap.servers": broker.address}, broker)
    broker.stop()


@pytest.fixture
def place(kafka):
    partitions = kafka.partitions(dict.fromkeys(TOPICS, ""))
    parts = RetailParts(*TOPICS, partitions, "", PAGES)
    users = SimpleNamespace(know=lambda _: None, forget=lambda _: None)
    visitors = Visitors(users, parts.dialect, lambda: None)
    services, shop = Services(kafka, visitors), Shop(kafka, parts, visitors, 5)
    running = gevent.spawn(services.run)
    shop.open(patience=1.0, clock_offset=0.0)
    yield services, shop
    running.kill()
    shop.close()


def visit(shop, times=1):
    found = []
    for _ in range(times):
        visits = [Visit(0.0) for _ in range(VIEWS_AT_ONCE)]
        shop.serve(visits)
        found += visits
    return found


def test_each_page_view_is_served_once(place):
    _, shop = place
    assert {one.end for one in visit(shop, 4)} == {SERVED}
    assert list(shop.doubled()) == []


def test_a_page_view_that_is_not_enriched_is_lost_and_the_others_are_not(place):
    services, shop = place
    services.times = lambda view: view["PAGEID"] != HOME
    seen = visit(shop)
    assert [one.end for one in seen].count(LOST) == 1
    [lost] = [one for one in seen if one.end == LOST]
    assert lost.words == "no enriched view came within 1 s"
    assert "the home page" in lost.key


def test_an_offer_that_is_not_made_is_a_lost_page_view_of_the_checkout(place):
    services, shop = place
    services.offers = lambda view: 0
    lost = [one for one in visit(shop, 2) if one.end == LOST]  # one of the two visitors is due an offer
    assert [one.words for one in lost] == ["no offer came within 1 s"]
    assert "the checkout" in lost[0].key


def test_what_comes_twice_is_counted_each_time(place):
    services, shop = place
    services.times, services.offers = (lambda view: 3 if view["PAGEID"] == HOME else 1), lambda view: 2
    visit(shop, 2)
    shop.heard_all()
    found = sorted(words for words, _ in shop.doubled())
    assert found == ["2 offers were made for one page view", *["it was enriched 2 times"] * 2,
                     *["it was enriched 3 times"] * 2]  # fmt: skip


def test_a_view_with_another_ones_plan_is_wrong(place):
    services, shop = place
    services.plan = lambda plan: "Gold"
    assert {kind for one in visit(shop) for kind, _ in one.wrong} == {WRONG}


def test_services_that_do_not_answer_keep_a_worker_from_beginning(kafka, place, monkeypatch):
    monkeypatch.setattr("load.shop.FIRST_SECONDS", 0.5)
    services, shop = place
    services.times = lambda view: 0
    with pytest.raises(Trouble, match="do not answer page views"):
        shop.open(patience=1.0, clock_offset=0.0)
