"""The deployed menu: scenarios never invent drinks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, NamedTuple, TypeVar

from acceptance.trouble import Trouble
from support.serverlesspresso.profile import ShopProfile

# The default drink, if the shop has it.
USUAL = "Cappuccino"
NEVER_SOLD = "Milkshake"
ICON_PREFIX = "barista-icons_"
Found = TypeVar("Found")
# A profile without details of the shop.
READ_AT_THE_SHOP = ShopProfile()


class NotSold(Trouble):
    """The deployed menu lacks a drink that a scenario is about."""


class MenuItem(NamedTuple):
    """A drink on the menu: its name, its choices in words, the name of its picture."""

    drink: str
    choices: str
    picture: str


@dataclass(frozen=True)
class ChosenDrink:
    """A drink as ordered: its name, and its chosen options, in this order."""

    drink: str
    modifiers: Sequence[str] = ()

    @property
    def words(self) -> str:
        """It in a few words."""
        return f"{self.drink} with {', '.join(self.modifiers)}" if self.modifiers else self.drink

    def plus(self, *modifiers: str) -> ChosenDrink:
        """Return it with more options, which are chosen last."""
        return ChosenDrink(self.drink, (*self.modifiers, *modifiers))

    def is_like(self, other: ChosenDrink) -> bool:
        """Whether another one is the same drink with the same choices, in any sequence."""
        return (self.drink, sorted(map(str, self.modifiers))) == (other.drink, sorted(map(str, other.modifiers)))


@dataclass(frozen=True)
class Drink:
    """A drink of the menu: its name, whether it can be ordered, its choices (name and options), its picture."""

    name: str
    available: bool = True
    choices: tuple[tuple[str, tuple[str, ...]], ...] = ()
    picture: str = ""

    @classmethod
    def from_entry(cls, entry: Mapping[str, Any]) -> Drink:
        """Read an entry of the menu (as Python writes it). A drink without a flag can be ordered."""
        groups = entry.get("modifiers") or []
        return cls(
            str(entry.get("drink", "")),
            bool(entry.get("available", True)),
            tuple((str(group.get("Name", "")), tuple(map(str, group.get("Options", [])))) for group in groups),
            str(entry.get("icon", "")),
        )

    @property
    def options(self) -> Sequence[str]:
        """Every option of every choice, in the menu's order."""
        return [option for _, options in self.choices for option in options]

    @property
    def ways(self) -> Sequence[ChosenDrink]:
        """The drink with an option of each of its choices at once, so that each option is chosen, and as it is.

        The options are in another order than on the menu.
        """
        most = max((len(options) for _, options in self.choices), default=0)
        rows = ([options[n % len(options)] for _, options in reversed(self.choices) if options] for n in range(most))
        return [*(ChosenDrink(self.name, tuple(row)) for row in rows), ChosenDrink(self.name)]

    @property
    def with_a_choice_of_each(self) -> ChosenDrink:
        """The drink with one option of each of its choices."""
        return self.ways[0]


