"""What cannot be shown of an order says why on the scenario's page, and raises nothing."""

import allure
import pytest

from acceptance.waiting import Waiter
from support.serverlesspresso.evidence import keep
from support.serverlesspresso.scene import Scene


class CafeOnPaper:
    """A café with one order, which does not answer."""

    def __init__(self):
        self.data = self.bus = self
        self.account, self.seed = None, 1

    def new_user_id(self, name):
        return name

    def new_order_id(self, ending):
        return f"2{ending}"

    def scan(self, user_id, order_id):
        return order_id

    def timeline(self, order_id, *, with_functions):
        raise TimeoutError("the histories do not come, TaskToken=abc")

    def links(self, orders):
        return {}

    def evidence(self, first):
        return {order_id: "here" for order_id in first}


@pytest.mark.parametrize(("failed", "told"), [(False, []), (True, ["Where the orders are now"])])
def test_what_cannot_be_shown_says_why_and_raises_nothing(monkeypatch, failed, told):
    pages = []
    monkeypatch.setattr(allure, "attach", lambda text, name, attachment_type: pages.append((name, text)))
    scene = Scene(CafeOnPaper(), Waiter(patience=0, quiet=0), front_door=None)
    scene.customer("Ada").scans()
    keep(scene, failed=failed)
    assert [name for name, _ in pages] == ["The way of Ada's order through the café: cannot be shown", *told]
    assert pages[0][1] == "TimeoutError: the histories do not come, TaskToken=•••"
