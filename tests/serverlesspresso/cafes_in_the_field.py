"""What the public workshop's café and its successor's consist of, as far as the driver reads it."""

from support.serverlesspresso.dialect import of_shop
from support.serverlesspresso.menu import Drink

MILK = (("Milk", ("Regular", "Oat")),)
SHIPPED_MENU = [Drink(name, choices=MILK) for name in ("Cappuccino", "Latte", "Flat White", "Espresso", "Americano")]
WORKSHOP_MENU = [
    Drink(name) for name in ("Espresso", "Cappuccino", "Latte", "Flat White", "Americano", "Coffee of the day")
]
SUCCESSOR_MENU = [
    Drink("Americano", choices=MILK),
    Drink("Flat White", choices=MILK),
    Drink("Cappuccino", available=False, choices=MILK),
    Drink("Double Espresso"),
]

MANAGER = {
    "States": {
        "Complete": {"Type": "Pass", "Result": {"state": "COMPLETED"}},
        "Cancel": {"Type": "Pass", "Result": {"state": "CANCELLED"}},
        "Store": {"Parameters": {"S.$": "States.Format('{}-{}', $.eventId,$.result.state)"}},
        "Tell": {"Parameters": {"eventId.$": "$.detail.eventId"}},
    }
}
PROCESSOR = {"States": {"Get": {"Parameters": {"S.$": "States.Format('config-{}', $.detail.bucket.eventId)"}}}}
WORKSHOP_MANAGER = {"States": {"Complete": {"Type": "Pass", "Result": {"state": "Completed"}}}}

SUCCESSOR = of_shop("ABC", {"storeOpen": False, "menu": [{"drink": "Americano"}]}, {"config-ABC"}, PROCESSOR, MANAGER)
WORKSHOP = of_shop("", {"storeOpen": True}, {"config", "menu"}, {}, WORKSHOP_MANAGER)
