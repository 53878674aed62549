"""A walk through a deployed café: each of the suite's requests once, in this process."""

import contextlib

import pytest
from botocore.exceptions import ClientError
from hamcrest import equal_to

from acceptance.aws.coverage import Coverage
from acceptance.aws.tap import EventTap
from acceptance.session import Session
from acceptance.settings import Settings
from support.serverlesspresso.settings import ServerlesspressoSettings
from trust.guests.account import CUSTOMER


def walk(guest):
    """Walk as a guest, with the environment of their shell, and return what the suite could report."""
    with pytest.MonkeyPatch.context() as patch:
        # Nothing arrives at the end of a walk, so a long poll would only delay it.
        patch.setattr("support.serverlesspresso.cafes.EventTap", lambda *taken, **_: EventTap(*taken))
        for name, value in guest.items():
            patch.setenv(name, value)
        session = Session(Settings(target="aws", patience=10).with_system(ServerlesspressoSettings(**CUSTOMER)))
        try:
            session.start(["serverlesspresso"])
            return _everything(session)
        finally:
            with contextlib.suppress(ClientError):  # a denied action cannot be undone either
                session.stop()


def _everything(session):
    system = session.system("serverlesspresso")
    cafe, wait = system.cafe, system.cafes.waiter_of(system.cafe)
    ada = cafe.data.new_user_id("Ada")
    order, stray = cafe.bus.scan(ada), cafe.bus.scan_malformed("no order")
    wait.eventually(lambda: bool(cafe.table.order(order)), equal_to(True))
    ordered = cafe.manager.submit(order, ada, "Cappuccino")
    wait.eventually(lambda: cafe.manager.result(ordered).execution.succeeded, equal_to(True))
    cafe.order_of_scan(stray)
    cafe.processor.use_task_token("of nobody")
    cafe.processor.free_places()
    cafe.shop.set_open(True)
    told = {
        "moments": {moment.kind for moment in cafe.timeline(order).moments},
        "logged": cafe.evidence()[order]["functions logged"],
        "why not in the app": system.why_not({"app"}),
        "unsure": cafe.at_rest.from_now_on().look(10).unsure,
    }
    cafe.end_scenario()
    return told | {"gaps": Coverage.of(session.look_back()["serverlesspresso"]).gaps}
