"""Scenarios order drinks from the deployed menu, whatever it offers."""

from functools import partial

import pytest
from cafes_in_the_field import MILK, SHIPPED_MENU, SUCCESSOR_MENU, WORKSHOP_MENU

from acceptance.trouble import Trouble
from support.serverlesspresso.menu import Drink, Menu, if_sold
from support.serverlesspresso.profile import ShopProfile


def names(menu):
    wanted = ("usual", "another", "with_choices", "without_choices", "sold_out")
    drinks = [if_sold(partial(getattr, menu, name)) for name in wanted]
    return [drink.name if drink else None for drink in drinks]


@pytest.mark.parametrize(
    ("drinks", "found"),
    [
        (SHIPPED_MENU, ["Cappuccino", "Latte", "Cappuccino", None, None]),
        (WORKSHOP_MENU, ["Cappuccino", "Espresso", None, "Cappuccino", None]),
        (SUCCESSOR_MENU, ["Americano", "Flat White", "Americano", "Double Espresso", "Cappuccino"]),
        ([Drink("Tea"), Drink("Cocoa", choices=MILK)], ["Tea", "Cocoa", "Cocoa", "Tea", None]),
        ([Drink("Tea", available=False)], [None, None, None, None, "Tea"]),
        ([Drink("Tea", choices=(("Milk", ()),))], ["Tea", None, None, "Tea", None]),
        ([], [None] * 5),
    ],
    ids=["shipped", "workshop", "successor", "others", "all sold out", "a choice of nothing", "empty"],
)
def test_drinks_are_those_of_the_menu(drinks, found):
    assert names(Menu(drinks)) == found


def test_profile_chooses_among_them():
    wanted = ShopProfile(
        drink="Flat White", another_drink="Americano", drink_with_choices="Flat White", sold_out="Cappuccino"
    )
    assert names(Menu(SUCCESSOR_MENU, wanted)) == [
        "Flat White",
        "Americano",
        "Flat White",
        "Double Espresso",
        "Cappuccino",
    ]


def test_another_drink_is_never_the_usual_one_of_the_profile():
    assert Menu(SUCCESSOR_MENU, ShopProfile(drink="Flat White")).another.name == "Americano"


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (ShopProfile(drink="Cappuccino"), "Cappuccino can be ordered (shop: drink)"),
        (ShopProfile(drink="Mocha"), "Mocha can be ordered (shop: drink)"),
    ],
    ids=["sold out", "not on it"],
)
def test_profile_that_the_menu_contradicts_is_told(wanted, said):
    with pytest.raises(Trouble) as trouble:
        _ = Menu(SUCCESSOR_MENU, wanted).usual
    assert str(trouble.value) == (
        f"The profile says that {said}, but the deployed menu has: Americano, Flat White, Cappuccino (sold out), "
        "Double Espresso. Correct the profile or the menu."
    )


def test_profile_that_says_sold_out_of_what_is_sold_is_told():
    with pytest.raises(Trouble, match="Americano is sold out"):
        _ = Menu(SUCCESSOR_MENU, ShopProfile(sold_out="Americano")).sold_out


@pytest.mark.parametrize(
    ("drinks", "name"),
    [
        (SHIPPED_MENU, "Milkshake"),
        ([Drink("milkshake")], "No Milkshake"),
        ([Drink("Big Milkshake", available=False), Drink("No Milkshake")], "No No Milkshake"),
    ],
    ids=["shipped", "in another case", "twice"],
)
def test_drink_off_the_menu_is_on_no_menu(drinks, name):
    assert Menu(drinks).off_it == name


def test_missing_drink_is_told_with_what_to_do():
    with pytest.raises(Trouble) as trouble:
        _ = Menu(WORKSHOP_MENU).with_choices
    assert str(trouble.value) == (
        "The deployed menu has no drink with modifiers that can be ordered, so this scenario cannot be checked. "
        "Add one to the menu, or leave the scenario out by the profile (not_made)."
    )


@pytest.mark.parametrize(
    ("entry", "drink"),
    [
        (
            {"drink": "Latte", "icon": "cup", "available": False, "modifiers": [{"Name": "Milk", "Options": ["Oat"]}]},
            Drink("Latte", False, (("Milk", ("Oat",)),), "cup"),
        ),
        ({"drink": "Latte"}, Drink("Latte")),
        ({"drink": "Latte", "modifiers": None}, Drink("Latte")),
        ({"drink": "Latte", "modifiers": [{"Name": "Milk"}]}, Drink("Latte", choices=(("Milk", ()),))),
    ],
    ids=["everything", "a name alone", "no modifiers", "a choice without options"],
)
def test_entry_is_read(entry, drink):
    assert Drink.from_entry(entry) == drink
