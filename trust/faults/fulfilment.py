"""Planted faults of the fulfilment programs, and the scenario that must notice each.

Each is one change of a program or of the rules; everything else stays as shipped.
"""

from trust.faults.fault import faults_of
from trust.system_copy import Edit

ORDERS, PEOPLE, TERMINAL = "desk/orders.py", "desk/people.py", "desk/terminal.py"
STATE_HOLDS = '            "ConditionExpression": "#state = :old",\n'
ANY_STATE = '            "ConditionExpression": "#state = :old OR attribute_exists(#state)",\n'
TAKES = '_stock(order, "available >= :quantity", available=-quantity, reserved=quantity),'
LETS_IN = 'if found and right and found["role"] == role else None'
PAYS = '            paid=order["amount"],\n'
BACK = "reserved=-quantity, available=quantity"
ENOUGH, ALWAYS_ENOUGH = '"available >= :quantity"', '"available >= :quantity OR attribute_exists(price)"'
AT_ONCE = '_write(_stock(order, "reserved < :quantity", available=-2, reserved=2), why=str)'
NOT_OFFERED = "        raise No(f\"Nothing called {item or 'that'} is on offer.\")\n"
STILL_THERE = '_stock(order, "reserved >= :quantity", reserved=-order["quantity"])'
GONE_ANYHOW = '_stock(order, "attribute_exists(price) OR reserved = :quantity", reserved=-order["quantity"])'
PROCESS = '    order = orders.allocate(prompt("Order"), person)\n'
TELLS_PRICE = "raise No(f\"{money(order['amount'])} is to be collected, not {collected or 'nothing'}.\")"
LOOKED_AT = '    quantity = order["quantity"]\n    _write('
LOOKS_FIRST = LOOKED_AT.replace(
    "    _write(",
    '    if order["state"] != PLACED:\n        raise No(f"{order_id} has already been processed by somebody.")\n'
    "    __import__('time').sleep(0.5)\n    _write(",
)
LOOKS_AT_STOCK_FIRST = LOOKED_AT.replace(
    "    _write(",
    '    if tables.read("stock", item=order["item"])["available"] < quantity:\n'
    '        raise No("Not enough in stock: there are too few.")\n'
    "    __import__('time').sleep(0.5)\n    _write(",
)
HANDED_OVER = "    order = to_hand_over(delivery_id, by)\n    now, quantity"
ANYBODY_S = HANDED_OVER.replace("to_hand_over(delivery_id, by)", "find_delivery(delivery_id)[1]")


# Programs may be slow, except where the fault is slowness.
_fault = faults_of("fulfilment", "-D", "fulfilment_answer=20")
SOON = ("-D", "fulfilment_answer=4")


