"""The records of the orders of one scenario, and whether they agree."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from hamcrest import assert_that

from acceptance.earlier import left
from support.fulfilment.matchers import AGREES, SET_ASIDE, are_there, is_in_all_books
from support.fulfilment.order import Order
from support.fulfilment.records import OrderRecord
from support.fulfilment.shelf import Shelf
from support.fulfilment.workday import Workday


class Books:
    """The records, with access to all tables. `before` is an order as it was before a step."""

    before: OrderRecord = left("The records have not been read before: is a When missing?")

    def __init__(self, day: Workday, shelf: Shelf) -> None:
        self._day = day
        self._shelf = shelf

    def record(self, customer: str) -> OrderRecord:
        """Return the records of a customer's order."""
        return self._entry(self._day.orders[customer])

    def _entry(self, order: Order) -> OrderRecord:
        return self._day.fulfilment.records.of_order(order.id, dict(order.known))

    def entries(self) -> Sequence[OrderRecord]:
        """Return the records of all orders of this scenario's lamps, by any customer."""
        records = self._day.fulfilment.records
        return [records.of_order(str(one["order_id"])) for one in records.orders_of(self._shelf.item)]

    def own_entries(self) -> Sequence[OrderRecord]:
        """Return the records of all orders placed in this scenario, with the names of who has done what for them."""
        return [replace(self._entry(order), done=self._done(order)) for _, order in self._day.placed]

    def _done(self, order: Order) -> Mapping[str, Collection[str]]:
        people = {act: self._day.fulfilment.person(name) for act, name in order.done_by.items()}
        return {act: {person.name, person.called, person.user} for act, person in people.items()}

    @property
    def orders(self) -> Mapping[str, str]:
        """The ids of this scenario's orders, by customer."""
        return {customer: order.id for customer, order in self._day.orders.items()}

    @property
    def order_ids(self) -> Sequence[str]:
        """The ids of all orders that were placed in this scenario."""
        return [order.id for _, order in self._day.placed]

    def placed(self) -> Sequence[tuple[str, str, int, Decimal]]:
        """Return the orders confirmed to customers: id, customer, quantity, and the printed amount."""
        return [
            (order.id, self._day.fulfilment.person(name).user, int(order.known["quantity"]), Decimal(order.amount))
            for name, order in self._day.placed
        ]

    def see_in_all(self, customer: str, state: str) -> None:
        """Check that a customer's order is in this state in all records, and that the stock agrees with all orders."""
        assert_that(self.record(customer), is_in_all_books(state))
        self._see_the_stock_agree()

    def see_in_all_as_shown(self, customer: str, state: str) -> None:
        """Check the same, of what was typed only what a terminal shows of it."""
        record = self.record(customer)
        shown = {name: "".join(filter(str.isprintable, text)) for name, text in record.typed.items()}
        assert_that(replace(record, typed=shown), is_in_all_books(state))

    def see_agree(self, customer: str) -> None:
        """Check that the last act on a customer's order is in all records, or in none."""
        state = self.record(customer).state
        if state not in AGREES:
            raise AssertionError(f"Expected: an order in a known state · but: it is “{state}”")
        self.see_in_all(customer, state)

    def _see_the_stock_agree(self) -> None:
        entries = self.own_entries()
        set_aside = sum(int(one.order["quantity"]) for one in entries if one.state in SET_ASIDE)
        gone = sum(int(one.order["quantity"]) for one in entries if one.state == "delivered")
        assert_that(self._shelf.stock(), are_there(self._shelf.count - set_aside - gone, set_aside))
