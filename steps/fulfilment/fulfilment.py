"""Steps of an order's way through the five programs: ordered, reserved, approved, planned, delivered and paid."""

from decimal import Decimal

from behave import given, then, when
from hamcrest import assert_that, equal_to

from acceptance.earlier import rows
from support.fulfilment.dialogue import (
    ALREADY,
    NOT_ENOUGH,
    OTHERWISE,
    TOO_EARLY,
    UNKNOWN,
    WRONG_AMOUNT,
    WRONG_QUANTITY,
)
from support.fulfilment.matchers import (
    amounts_to,
    are_there,
    one_was_done_and_one_refused,
    shows_on_offer,
    was_done,
    was_outrun,
    was_paid,
    was_refused,
    was_refused_for_lack,
    were_all_refused,
)


@given("{number:d} lamp is on the shelf")
@given("{number:d} lamps are on the shelf")
def step_on_the_shelf(context, number):
    context.scene.shelf.gets(number)


@given("{number:d} lamps at {price} each are on the shelf")
def step_at_a_price(context, number, price):
    context.scene.shelf.gets(number, Decimal(price))


@given('{number:d} lamps called "{name}" are on the shelf')
def step_with_a_name(context, number, name):
    context.scene.shelf.gets(number, name=name)


@given("the lamps are no longer on offer")
def step_no_longer_on_offer(context):
    context.scene.shelf.is_cleared()


@given("a lamp costs {price} from now on")
def step_new_price(context, price):
    context.scene.shelf.costs(Decimal(price))


@given("{customer:Name} has ordered {number:d} lamp at the portal")
@given("{customer:Name} has ordered {number:d} lamps at the portal")
@when("{customer:Name} orders {number:d} lamp at the portal")
@when("{customer:Name} orders {number:d} lamps at the portal")
def step_order(context, customer, number):
    context.scene.customer(customer).orders(number)


@given("{inventory:Name} has reserved the goods for {customer:Name}'s order")
def step_passed_one(context, customer, inventory):
    context.scene.order_passes(customer, inventory)


@given("{customer:Name}'s order is ready for planning, after {inventory:Name} and {warehouse:Name}")
def step_passed_two(context, customer, inventory, warehouse):
    context.scene.order_passes(customer, inventory, warehouse)


@given("{customer:Name}'s order is ready for delivery, after {inventory:Name}, {warehouse:Name} and {logistics:Name}")
def step_passed_three(context, customer, inventory, warehouse, logistics):
    context.scene.order_passes(customer, inventory, warehouse, logistics)


@given("{courier:Name} is delivering {customer:Name}'s order, after {one:Name}, {two:Name} and {three:Name}")
def step_under_way(context, courier, customer, one, two, three):
    context.scene.order_passes(customer, one, two, three, courier)


@given("{customer:Name} has listed the offers")
@when("{customer:Name} lists the offers")
def step_browse(context, customer):
    context.scene.person(customer).does("browse")


@when("{customer:Name} tries to order something that is not on offer")
def step_order_unknown(context, customer):
    context.scene.person(customer).tries_to("order", item="unicorn", quantity="1")


@when("{customer:Name} tries to order lamps")
def step_order_quantities(context, customer):
    quantities = [quantity for (quantity,) in rows(context.table, "quantity")]
    context.scene.person(customer).tries_each("order", "quantity", quantities)


@when("{one:Name} and {other:Name} order 1 lamp each at the same moment, {times:Count} times")
def step_order_at_once(context, one, other, times):
    context.scene.at_once.order([one, other], times)


@when("{person:Name} tries to look up {customer:Name}'s order")
def step_try_look(context, person, customer):
    context.scene.person(person).tries_to("look", customer)


@when("{person:Name} looks up {customer:Name}'s order, pasting its number with blanks around it")
def step_look_pasted(context, person, customer):
    context.scene.person(person).looks_up_pasted(customer)


@when("{staff:Name} reserves the goods for {customer:Name}'s order")
def step_set_aside(context, staff, customer):
    context.scene.person(staff).does("process", customer)


@when("{staff:Name} tries to reserve the goods for {customer:Name}'s order")
def step_try_set_aside(context, staff, customer):
    context.scene.person(staff).tries_to("process", customer)


@when("{staff:Name} tries to reserve goods for an order that was never placed")
def step_try_unknown(context, staff):
    context.scene.person(staff).tries_to("process", order="ORD-00000000")


