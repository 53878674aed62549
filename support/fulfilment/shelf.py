"""The lamps of one scenario: their stock and price."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial

from acceptance.trouble import Trouble
from support.fulfilment.records import Records, Stock
from support.fulfilment.workday import Workday

PRICE = Decimal("19.90")
# Entries so large that this many do not fit on one page of DynamoDB results (1 MB).
MANY, PADDING = 30, 40_000


class Shelf:
    """The stock. `count` is the initial number of lamps."""

    def __init__(self, day: Workday) -> None:
        self._day = day
        self._many: Sequence[str] = ()
        self.count = 0

    @property
    def _records(self) -> Records:
        return self._day.fulfilment.records

    @property
    def item(self) -> str:
        """The name of this scenario's own lamps. Raises Trouble when there are none."""
        return self._day.item

    def gets(self, count: int, price: Decimal = PRICE, name: str = "") -> None:
        """Put so many lamps into the stock, this scenario's or new ones with a name."""
        if name or not self._day.items:
            self._day.items.append(self._day.fulfilment.new_item(name or "lamp"))
        self.count = count
        self._records.put_on_the_shelf(self.item, count, price)

    def gets_many_kinds(self) -> None:
        """Create more kinds of lamps than fit on one page of the records."""
        self.gets(1)
        self._many = [f"{self.item}-{number:02}" for number in range(MANY)]
        self._records.put_many_on_the_shelf(self._many, PADDING)

    def many_orders_wait(self) -> None:
        """Create more orders awaiting the inventory than fit on one page of the records."""
        self._many = self._records.place_many(self.item, MANY, PADDING)

    def costs(self, price: Decimal) -> None:
        """Change the price of a lamp."""
        self._records.set_price(self.item, price)

    def is_cleared(self) -> None:
        """Take the lamps out of the stock for good, although they may have been ordered."""
        self._records.take_off_the_shelf([self.item])

    @property
    def many(self) -> Sequence[str]:
        """The names, or ids, of the entries that exceed one page of the records, in order."""
        if not self._many:
            raise Trouble("Nothing in this scenario is more than a page: is a Given missing?")
        return self._many

    def stock(self) -> Stock:
        """Return the stock of lamps."""
        return self._records.stock(self.item)

    def ends(self) -> Sequence[Callable[[], object]]:
        """Return the calls that remove this scenario's lamps, with every order of them."""
        items = [partial(self._records.remove, item) for item in self._day.items]
        return [*items, partial(self._records.take_off_the_shelf, self._many)] if self._many else items
