"""A neighbour's café is found, examined and checked: one promise that it keeps, and one that it breaks."""

import pytest
from neighbour import features, neighbour

pytestmark = [pytest.mark.cloud, pytest.mark.runs, pytest.mark.slow]
KEPT = "From the code to the cup › Ada gets her drink"
BROKEN = "Claiming an order › An order that does not exist cannot be claimed"


@pytest.fixture(scope="module")
def workshop(tmp_path_factory):
    with neighbour("workshop", tmp_path_factory.mktemp("neighbour")) as cafe:
        yield cafe


def test_the_doctor_finds_every_part_and_that_the_shop_is_closed(workshop):
    told = workshop.asks("doctor", profile=False)
    assert told.status == 1, told.output
    for words in (
        "01OrderProcessorWorkflow-",
        "02OrderManagerStateMachine-",
        "shop id ABC; settings in item config-ABC, menu in item config-ABC, attribute menu",
        "sold out: Cappuccino",
        "closed",
    ):
        assert words in told.words, told.output


def test_a_part_that_is_there_twice_is_named(workshop):
    with workshop.another_table("serverlesspresso-order-table-of-last-year"):
        told = workshop.asks("doctor", profile=False)
    assert told.status == 1, told.output
    assert "More than one table of the orders was found (serverlesspresso-order-table, " in told.words
    assert "serverlesspresso_orders_table=…" in told.words


def test_a_run_says_first_that_the_shop_is_closed(workshop):
    judged = workshop.runs(*features("journeys"), "-D", "exclusive=no")
    assert judged.status == 1
    assert "closed" in judged.output
    assert "there is no order" not in judged.output


def test_a_kept_promise_is_green_and_a_broken_one_red(workshop):
    workshop.is_open(True)
    names = "|".join(f"^{name.partition(' › ')[2]}$" for name in (KEPT, BROKEN))
    judged = workshop.runs(*features("journeys", "claiming"), f"--name={names}")
    assert (list(judged.green), list(judged.red)) == ([KEPT], [BROKEN]), judged.output
    assert "never an order to appear" in judged.red[BROKEN]
