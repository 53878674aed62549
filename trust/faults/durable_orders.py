"""Planted faults of the durable function, and the scenario that must notice each.

Each is one change of the function or its template; everything else stays as shipped.
"""

from trust.faults.fault import faults_of
from trust.system_copy import TEMPLATE, Edit, function

APP = function("process_order")
CODE_WAIT = '    context.wait(CONFIRMATION_WAIT, name="wait_for_confirmation")\n'
CODE_CONFIRM = "    confirmed = context.step(confirm_order(order_id, rehearsed), config=AGAIN)\n"
STORED_AMOUNT = '        "amount": {"N": str(PRICE)},\n        "createdAt"'
CHARGED = '        "amount": {"N": str(PRICE)},\n        "chargedAt"'
TTL = '        "ttl": {"N": str(int(time.time()) + KEPT_SECONDS)},\n'
PAYMENT = "take_payment(order_id, rehearsed)"
NO_ID = '        raise InvalidOrder("The order has no orderId.")\n'
STORES_IT = '        dynamodb.put_item(TableName=ORDERS_TABLE, Item={"orderId": {"S": "None"}})\n'


# A wait that is long enough to differ from none.
_fault = faults_of("durable_orders", "-D", "durable_wait=2", "-D", "patience=20")
# Slow function starts can hide a wait that is slightly too short, so it is far too short.
LONGER = {"options": ("-D", "durable_wait=5", "-D", "patience=20"), "quiet": True}


