"""Planted faults of the café: one change each, the scenario that must notice it, and words of its message.

Each new promise in the features needs a fault here: the smallest change of the system that breaks it.
"""

from trust.faults.fault import faults_of
from trust.system_copy import MANAGER, PROCESSOR, TEMPLATE, Edit, function

STARTED = function("workflow_started")
WAITING = function("waiting_completion")
SANITIZE = function("sanitize_order")
API = function("orders_api")

_KEEPS_THE_PASS = '            return stored.get("TaskToken", {}).get("S", "")\n'
_STORE_THE_PASS = """\
            dynamodb.update_item(
                TableName=ORDERS_TABLE,
                Key={"PK": {"S": "orders"}, "SK": {"S": order_id}},
                UpdateExpression="SET TaskToken = :token",
                ExpressionAttributeValues={":token": {"S": token}},
            )
            return token
"""
_TELLS = "    _tell_baristas(order_id, order)\n"
_TELLS_LATE = Edit(WAITING, _TELLS, f"    __import__('time').sleep(1.5)\n{_TELLS}")


def _dawdles(state: str, seconds: int) -> str:
    """Return edits that delay a state."""
    return f'"{state}": {{"Type": "Wait", "Seconds": {seconds}, "Next": "{state} now"}}, "{state} now": {{'


def _patient(seconds: int) -> tuple[str, ...]:
    """Return the timeout options of a run; a scenario with a crowd needs a longer one."""
    return ("--stop", "-D", f"patience={seconds}")


# A wait for something that a fault has removed ends early anyway, and a slow machine needs a long timeout.
_fault = faults_of("serverlesspresso", "--stop")