FAULTS = (
    _fault(
        "a wrong password lets in",
        Edit(PEOPLE, LETS_IN, 'if found and found["role"] == role else None'),
        "logging_in", "A wrong password is rejected", "Expected: to be refused: wrong password",
    ),
    _fault(
        "the right password does not let in",
        Edit(PEOPLE, LETS_IN, 'if found and not right and found["role"] == role else None'),
        "logging_in", "Everybody can log in to their own program", "was refused (wrong password)",
    ),
    _fault(
        "customers are let in everywhere",
        Edit(PEOPLE, LETS_IN, "if found and right else None"),
        "logging_in", "Nobody can log in to a colleague's program", "Expected: to be refused: wrong password",
    ),
    _fault(
        "the offers are not shown",
        Edit("customer_portal.py", '    print("On offer:")\n', ""),
        "ordering", "The portal lists the offers with prices", "printed neither that it was done nor why not",
    ),
    _fault(
        "an order costs the price of one",
        Edit(ORDERS, 'offered["price"] * int(quantity)', 'offered["price"]'),
        "ordering", "An order", "19.95 is to be paid",
    ),
    _fault(
        "an order is not written down",
        Edit(ORDERS, "Item=tables.typed(order),", 'Item=tables.typed({**order, "order_id": "ORD-X"}),'),
        "ordering", "An order", "it is unknown",
    ),
    _fault(
        "an order sets goods aside at once",
        Edit(ORDERS, "    return order\n\n\ndef find(", f"    {AT_ONCE}\n    return order\n\n\ndef find("),
        "ordering", "An order", "a stock of 5 available and 0 reserved",
    ),
    _fault(
        "what is not on offer can be ordered",
        Edit(ORDERS, NOT_OFFERED, '        offered = {"price": Decimal(1)}\n'),
        "ordering", "An article that is not on offer cannot be ordered", "Expected: to be refused: unknown",
    ),
    _fault(
        "goods are not reserved",
        Edit(ORDERS, TAKES, ""),
        "reserving", "Goods in stock are reserved", "it is 5 available and 0 reserved",
    ),
    _fault(
        "more is sold than there is",
        Edit(ORDERS, ENOUGH, ALWAYS_ENOUGH),
        "reserving", "Goods out of stock are not reserved", "Expected: to be refused: not enough in stock",
    ),
    _fault(
        "the last one is sold twice",
        Edit(ORDERS, ENOUGH, ALWAYS_ENOUGH),
        "reserving", "The last lamp goes to one of two simultaneous orders", "one of the two to be let through",
    ),
    _fault(
        "an order is processed again",
        Edit(ORDERS, STATE_HOLDS, ANY_STATE),
        "reserving", "Reserved goods cannot be reserved again", "Expected: to be refused: already processed",
    ),
    _fault(
        "two people process an order at the same moment",
        Edit(ORDERS, STATE_HOLDS, ANY_STATE),
        "reserving", "Two people cannot reserve the same goods at the same moment", "one of the two to be let through",
    ),
    _fault(
        "an order is looked at and then written, so that two people may be in between",
        (
            Edit(ORDERS, STATE_HOLDS, ANY_STATE),
            Edit(ORDERS, LOOKED_AT, LOOKS_FIRST),
        ),
        "reserving", "Two people cannot reserve the same goods at the same moment", "one of the two to be let through",
    ),
    _fault(
        "the stock is looked at and then written, so that two orders may be in between",
        (
            Edit(ORDERS, ENOUGH, ALWAYS_ENOUGH),
            Edit(ORDERS, LOOKED_AT, LOOKS_AT_STOCK_FIRST),
        ),
        "reserving", "The last lamp goes to one of two simultaneous orders", "one of the two to be let through",
    ),
    _fault(
        "an order that nobody knows is processed",
        Edit("inventory.py", PROCESS, '    order = {"order_id": prompt("Order"), "quantity": 1, "item": "lamp"}\n'),
        "reserving", "Goods for an unknown order cannot be reserved", "Expected: to be refused: unknown",
    ),
    _fault(
        "packing does not wait for the goods",
        Edit(ORDERS, "ALLOCATED, APPROVED, approved_by", "PLACED, APPROVED, approved_by"),
        "packing_and_planning",
        "Packing cannot be authorized before the goods are reserved",
        "Expected: to be refused: too early",
    ),
    _fault(
        "packing is not written down",
        Edit("warehouse.py", "    orders.approve(order_id, person)\n", ""),
        "packing_and_planning", "The warehouse authorizes packing", "it is allocated",
    ),
    _fault(
        "packing is authorized again",
        Edit(ORDERS, STATE_HOLDS, ANY_STATE),
        "packing_and_planning", "Packing is authorized only once", "Expected: to be refused: already processed",
    ),
    _fault(
        "a delivery does not wait for the packing",
        Edit(ORDERS, "APPROVED, PLANNED, **told", "ALLOCATED, PLANNED, **told"),
        "packing_and_planning",
        "A delivery cannot be planned before packing is authorized",
        "Expected: to be refused: too early",
    ),
    _fault(
        "a delivery is not written down",
        Edit(ORDERS, '        {"Put": put},\n', ""),
        "packing_and_planning", "Logistics plans a delivery", "its delivery is not there",
    ),
    _fault(
        "a delivery is planned again",
        Edit(ORDERS, STATE_HOLDS, ANY_STATE),
        "packing_and_planning", "A delivery is planned only once", "Expected: to be refused: already processed",
    ),
    _fault(
        "the order does not know that it is under way",
        Edit(ORDERS, "PLANNED, UNDER_WAY, accepted_by", "PLANNED, PLANNED, accepted_by"),
        "delivering", "A courier accepts a delivery", "it is planned",
    ),
    _fault(
        "two couriers get the same delivery",
        Edit(ORDERS, STATE_HOLDS, ANY_STATE),
        "delivering",
        "One of two couriers who accept at the same moment gets the delivery",
        "one of the two to be let through",
    ),
    _fault(
        "anybody may hand over what somebody has accepted",
        Edit(ORDERS, ' or delivery["courier_user"] != by.user:', ":"),
        "delivering", "Another courier cannot hand the order over", "Expected: to be refused: already processed",
    ),
    _fault(
        "the payment is not recorded",
        Edit(ORDERS, PAYS, ""),
        "delivering", "A courier delivers an order and collects the payment", "nothing is paid",
    ),
    _fault(
        "another sum is recorded",
        Edit(ORDERS, PAYS, PAYS.replace('order["amount"]', 'order["amount"] * 2')),
        "delivering", "A courier delivers an order and collects the payment", "79.60 is paid",
    ),
    _fault(
        "what is delivered stays reserved",
        Edit(ORDERS, '        _stock(order, "reserved >= :quantity", reserved=-order["quantity"]),\n', ""),
        "delivering", "A courier delivers an order and collects the payment", "a stock of 3 available and 0 reserved",
    ),
    _fault(
        "any amount will do",
        Edit(ORDERS, TELLS_PRICE, "pass"),
        "delivering", "Only the exact price is accepted", "each of these to be refused: wrong amount",
    ),
    _fault(
        "what is paid is paid again",
        (
            Edit(ORDERS, 'if delivery["state"] != ACCEPTED or', "if"),
            Edit(ORDERS, STATE_HOLDS, ANY_STATE),
            Edit(ORDERS, STILL_THERE, GONE_ANYHOW),
        ),
        "delivering", "A paid order cannot be paid again", "Expected: to be refused: already processed",
    ),
    _fault(
        "what is refused is not in stock again",
        Edit(ORDERS, BACK, "reserved=-quantity"),
        "delivering", "A customer refuses a delivery", "a stock of 5 available and 0 reserved",
    ),
    _fault(
        "what is refused is paid all the same",
        Edit(ORDERS, "UNDER_WAY, REFUSED, **told)", 'UNDER_WAY, REFUSED, paid=order["amount"], **told)'),
        "delivering", "A customer refuses a delivery", "39.80 is paid",
    ),
    _fault(
        "what went back is handed over",
        (
            Edit(ORDERS, 'if delivery["state"] != ACCEPTED or', "if"),
            Edit(ORDERS, STATE_HOLDS, ANY_STATE),
            Edit(ORDERS, STILL_THERE, GONE_ANYHOW),
        ),
        "delivering", "A refused order cannot be handed over", "Expected: to be refused: already processed",
    ),
    _fault(
        "a program shows another state than the books",
        Edit(TERMINAL, "is {order['state']}.", "is {order['state'] if only_own else orders.PLACED}."),
        "journeys", "Five people fulfil an order", "Rosa sees state placed",
    ),
    _fault(
        "the orders get in each other's way",
        Edit(ORDERS, '"available >= :quantity"', '"reserved = :nothing"'),
        "journeys", "Four orders are fulfilled at the same time", "Expected: all orders to be fulfilled",
    ),
    _fault(
        "a program crashes half-way",
        Edit("inventory.py", PROCESS, PROCESS + '    raise RuntimeError("out of paper")\n'),
        "reserving", "Goods in stock are reserved",
        "The inventory program ended half-way, with exit status 1, when Rosa wanted to do “process”.",
    ),
    _fault(
        "a program never answers",
        Edit("inventory.py", PROCESS, '    prompt("Order")\n    sys.stdin.read()\n'),
        "reserving", "Goods in stock are reserved",
        "The inventory program gave no answer within 4 s when Rosa wanted to do “process”.", options=SOON,
    ),
    _fault(
        "a program prints something else",
        Edit("inventory.py", " are reserved for {order['order_id']}.", " are somewhere."),
        "reserving", "Goods in stock are reserved",
        "The inventory program printed neither that it was done nor why not, when Rosa wanted to do “process”.",
    ),
    _fault(
        "somebody is let in with a warning",
        Edit("desk/terminal.py", '        print("Wrong user name or password.")\n',
             '        print("Wrong user name or password.")\n        return people.Person(user, user)\n'),
        "logging_in", "A wrong password is rejected",
        "printed neither that it was done nor why not, when Rosa wanted to log in",
    ),
    _fault(
        "the wrong price is on offer",
        Edit("customer_portal.py", "{orders.money(one['price'])} each", "{orders.money(one['price'] * 2)} each"),
        "ordering", "The portal lists the offers with prices", "39.80 each",
    ),
    _fault(
        "the courier is told another sum",
        Edit("delivery.py", "collect: {orders.money(order['amount'])}", "collect: {orders.money(order['amount'] * 2)}"),
        "delivering", "A courier delivers an order and collects the payment", "the amount shown to Vic (asked)",
    ),
    _fault(
        "anybody may bring goods back",
        Edit("desk/orders.py", HANDED_OVER, ANYBODY_S),
        "delivering", "Another courier cannot bring the order back", "to be refused: already processed",
    ),
)  # fmt: skip