FAULTS = (
    _fault(
        "the wait is shortened",
        Edit(APP, 'int(os.environ["CONFIRMATION_WAIT_SECONDS"])', 'int(os.environ["CONFIRMATION_WAIT_SECONDS"]) - 4'),
        "orders", "An order completes in time", "no less than its wait of 5,000 ms", **LONGER,
    ),
    _fault(
        "the wait is dropped",
        Edit(APP, CODE_WAIT, ""),
        "orders", "An order completes in time", "no less than its wait of 5,000 ms", **LONGER,
    ),
    _fault(
        "the wait is far too long",
        Edit(APP, 'int(os.environ["CONFIRMATION_WAIT_SECONDS"])', 'int(os.environ["CONFIRMATION_WAIT_SECONDS"]) + 6'),
        "orders", "An order completes in time", "the service level is 10 s", **LONGER,
    ),
    _fault(
        "the price is wrong",
        Edit(APP, 'Decimal("99.99")', 'Decimal("89.99")'),
        "orders", "The customer gets a receipt", "its amount is 89.99",
    ),
    _fault(
        "another amount is charged",
        Edit(APP, CHARGED, CHARGED.replace("str(PRICE)", '"9.99"')),
        "orders", "An order is charged once", "9.99",
    ),
    _fault(
        "the amount is stored as a float",
        Edit(APP, STORED_AMOUNT, '        "amount": {"N": f"{float(PRICE):.30f}"},\n        "createdAt"'),
        "orders", "A completed order is stored with its details", "its amount is 99.98999",
    ),
    _fault(
        "the amount is stored as a text",
        Edit(APP, STORED_AMOUNT, '        "amount": {"S": str(PRICE)},\n        "createdAt"'),
        "orders", "A completed order is stored with its details", "its amount is 99.99 (a text)",
    ),
    _fault(
        "the stored order lacks what was done for it",
        Edit(APP, '        "steps": {"S": json.dumps(steps)},\n', '        "steps": {"S": json.dumps(steps[:2])},\n'),
        "orders", "A completed order is stored with its details", "its steps is ['validated', 'paid']",
    ),
    _fault(
        "the stored order does not say since when",
        Edit(APP, '        "createdAt": {"S": now},\n', ""),
        "orders", "A completed order is stored with its details", "createdAt is None",
    ),
    _fault(
        "no time to live is stored",
        Edit(APP, TTL, ""),
        "orders",
        "A completed order expires after 30 days",
        "ttl is None",
    ),
    _fault(
        "the time to live is in milliseconds",
        Edit(APP, "int(time.time()) + KEPT_SECONDS", "int((time.time() + KEPT_SECONDS) * 1000)"),
        "orders", "A completed order expires after 30 days", "it expires after",
    ),
    _fault(
        "the table forgets nothing",
        Edit(TEMPLATE, "      TimeToLiveSpecification: {AttributeName: ttl, Enabled: true}\n", ""),
        "orders", "A completed order expires after 30 days", "the table forgets nothing",
    ),
    _fault(
        "a step is run twice",
        Edit(APP, CODE_CONFIRM, CODE_CONFIRM * 2),
        "orders", "No step is repeated after the wait", "was done 2 times",
    ),
    _fault(
        "the order is confirmed before the wait",
        Edit(APP, CODE_WAIT + CODE_CONFIRM, CODE_CONFIRM + CODE_WAIT),
        "orders", "An order completes its steps in turn", "then confirmed, then held for its confirmation",
    ),
    _fault(
        "the payment is no step of its own",
        Edit(APP, f"context.step({PAYMENT}, config=AGAIN)", f"{PAYMENT}(None)"),
        "orders", "An order completes its steps in turn", "it was validated, then held",
    ),
    _fault(
        "the receipt does not say where the order is",
        Edit(APP, '        "persistence": stored,\n', ""),
        "orders", "The customer gets a receipt", "it does not say so",
    ),
    _fault(
        "an order that hangs is not given up in time",
        Edit(TEMPLATE, "        ExecutionTimeout: 300\n", "        ExecutionTimeout: 3600\n"),
        "orders", "An order that hangs times out, and its history is kept", "its time-out is 3600",
    ),
    _fault(
        "what became of an order is forgotten too soon",
        Edit(TEMPLATE, "        RetentionPeriodInDays: 5\n", "        RetentionPeriodInDays: 1\n"),
        "orders", "An order that hangs times out, and its history is kept", "its retention is 1",
    ),
    _fault(
        "the stored order tells another time",
        Edit(APP, '        "completedAt": {"S": now},\n', '        "completedAt": {"S": "2020-01-01T00:00:00Z"},\n'),
        "orders", "A completed order is stored with its details", "it was created at",
    ),
    _fault(
        "an invalid order is taken",
        Edit(APP, NO_ID, '        order_id = "unknown"\n'),
        "no_id", "An order without an id is rejected", "fails because of its id",
    ),
    _fault(
        "an invalid order is stored",
        Edit(APP, NO_ID, STORES_IT + NO_ID),
        "no_id", "An order without an id is rejected", "None",
    ),
    _fault(
        "an invalid order fails without a cause",
        Edit(APP, NO_ID, '        raise InvalidOrder("No.")\n'),
        "no_id", "An order without an id is rejected", "fails because of its id",
    ),
    _fault(
        "an order that is submitted twice is charged twice",
        Edit(APP, '_once(PAYMENTS_TABLE, mark, "entry")', '{"TableName": PAYMENTS_TABLE, "Item": mark}'),
        "submitting_twice", "An order submitted twice is charged once", "there are 2",
    ),
    _fault(
        "an order that is submitted twice is stored anew",
        Edit(APP, '**_once(ORDERS_TABLE, item, "orderId"),', '"TableName": ORDERS_TABLE, "Item": item,'),
        "submitting_twice",
        "All receipts of an order match what is stored",
        "an order that was stored by the first submission",
    ),
    _fault(
        "a step that fails is not tried again",
        Edit(APP, "max_attempts=4", "max_attempts=1"),
        "retries", "A confirmation that fails once is retried", "it can no longer come",
    ),
    _fault(
        "a payment that fails is not tried again",
        Edit(APP, f"{PAYMENT}, config=AGAIN", f"{PAYMENT}, config=NEVER_AGAIN"),
        "failing_payments", "A payment that fails once is retried", "it can no longer come",
    ),
    _fault(
        "what was paid is charged again after an interruption",
        Edit(
            APP,
            "    confirmed = context.step",
            "    dynamodb.put_item(TableName=PAYMENTS_TABLE, Item={'orderId': {'S': order_id}, "
            "'entry': {'S': uuid.uuid4().hex}, 'amount': {'N': '99.99'}})\n    confirmed = context.step",
        ),
        "retries", "A retried confirmation charges nothing again", "there are 3",
    ),
)  # fmt: skip
