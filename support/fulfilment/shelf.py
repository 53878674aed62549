"""The lamps of one scenario: how many there are, and what they cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial

from acceptance.trouble import Trouble
from support.fulfilment.records import Records, Stock
from support.fulfilment.workday import Workday

PRICE = Decimal("19.90")
# Entries that are so large that one page of what DynamoDB returns (1 MB) does not hold so many of them.
MANY, PADDING = 30, 40_000


class Shelf:
    """What can be sold. `count` is how many lamps were there at first."""

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
        """Let so many lamps be in stock, those of this scenario or new ones with a name."""
        if name or not self._day.items:
            self._day.items.append(self._day.fulfilment.new_item(name or "lamp"))
        self.count = count
        self._records.put_on_the_shelf(self.item, count, price)

    def gets_many_kinds(self) -> None:
        """Let there be more kinds of lamps than one page of the books holds."""
        self.gets(1)
        self._many = [f"{self.item}-{number:02}" for number in range(MANY)]
        self._records.put_many_on_the_shelf(self._many, PADDING)

    def many_orders_wait(self) -> None:
        """Let more orders wait for the inventory than one page of the books holds."""
        self._many = self._records.place_many(self.item, MANY, PADDING)

    def costs(self, price: Decimal) -> None:
        """Let a lamp cost another price from now on."""
        self._records.set_price(self.item, price)

    @property
    def many(self) -> Sequence[str]:
        """The names, or ids, of what is more than one page of the books holds, in their order."""
        if not self._many:
            raise Trouble("Nothing in this scenario is more than a page: is a Given missing?")
        return self._many

    def stock(self) -> Stock:
        """Return how many lamps there are."""
        return self._records.stock(self.item)

    def ends(self) -> Sequence[Callable[[], object]]:
        """Return what removes the lamps of this scenario, with every order of them."""
        items = [partial(self._records.remove, item) for item in self._day.items]
        return [*items, partial(self._records.take_off_the_shelf, self._many)] if self._many else items