@when("{one:Name} and {other:Name} try to reserve the goods for {customer:Name}'s order at the same moment")
def step_both_same_order(context, one, other, customer):
    context.scene.at_once.try_to("process", {one: customer, other: customer})


@when("{one:Name} tries to reserve the goods for {a:Name}'s order, and {other:Name} for {b:Name}'s, at the same moment")
def step_both_last_item(context, one, a, other, b):
    context.scene.at_once.try_to("process", {one: a, other: b})


@when("{staff:Name} authorizes packing for {customer:Name}'s order")
def step_approve(context, staff, customer):
    context.scene.person(staff).does("approve", customer)


@when("{staff:Name} tries to authorize packing for {customer:Name}'s order")
def step_try_approve(context, staff, customer):
    context.scene.person(staff).tries_to("approve", customer)


@when("{staff:Name} is asked to authorize packing {customer:Name}'s order, and answers")
def step_answers(context, staff, customer):
    answers = [answer for (answer,) in rows(context.table, "answer")]
    context.scene.person(staff).tries_each("approve", "answer", answers, customer)


@when("{staff:Name} tries to plan the delivery of {customer:Name}'s order without a {what:w}")
def step_plan_without(context, staff, customer, what):
    context.scene.person(staff).tries_to("plan", customer, **{what: ""})


@when('{staff:Name} plans the delivery of {customer:Name}\'s order along "{route}" for "{schedule}"')
def step_plan_along(context, staff, customer, route, schedule):
    context.scene.person(staff).does("plan", customer, route=route, schedule=schedule)


@when("{staff:Name} plans the delivery of {customer:Name}'s order, pressing Escape within the route")
def step_plan_with_escape(context, staff, customer):
    context.scene.person(staff).plans_with_escape(customer)


@when("{staff:Name} plans the delivery of {customer:Name}'s order")
def step_plan(context, staff, customer):
    context.scene.person(staff).does("plan", customer)


@when("{staff:Name} tries to plan the delivery of {customer:Name}'s order")
def step_try_plan(context, staff, customer):
    context.scene.person(staff).tries_to("plan", customer)


@when("{courier:Name} accepts the delivery of {customer:Name}'s order")
def step_accept(context, courier, customer):
    context.scene.person(courier).does("accept", customer)


@when("{one:Name} and {other:Name} try to accept the delivery of {customer:Name}'s order at the same moment")
def step_both_accept(context, one, other, customer):
    context.scene.at_once.try_to("accept", {one: customer, other: customer})


@given("{courier:Name} has handed {customer:Name}'s order over for {amount}")
@when("{courier:Name} hands {customer:Name}'s order over for {amount}")
def step_hand_over(context, courier, customer, amount):
    context.scene.courier(courier).hands_over(customer, amount)


@when("{courier:Name} tries to hand {customer:Name}'s order over for {amount}")
def step_try_hand_over(context, courier, customer, amount):
    context.scene.person(courier).tries_to("complete", customer, amount=amount)


@when("{courier:Name} tries to collect another amount for {customer:Name}'s order")
def step_other_amounts(context, courier, customer):
    amounts = [amount for (amount,) in rows(context.table, "amount")]
    context.scene.person(courier).tries_each("complete", "amount", amounts, customer)


@when("{courier:Name} hands {customer:Name}'s order over twice at the same moment, at two terminals")
def step_hands_over_twice(context, courier, customer):
    context.scene.at_once.at_two_terminals(courier, ["complete", "complete"], customer)


@when("{courier:Name} hands {customer:Name}'s order over and brings it back at the same moment, at two terminals")
def step_hands_over_and_back(context, courier, customer):
    context.scene.at_once.at_two_terminals(courier, ["complete", "refuse"], customer)


@when("{courier:Name} brings {customer:Name}'s order back twice at the same moment, at two terminals")
def step_brings_back_twice(context, courier, customer):
    context.scene.at_once.at_two_terminals(courier, ["refuse", "refuse"], customer)


@given('{customer:Name} has refused what {courier:Name} brought, saying "{reason}"')
@when('{customer:Name} refuses what {courier:Name} brings, saying "{reason}"')
def step_refuse_with_reason(context, customer, courier, reason):
    context.scene.person(courier).does("refuse", customer, reason=reason)


@when("{customer:Name} refuses what {courier:Name} brings, without a reason")
def step_refuse_without_reason(context, customer, courier):
    context.scene.person(courier).does("refuse", customer, reason="")


@when("{customer:Name} refuses what {courier:Name} brings")
def step_refuse(context, customer, courier):
    context.scene.person(courier).does("refuse", customer)


