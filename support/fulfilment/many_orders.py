"""Orders that all people process in parallel, in one scenario."""

from __future__ import annotations

from collections.abc import Sequence

from hamcrest import assert_that

from acceptance.trouble import Trouble
from support.fulfilment.matchers import all_went_through, is_in_all_books
from support.fulfilment.order_flows import FlowResult, ManyFlows, Plan
from support.fulfilment.workday import Workday


class ManyOrders:
    """The orders, each as a flow. `flows` holds their results."""

    def __init__(self, day: Workday) -> None:
        self._day = day
        self.flows: Sequence[FlowResult] = ()

    def pass_through(self, count: int, parallel: int) -> None:
        """Process so many orders in parallel."""
        self.flows = ManyFlows(self._day.fulfilment, Plan(self._day.item), count, parallel).run()

    def see_all_through(self) -> None:
        """Check that every order's flow completed, and that it is delivered and paid in all records.

        Raises Trouble where that could not be checked, unless one has failed for another reason.
        """
        if not self.flows:
            raise Trouble("No orders have been fulfilled in this scenario: is a When missing?")
        unknown = [flow for flow in self.flows if flow.could_not_be_checked]
        known = [flow for flow in self.flows if not flow.could_not_be_checked]
        if known or not unknown:
            assert_that(known, all_went_through())
        if unknown:
            raise Trouble("; ".join(flow.words for flow in unknown))
        for flow in self.flows:
            assert_that(self._day.fulfilment.records.of_order(flow.order.id), is_in_all_books("delivered"))