FAULTS = (
    _fault(
        "the baristas are not told of an order",
        Edit(WAITING, "    _tell_baristas(order_id, order)\n", ""),
        "ordering",
        "A submitted drink reaches the baristas",
        ("a notification that a Cappuccino waits for a barista",),
    ),
    _fault(
        "a claim is not told",
        Edit(MANAGER, '"Next": "Emit - Making Order"', '"Next": "Order claimed"'),
        "claiming",
        "A claimed order shows who is making it",
        ("a notification that Ben makes it",),
    ),
    _fault(
        "a claim is told of the wrong barista",
        Edit(MANAGER, '"$.baristaUserId"', '"$.orderId"', "Emit - Making Order"),
        "claiming",
        "A claimed order shows who is making it",
        ("a notification that Ben makes it",),
    ),
    _fault(
        "giving back is not told",
        Edit(MANAGER, '"Next": "Emit - Unmaking Order"', '"Next": "Order unclaimed"'),
        "claiming",
        "A returned order waits for a barista again",
        ("a notification that the order has no barista",),
    ),
    _fault(
        "the customer is not told that it is ready",
        Edit(MANAGER, '"Next": "Emit - Order Completed"', '"Next": "Resume Order Processor to finish"'),
        "completing",
        "The customer is notified that the drink is ready",
        ("a notification that the order is ready",),
    ),
    _fault(
        "the end of an order is not told",
        Edit(PROCESSOR, '"Next": "Emit - order finished"', '"Next": "Order finished"'),
        "completing",
        "The café is done with a completed order",
        ("a notification that the order is finished",),
    ),
    _fault(
        "a cancellation is not told",
        Edit(MANAGER, '"Next": "Emit - Order Cancelled"', '"Next": "End Order Processor"', "Customer Cancel Order"),
        "cancelling",
        "A customer cancels before choosing a drink",
        ("a notification that the order is cancelled",),
    ),
    _fault(
        "nobody is told that the shop is closed",
        Edit(PROCESSOR, '"Default": "Emit - Shop not ready"', '"Default": "Shop not ready"', "Shop Open?"),
        "shop_hours",
        "A scan at a closed shop is refused",
        ("a notification that the shop cannot take the order",),
    ),
    _fault(
        "nobody is told that the shop is full",
        Edit(PROCESSOR, '"Next": "Emit - Shop not ready"', '"Next": "Shop not ready"', "Is capacity available?"),
        "capacity",
        "One order more than the shop can serve is refused",
        ("a notification that the shop cannot take the order",),
    ),
    _fault(
        "a time-out is not told",
        Edit(PROCESSOR, '"Next": "Emit - Order timed out"', '"Next": "Order timed out"'),
        "time_outs",
        "An order without a drink times out",
        ("a notification that the order timed out",),
    ),
    _fault(
        "the first pass is not given out",
        Edit(PROCESSOR, '              "TaskToken.$": "$$.Task.Token",\n', "", "Emit - Workflow Started TT"),
        "ordering",
        "A customer who scans the code can choose a drink",
        ("there is no order",),
    ),
    _fault(
        "the first pass is not stored",
        Edit(STARTED, '        "TaskToken": {"S": token},\n', ""),
        "ordering",
        "A submitted drink reaches the baristas",
        (
            "it is a Cappuccino without a number",
            "the café refused to take the drink",
        ),
    ),
    _fault(
        "the second pass is not stored",
        Edit(WAITING, "SET TaskToken = :token,", "SET TaskToken = if_not_exists(TaskToken, :token),"),
        "completing",
        "The café is done with a completed order",
        (
            "the café to be done with the order",
            "its workflow is still running",
        ),
    ),
    _fault(
        "a completed order has the wrong state",
        Edit(MANAGER, '{"S": "Completed"}', '{"S": "Complete"}', "Complete Order"),
        "completing",
        "The customer is notified that the drink is ready",
        ('a completed order · but: it has the unknown state "Complete"',),
    ),
    _fault(
        "a cancelled order has the wrong state",
        Edit(MANAGER, '{"S": "Cancelled"}', '{"S": "Canceled"}', "Customer Cancel Order"),
        "cancelling",
        "A customer cancels before choosing a drink",
        ('a cancelled order · but: it has the unknown state "Canceled"',),
    ),
    _fault(
        "a completion does not end the service",
        Edit(
            MANAGER, '"Next": "Resume Order Processor to finish"', '"Next": "Order completed"', "Emit - Order Completed"
        ),
        "completing",
        "The café is done with a completed order",
        (
            "the café to be done with the order",
            "its workflow is still running",
        ),
    ),
    _fault(
        "a cancellation does not end the service",
        Edit(MANAGER, '"Next": "End Order Processor"', '"Next": "Order cancelled"', "Emit - Order Cancelled"),
        "cancelling",
        "A customer cancels after choosing a drink",
        (
            "the café to be done with the order",
            "its workflow is still running",
        ),
    ),
    _fault(
        "an order cancelled between its waits is served on",
        Edit(WAITING, "            _end_processor(token)\n", "            pass\n"),
        "failures",  # “An order cancelled right after its submission is over” meets that moment by chance
        "A cancelled order stays cancelled when the baristas are notified late",
        (
            "the café to be done with the order",
            "its workflow is still running",
        ),
    ),
    _fault(
        "a cancelled order is told to be finished",
        Edit(
            PROCESSOR,
            '["OrderCancelled"], "ResultPath": null, "Next": "Order cancelled"',
            '["OrderCancelled"], "ResultPath": null, "Next": "Emit - order finished"',
            "Emit - Awaiting Completion TT",
        ),
        "cancelling",
        "An order cancelled after a drink was chosen ends without an error",
        ("a notification that the order is finished",),
    ),
    _fault(
        "an order cancelled before its drink goes on",
        Edit(
            PROCESSOR,
            '["OrderCancelled"], "ResultPath": null, "Next": "Order cancelled"',
            '["OrderCancelled"], "ResultPath": null, "Next": "Generate Order Number"',
            "Emit - Workflow Started TT",
        ),
        "order_numbers",
        "A cancelled order takes no number",
        ("the very next numbers after",),
    ),
    _fault(
        "a completed order can be cancelled",
        Edit(
            MANAGER,
            '"ORDERSTATE = :created AND',
            '"(ORDERSTATE = :created OR attribute_exists(ORDERSTATE)) AND',
            "Customer Cancel Order",
        ),
        "cancelling",
        "A completed order cannot be cancelled",
        (
            "never an order that differs from before",
            'ORDERSTATE was "Completed"',
        ),
    ),
    _fault(
        "the number is not stored",
        Edit(WAITING, ":token, orderNumber = :number", ":token"),
        "ordering",
        "A submitted drink reaches the baristas",
        ("it is a Cappuccino without a number",),
    ),
    _fault(
        "the number never rises",
        Edit(PROCESSOR, '{":one": {"N": "1"}}', '{":one": {"N": "0"}}'),
        "order_numbers",
        "A later order has a higher number",
        (
            "Dev's order number",
            "a value greater than <0>",
        ),
    ),
    _fault(
        "two numbers at a time",
        Edit(PROCESSOR, '{":one": {"N": "1"}}', '{":one": {"N": "2"}}'),
        "order_numbers",
        "Simultaneous orders get consecutive numbers",
        ("the very next numbers after 2",),
    ),
    _fault(
        "the baristas are notified another number",
        Edit(WAITING, 'int(order["orderNumber"]["N"])', 'int(order["orderNumber"]["N"]) + 1'),
        "order_numbers",
        "The baristas are notified of the order's number",
        ("a notification that the order has its number",),
    ),
    _fault(
        "a drink off the menu is accepted",
        Edit(SANITIZE, 'item.get("drink") == {"S": drink} and ', ""),
        "ordering",
        "A drink off the menu is refused",
        ("never an order that differs from before",),
    ),
    _fault(
        "what the menu refuses is stored all the same",
        Edit(MANAGER, '"Default": "not a valid order"', '"Default": "Update order"'),
        "ordering",
        "A drink off the menu is refused",
        ("never an order that differs from before",),
    ),
    _fault(
        "a drink that has run out is accepted",
        Edit(SANITIZE, ' and item.get("available") == {"BOOL": True}', ""),
        "ordering",
        "A drink that has run out is refused",
        ("the café did as it was asked",),
    ),
    _fault(
        "choices are not checked",
        Edit(SANITIZE, ' and _offers(on_menu, order.get("modifiers", []))', ""),
        "ordering",
        "A choice off the menu is refused",
        ("never an order that differs from before",),
    ),
    _fault(
        "choices are forgotten",
        Edit(SANITIZE, '"modifiers": order.get("modifiers", []),', '"modifiers": [],'),
        "ordering",
        "A customer can choose how the drink is made",
        ("an order of a Cappuccino with",),
    ),
    _fault(
        "capacity is not checked",
        Edit(PROCESSOR, '"Next": "ListExecutions"', '"Next": "Emit - Workflow Started TT"'),
        "capacity",
        "One order more than the shop can serve is refused",
        ("a notification that the shop cannot take the order",),
    ),
    _fault(
        "one place too few",
        Edit(PROCESSOR, '"NumericGreaterThan"', '"NumericGreaterThanEquals"'),
        "capacity",
        "The shop serves 20 orders at once",
        ("orders are not there",),
        verdicts=("failed", "broken"),  # it happens in a Given
    ),
    _fault(
        "one place too many",
        Edit(PROCESSOR, "{'count': $count}", "{'count': $count - 1}"),
        "capacity",
        "One order more than the shop can serve is refused",
        ("a notification that the shop cannot take the order",),
    ),
    _fault(
        "a shop of 21",
        Edit(TEMPLATE, "Default: 20", "Default: 21"),
        "capacity",
        "The shop serves 20 orders at once",
        ("the shop cannot take the order",),
    ),
    _fault(
        "a shop of 5",
        Edit(TEMPLATE, "Default: 20", "Default: 5"),
        "capacity",
        "The shop serves 20 orders at once",
        ("orders are not there",),
        verdicts=("failed", "broken"),  # it happens in a Given
    ),
    _fault(
        "a closed shop takes orders",
        Edit(PROCESSOR, '"Default": "Emit - Shop not ready"', '"Default": "ListExecutions"', "Shop Open?"),
        "shop_hours",
        "A scan at a closed shop is refused",
        ("a notification that the shop cannot take the order",),
    ),
    _fault(
        "anybody may submit",
        Edit(MANAGER, "USERID = :user AND", "(USERID = :user OR attribute_exists(USERID)) AND", "Update order"),
        "ordering",
        "A customer cannot choose a drink for another customer",
        ("never an order that differs from before",),
    ),
    _fault(
        "a drink can be submitted twice",
        Edit(MANAGER, " AND attribute_not_exists(drinkOrder)", "", "Update order"),
        "ordering",
        "Submitting again does not finish the order",
        ("never the order to be left alone",),
    ),
    _fault(
        "a submission opens an order",
        Edit(MANAGER, '"USERID = :user', '"attribute_not_exists(PK) OR USERID = :user', "Update order"),
        "ordering",
        "An order that does not exist cannot be submitted",
        ("never an order to appear",),
    ),
    _fault(
        "a cancelled order takes a drink",
        Edit(
            MANAGER,
            "ORDERSTATE = :created AND attribute_not_exists(drinkOrder)",
            "(attribute_not_exists(drinkOrder) OR ORDERSTATE <> :created)",
            "Update order",
        ),
        "cancelling",
        "A cancelled order takes no drink",
        ("never an order that differs from before",),
    ),
    _fault(
        "an order without a drink can be claimed",
        Edit(MANAGER, "attribute_exists(orderNumber) AND ", "", "Claim Order"),
        "claiming",
        "An order without a drink cannot be claimed",
        (
            "never an order that differs from before",
            "baristaUserId was",
        ),
    ),
    _fault(
        "a completed order can be claimed",
        Edit(
            MANAGER,
            "ORDERSTATE = :created AND",
            "(ORDERSTATE = :created OR attribute_exists(ORDERSTATE)) AND",
            "Claim Order",
        ),
        "claiming",
        "A completed order cannot be claimed",
        (
            "never an order that differs from before",
            "baristaUserId was",
        ),
    ),
    _fault(
        "a claim opens an order",
        Edit(MANAGER, '"ORDERSTATE = :created', '"attribute_not_exists(PK) OR ORDERSTATE = :created', "Claim Order"),
        "claiming",
        "An order that does not exist cannot be claimed",
        ("never an order to appear",),
    ),
    _fault(
        "two baristas can claim the same order",
        Edit(
            MANAGER, " OR baristaUserId = :nobody", " OR attribute_exists(PK) OR baristaUserId = :nobody", "Claim Order"
        ),
        "claiming",
        "A claimed order cannot be claimed by another barista",
        ("the café did as it was asked",),
    ),
    _fault(
        "giving back keeps the barista",
        Edit(MANAGER, '":nobody": {"S": ""}', '":nobody": {"S.$": "$.baristaUserId"}', "Unclaim Order"),
        "claiming",
        "A returned order waits for a barista again",
        (
            "an order without a barista",
            "being made by Ben",
        ),
    ),
    _fault(
        "anybody can give an order back",
        Edit(
            MANAGER,
            " AND baristaUserId = :barista",
            " AND (baristaUserId = :barista OR attribute_exists(baristaUserId))",
            "Unclaim Order",
        ),
        "claiming",
        "A barista cannot give back a colleague's order",
        ("the café did as it was asked",),
    ),
    _fault(
        "an order without a drink can be completed",
        Edit(MANAGER, " AND attribute_exists(orderNumber)", "", "Complete Order"),
        "completing",
        "An order without a drink cannot be completed",
        (
            "never an order that differs from before",
            'is "Completed"',
        ),
    ),
    _fault(
        "a completed order can be completed again",
        Edit(
            MANAGER,
            '"ORDERSTATE = :created AND',
            '"(ORDERSTATE = :created OR attribute_exists(ORDERSTATE)) AND',
            "Complete Order",
        ),
        "completing",
        "An order is completed once",
        ("never a notification more than once that the order is ready",),
    ),
    _fault(
        "a completion opens an order",
        Edit(MANAGER, '"ORDERSTATE = :created', '"attribute_not_exists(PK) OR ORDERSTATE = :created', "Complete Order"),
        "completing",
        "An order that does not exist cannot be completed",
        ("never an order to appear",),
    ),
    _fault(
        "a cancellation opens an order",
        Edit(
            MANAGER,
            '"ORDERSTATE = :created',
            '"attribute_not_exists(PK) OR ORDERSTATE = :created',
            "Customer Cancel Order",
        ),
        "cancelling",
        "A customer cannot cancel an order that does not exist",
        ("never an order to appear",),
    ),
    _fault(
        "no order and a refusing order are told alike",
        Edit(MANAGER, '"Default": "No such order"', '"Default": "Order refuses action"'),
        "refusals",
        "An order that does not exist cannot be claimed",
        ("because of: NoSuchOrder", "but: it was refused (OrderRefusesAction"),
    ),
    _fault(
        "the wrong reason for a time-out",
        Edit(PROCESSOR, '{"cause": "Customer timedout"}', '{"cause": "Barista timedout"}'),
        "time_outs",
        "An order without a drink times out with a reason",
        ("because of: Customer timedout · but: it is cancelled (Barista timedout)",),
    ),
    _fault(
        "a time-out does not cancel the order",
        Edit(PROCESSOR, '"Next": "Cancel timed out order"', '"Next": "Emit - Order timed out"', "Customer timedout"),
        "time_outs",
        "An order without a drink times out",
        ("a cancelled order · but: it is waiting for its drink to be chosen",),
    ),
    _fault(
        "customers have all the time in the world",
        Edit(PROCESSOR, '      "TimeoutSeconds": ${CustomerTimeoutSeconds},\n', ""),
        "time_outs",
        "An order without a drink times out",
        ("a notification that the order timed out",),
    ),
    _fault(
        "baristas have all the time in the world",
        Edit(PROCESSOR, '      "TimeoutSeconds": ${BaristaTimeoutSeconds},\n', ""),
        "time_outs",
        "An order that no barista makes times out",
        ("a notification that the order timed out",),
    ),
    _fault(
        "a malformed scan is accepted",
        Edit(PROCESSOR, '"Default": "not a valid scan"', '"Default": "DynamoDB Get Shop status"'),
        "malformed_scans",
        "A scan with no order opens no order",
        ("the scan keeps a workflow running",),
    ),
    _fault(
        "a long id is accepted",
        Edit(PROCESSOR, " and $length($id) <= 64", ""),
        "malformed_scans",
        "A scan with an order of 5000 letters opens no order",
        ("the scan keeps a workflow running",),
    ),
    _fault(
        "a blank id is accepted",
        Edit(PROCESSOR, "$contains($id, /\\\\S/)", "$length($id) > 0"),
        "malformed_scans",
        "A scan with a blank order opens no order",
        ("never an order to appear",),
    ),
    _fault(
        "a second scan overwrites the order",
        Edit(STARTED, _KEEPS_THE_PASS, _STORE_THE_PASS),
        "deliveries",
        "A duplicate scan is served once",
        (
            "the order to be served exactly once",
            "2 of these are still being served",
        ),
    ),
    _fault(
        "a second scan is served as well",
        Edit(STARTED, '_end(token, "DuplicateScan", "The order has been scanned before.")', "pass"),
        "deliveries",
        "A duplicate scan is served once",
        (
            "the order to be served exactly once",
            "2 of these are still being served",
        ),
    ),
    _fault(
        "a late message puts an old pass in place",
        Edit(STARTED, _KEEPS_THE_PASS, _STORE_THE_PASS),
        "deliveries",
        "An order whose start arrived twice can be completed",
        ("the café to be done with the order", "its workflow is still running"),
    ),
    _fault(
        "a late message reopens a completed order",
        Edit(
            WAITING,
            (
                '"ORDERSTATE = :created AND (attribute_not_exists(orderNumber) OR orderNumber = :'
                'number)"),\n        UpdateExpression="SET TaskToken = :token,'
            ),
            (
                '"ORDERSTATE <> :number OR ORDERSTATE = :created"),\n        UpdateExpression="SET'
                " TaskToken = :token, ORDERSTATE = :created,"
            ),
        ),
        "deliveries",
        "A repeated message about a completed order is ignored",
        ('ORDERSTATE was "Completed" and is "CREATED"',),
    ),
    _fault(
        "a late message shows a completed order again",
        Edit(
            WAITING,
            "ORDERSTATE = :created AND (attribute_not_exists",
            "ORDERSTATE <> :token AND (ORDERSTATE <> :created OR attribute_not_exists",
        ),
        "deliveries",
        "A repeated message about a completed order is ignored",
        ("a notification once that it waits for a barista · but: it was announced 2 times",),
    ),
    _fault(
        "the app shows the pass",
        Edit(API, '    "#id": "SK",\n', '    "#id": "SK",\n    "#pass": "TaskToken",\n'),
        "app",
        "The app shows no confirmation code beside",
        ("the answer shows the order's confirmation code",),
    ),
    _fault(
        "nobody has to sign in",
        Edit(TEMPLATE, "        DefaultAuthorizer: Customers\n", ""),
        "app",
        "A visitor who is not signed in sees no order",
        (
            "sign in first",
            "the answer was 5",
        ),
    ),
    _fault(
        "anybody can order in somebody else's name",
        Edit(API, '{**order, "userId": user_id}', '{"userId": user_id, **order}'),
        "app",
        "A customer cannot order in another customer's name",
        ("never an order that differs from before",),
    ),
    _fault(
        "the app lists everybody's orders",
        Edit(API, '_read_all("GSI-userId", "USERID", user_id)', '_read_all("GSI-status", "ORDERSTATE", "CREATED")'),
        "app",
        "The app lists a customer's own orders",
        ("not the app to show the order",),
    ),
    _fault(
        "the app does not know an action from another",
        Edit(API, "    if action not in ACTIONS:\n", "    if action is None:\n"),
        "app",
        "The app lists its actions when it is asked for an unknown one",
        (
            "that cannot be done",
            "the answer was 202",
        ),
    ),
    _fault(
        "two submissions at the same moment both count",
        Edit(
            MANAGER,
            "attribute_not_exists(drinkOrder)",
            "(attribute_not_exists(drinkOrder) OR attribute_not_exists(orderNumber))",
            "Update order",
        ),
        "ordering",
        "One of two simultaneous submissions is accepted and the other refused",
        ("Expected: ",),
    ),
    _fault(
        "a refusal is a crash",
        Edit(SANITIZE, '    print(json.dumps({"valid": valid}))\n', '    print(json.dumps({"valid": 1 / valid}))\n'),
        "refusals",
        "A drink that is not on the menu is reported as refused",
        ("the café to refuse · but: the café broke down",),
    ),
    _fault(
        "nobody has to say who claims",
        Edit(
            MANAGER,
            """            {"Variable": "$.action", "StringEquals": "make"},
            {"Variable": "$.baristaUserId", "IsPresent": true},
            {
              "Not": {"Variable": "$.baristaUserId", "StringEquals": ""}
            }
""",
            """            {"Variable": "$.action", "StringEquals": "make"}
""",
        ),
        "claiming",
        "A claim with an empty name is rejected",
        ("the café to refuse",),
    ),
    _fault(
        "completing an order that nothing serves any more looks well",
        Edit(
            MANAGER, '"Next": "Order waits no longer"', '"Next": "Order completed"', "Resume Order Processor to finish"
        ),
        "confirmation_codes",
        "A barista is refused when someone else has used the confirmation code",
        ("the café to refuse · but: the café did as it was asked",),
    ),
    _fault(
        "cancelling an order that nothing serves any more fails",
        Edit(
            MANAGER,
            '"ErrorEquals": ["States.TaskFailed"],\n          "ResultPath"',
            '"ErrorEquals": ["Nothing"],\n          "ResultPath"',
            "End Order Processor",
        ),
        "confirmation_codes",
        "A customer can cancel when someone else has used the confirmation code",
        ("the café to do as it was asked",),
    ),
    _fault(
        "a drink can be exchanged",
        Edit(MANAGER, " AND attribute_not_exists(drinkOrder)", "", "Update order"),
        "ordering",
        "A submitted drink cannot be changed",
        ("never an order that differs from before", "drinkOrder was"),
    ),
    _fault(
        "giving back opens an order",
        Edit(MANAGER, '"ORDERSTATE = :created', '"attribute_not_exists(PK) OR ORDERSTATE = :created', "Unclaim Order"),
        "claiming",
        "An order that does not exist cannot be given back",
        ("never an order to appear",),
    ),
    _fault(
        "any customer can cancel any order",
        Edit(MANAGER, "(USERID = :user OR", "(attribute_exists(USERID) OR USERID = :user OR", "Customer Cancel Order"),
        "cancelling",
        "Another customer cannot cancel an order before a drink was chosen",
        ("never an order that differs from before", 'is "Cancelled"'),
    ),
    _fault(
        "whoever cancels in the app passes for a barista",
        Edit(API, 'BARISTAS = ("make",', 'BARISTAS = ("cancel", "make",'),
        "app",
        "Another customer cannot cancel an order in the app",
        ("never an order that differs from before", 'is "Cancelled"'),
    ),
    _fault(
        "a barista cannot cancel in the app",
        Edit(MANAGER, " OR baristaUserId = :user)", ")", "Customer Cancel Order"),
        "app",
        "The barista who makes an order can cancel it in the app",
        ("a cancelled order · but: it is number",),
    ),
    _fault(
        "a customer may have any number of orders",
        Edit(STARTED, "len(still_open) < _allowed()", "len(still_open) != _allowed() + 1"),
        "limits",
        "A customer with too many open orders gets no further one",
        ("never an order to appear",),
    ),
    _fault(
        "two scans at the same moment both count",
        Edit(
            STARTED, '"attribute_not_exists(SK) OR orders = :listed"', '"attribute_not_exists(SK) OR orders <> :listed"'
        ),
        "limits",
        "Simultaneous scans by one customer open no more orders than the shop allows",
        ("of the orders to appear",),
    ),
    _fault(
        "orders that are over count as open",
        Edit(STARTED, '.get("ORDERSTATE") == {"S": "CREATED"}', '.get("ORDERSTATE") != {"S": ""}'),
        "limits",
        "A customer whose order is completed can order again",
        ("there is no order",),
    ),
    _fault(
        "a customer is not told that there is no further order",
        Edit(PROCESSOR, '"Next": "Emit - Too many orders"', '"Next": "Shop not ready"'),
        "limits",
        "A customer who gets no further order is notified",
        ("a notification that the shop cannot take the order",),
    ),
    _fault(
        "the shop's own limit is not looked at",
        Edit(PROCESSOR, '"Default": "Is one more order allowed?"', '"Default": "Emit - Workflow Started TT"'),
        "limits",
        "One order more than Mo allows is refused",
        ("a notification that the shop cannot take the order",),
    ),
    # --- service levels ---
    _fault(
        "a scan is acknowledged late",
        Edit(PROCESSOR, '"Emit - Workflow Started TT": {', _dawdles("Emit - Workflow Started TT", 3)),
        "service_levels",
        "A scan is acknowledged in time",
        ("Ada could choose a drink 3,", "the service level is 2 s", "passed in the state “Emit - Workflow Started TT”"),
        options=_patient(8),
        quiet=True,
    ),
    _fault(
        "the baristas are notified late",
        _TELLS_LATE,
        "service_levels",
        "A submitted drink reaches the baristas in time",
        ("The baristas saw Ada's order 1,", "the service level is 1 s", "passed in the function WaitingCompletion"),
        options=_patient(8),
        quiet=True,
    ),
    _fault(
        "a claim is shown late",
        Edit(MANAGER, '"Emit - Making Order": {', _dawdles("Emit - Making Order", 1)),
        "service_levels",
        "A claim is announced in time",
        (
            "Everybody saw who makes Ada's order 1,",
            "the service level is 500 ms",
            "passed in the state “Emit - Making Order”",
        ),
        options=_patient(8),
        quiet=True,
    ),
    _fault(
        "the customer hears late that it is ready",
        Edit(MANAGER, '"Emit - Order Completed": {', _dawdles("Emit - Order Completed", 1)),
        "service_levels",
        "A customer is notified in time that the order is ready",
        (
            "Ada heard that the order is ready 1,",
            "the service level is 500 ms",
            "in the state “Emit - Order Completed”",
        ),
        options=_patient(8),
        quiet=True,
    ),
    _fault(
        "the baristas are notified late in a rush",
        _TELLS_LATE,
        "service_levels",
        "20 orders open at once meet the service levels",
        ("A drink reaches the baristas: 95 % of 20 orders took 1,", "For the slowest, 1,"),
        options=_patient(8),
        quiet=True,
    ),
)