@when("{courier:Name} tries to bring {customer:Name}'s order back")
def step_try_bring_back(context, courier, customer):
    context.scene.person(courier).tries_to("refuse", customer)


@given("{staff:Name}'s program has crashed while authorizing packing for {customer:Name}'s order")
def step_broken_down(context, staff, customer):
    context.scene.person(staff).breaks_down_amid("approve", customer)


@given("{courier:Name}'s program has crashed while handing {customer:Name}'s order over")
def step_broken_down_at_the_door(context, courier, customer):
    context.scene.person(courier).breaks_down_amid("complete", customer)


@when("{number:Count} orders are fulfilled at the same time")
def step_side_by_side(context, number):
    context.scene.many_orders.pass_through(number, parallel=number)


@then("{person:Name} is shown {count:d} lamps for {price} each")
def step_on_offer(context, person, count, price):
    assert_that(context.scene.person(person).reply, shows_on_offer(context.scene.shelf.item, price, count))


@then("{person:Name} is shown {customer:Name}'s order")
def step_shown_order(context, person, customer):
    reply = context.scene.person(person).reply
    assert_that(reply, was_done(), f"{person} wanted to see {customer}'s order")


@then("{person:Name} learns each time that this quantity cannot be ordered")
def step_wrong_quantities(context, person):
    assert_that(context.scene.attempts, were_all_refused(WRONG_QUANTITY))


@then("{person:Name} learns each time that the amount is wrong")
def step_wrong_amounts(context, person):
    assert_that(context.scene.attempts, were_all_refused(WRONG_AMOUNT))


@then("none of these answers counts as a yes")
def step_no_yes(context):
    assert_that(context.scene.attempts, were_all_refused(OTHERWISE))


@then("{person:Name} is refused")
def step_refused_that(context, person):
    assert_that(context.scene.person(person).reply, was_refused(OTHERWISE))


@then("{person:Name} learns that there are not enough lamps")
def step_not_enough(context, person):
    lacking = was_refused_for_lack(NOT_ENOUGH, context.scene.shelf.stock().available)
    assert_that(context.scene.person(person).reply, lacking)


@then("{person:Name} learns that this has been done before")
def step_already(context, person):
    assert_that(context.scene.person(person).reply, was_refused(ALREADY))
    context.scene.see_right_states()


@then("{person:Name} learns that {colleague:Name} was quicker")
def step_outrun(context, person, colleague):
    names = context.scene.person(colleague).names
    assert_that(context.scene.person(person).reply, was_outrun(ALREADY, colleague, names))


@then("{person:Name} learns that the amount is wrong")
def step_wrong_amount(context, person):
    assert_that(context.scene.person(person).reply, was_refused(WRONG_AMOUNT))


@then("{person:Name} learns that it is unknown")
def step_unknown(context, person):
    assert_that(context.scene.person(person).reply, was_refused(UNKNOWN))


@then("{person:Name} learns that it is too early")
def step_too_early(context, person):
    assert_that(context.scene.person(person).reply, was_refused(TOO_EARLY))
    context.scene.see_right_states()


@then("one of the two is accepted, and the other learns that this has been done before")
@then("one of them is accepted, and the other learns that someone else was quicker")
def step_one_quicker(context):
    assert_that(context.scene.replies(), one_was_done_and_one_refused(ALREADY))


@then("one of them is accepted, and the other learns that there are not enough lamps")
def step_one_too_late(context):
    assert_that(context.scene.replies(), one_was_done_and_one_refused(NOT_ENOUGH))


@then("{customer:Name} has {amount} to pay for the lamps")
def step_to_pay(context, customer, amount):
    assert_that(context.scene.books.record(customer), amounts_to(amount))


@then("{customer:Name} has paid {amount} for the lamps")
def step_paid(context, customer, amount):
    assert_that(context.scene.books.record(customer), was_paid(amount))


@then("{number:d} lamps are reserved for {customer:Name}")
def step_set_aside_for(context, number, customer):
    context.scene.books.see_agree(customer)
    assert_that(context.scene.shelf.stock().reserved, equal_to(number))


@then("{available:d} lamp is available, and {reserved:d} are reserved")
@then("{available:d} lamps are available, and {reserved:d} is reserved")
@then("{available:d} lamps are available, and {reserved:d} are reserved")
def step_stock(context, available, reserved):
    assert_that(context.scene.shelf.stock(), are_there(available, reserved))


@then("all of them are delivered and paid")
def step_all_through(context):
    context.scene.many_orders.see_all_through()