@dataclass(frozen=True)
class Menu:
    """The menu at a moment. `wanted` names drinks that the profile wants used; each must be on the menu.

    A property that names a drink raises NotSold where the menu has no such drink.
    """

    drinks: Sequence[Drink]
    wanted: ShopProfile = READ_AT_THE_SHOP

    @property
    def items(self) -> Sequence[MenuItem]:
        """The drinks that can be ordered, as a customer sees them."""
        return [
            MenuItem(
                drink.name,
                "; ".join(f"{name}: {', '.join(options)}" for name, options in drink.choices),
                drink.picture.removeprefix(ICON_PREFIX),
            )
            for drink in self._ready()
        ]

    @property
    def options(self) -> Mapping[str, Sequence[str]]:
        """The options of each drink that can be ordered."""
        return {drink.name: drink.options for drink in self._ready()}

    @property
    def usual(self) -> Drink:
        """A drink that can be ordered: Cappuccino if it can, else the first one."""
        return _needed(self._usual(), "no drink that can be ordered")

    @property
    def another(self) -> Drink:
        """A drink that can be ordered and is not the usual one."""
        another = self._named("another_drink") or self._first(lambda drink: drink != self._usual())
        return _needed(another, "fewer than two drinks that can be ordered")

    @property
    def with_choices(self) -> Drink:
        """A drink that can be ordered and comes with choices, the usual one if it does."""
        with_choices = self._named("drink_with_choices") or self._first(lambda drink: bool(drink.options))
        return _needed(with_choices, "no drink with modifiers that can be ordered")

    @property
    def without_choices(self) -> Drink:
        """A drink that can be ordered and has no choices, the usual one if it has none."""
        without_choices = self._named("drink_without_choices") or self._first(lambda drink: not drink.options)
        return _needed(without_choices, "no drink without modifiers that can be ordered")

    @property
    def ways(self) -> Sequence[ChosenDrink]:
        """Every drink that can be ordered, in each of its ways: first all drinks in one way, then in the next."""
        by_drink = zip_longest(*(drink.ways for drink in self._ready()))
        return [way for ways in by_drink for way in ways if way]

    @property
    def with_choice_of_another(self) -> ChosenDrink:
        """A drink that can be ordered, with an option that only another one comes with."""
        ready = self._ready()
        strange = (
            ChosenDrink(drink.name, (option,))
            for drink in ready
            for other in ready
            for option in other.options
            if option not in drink.options
        )
        return _needed(next(strange, None), "no choice that goes with one drink and not with another")

    @property
    def sold_out(self) -> Drink:
        """A drink that is on the menu and cannot be ordered."""
        named = self._named("sold_out", available=False)
        return _needed(named or next((d for d in self.drinks if not d.available), None), "no drink that is sold out")

    @property
    def off_it(self) -> str:
        """A drink that differs from all of the menu, in upper and lower case."""
        if self.wanted.never_sold:
            return self.wanted.never_sold
        sold = " ".join(drink.name for drink in self.drinks).lower()
        return next(name for name in _unheard_of() if name.lower() not in sold)

    def picture_of(self, name: str) -> str:
        """Return the name of a drink's picture. Raises Trouble for a drink that is not on the menu."""
        drink = self._called(name)
        if drink is None:
            raise Trouble(f"The menu does not offer {name}, so it has no picture of it.")
        return drink.picture

    def _called(self, name: str) -> Drink | None:
        """Return the drink of this name, whether it can be ordered or not."""
        return next((drink for drink in self.drinks if drink.name == name), None)

    def _usual(self) -> Drink | None:
        ready = self._ready()
        return self._named("drink") or next((d for d in ready if d.name == USUAL), next(iter(ready), None))

    def _ready(self) -> Sequence[Drink]:
        return [drink for drink in self.drinks if drink.available]

    def _first(self, wanted: Callable[[Drink], bool]) -> Drink | None:
        usual = self._usual()
        ready = sorted(self._ready(), key=lambda drink: drink != usual)  # the usual one first, the others as they stand
        return next((drink for drink in ready if wanted(drink)), None)

    def _named(self, field: str, *, available: bool = True) -> Drink | None:
        """Return the drink that the profile names. Raises Trouble when the menu contradicts it."""
        name = getattr(self.wanted, field)
        if not name:
            return None
        drink = self._called(name)
        if drink is None or drink.available is not available:
            there = ", ".join(f"{drink.name}{'' if drink.available else ' (sold out)'}" for drink in self.drinks)
            state = "can be ordered" if available else "is sold out"
            raise Trouble(
                f"The profile says that {name} {state} (shop: {field}), but the deployed menu has: "
                f"{there or 'nothing'}. "
                "Correct the profile or the menu."
            )
        return drink


def if_sold(drink: Callable[[], Found]) -> Found | None:
    """Return a drink of the menu, or None where it has no such drink."""
    try:
        return drink()
    except NotSold:
        return None


def _needed(drink: Found | None, what: str) -> Found:
    if drink is None:
        raise NotSold(
            f"The deployed menu has {what}, so this scenario cannot be checked. "
            "Add one to the menu, or leave the scenario out by the profile (not_made)."
        )
    return drink


def _unheard_of() -> Iterator[str]:
    name = NEVER_SOLD
    while True:
        yield name
        name = f"No {name}"
