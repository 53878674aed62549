"""Steps about the outcomes of orders and of attempted actions."""

from behave import then
from hamcrest import assert_that, greater_than

from support.serverlesspresso.matchers.actions import exactly_one_is_accepted, is_accepted, is_refused
from support.serverlesspresso.matchers.many_orders import are_numbered_after, are_numbered_without_gap_after
from support.serverlesspresso.matchers.orders import (
    has_choices,
    has_no_number,
    is_a,
    is_being_made_by,
    is_cancelled,
    is_completed,
    is_exactly,
    is_one_of,
    is_stored,
    is_unclaimed,
    waits_for_a_barista,
    waits_for_its_drink,
)
from support.serverlesspresso.matchers.shop import are_none, is_forgotten_after, mention_no_order
from support.serverlesspresso.matchers.workflows import has_come_to_a_good_end, has_ended, is_over
from support.serverlesspresso.world import NOTE

# --- orders ---------------------------------------------------------------------------------------


@then("{customer:Name}'s order waits for its drink")
def step_waits_for_drink(context, customer):
    user_id = context.scene.person(customer).user_id
    context.scene.order_of(customer).becomes(waits_for_its_drink(user_id))


@then("{customer:Name}'s order still waits for its drink")
def step_still_waits_for_drink(context, customer):
    user_id = context.scene.person(customer).user_id
    context.scene.order_of(customer).stays()
    context.scene.order_of(customer).becomes(waits_for_its_drink(user_id))


@then("{customer:Name}'s order stays as it was")
def step_stays(context, customer):
    context.scene.order_of(customer).stays()


@then("{customer:Name}'s order is exactly as it was")
def step_stays_without_a_trace(context, customer):
    context.scene.order_of(customer).stays_without_a_trace()


@then("{customer:Name}'s order waits for a barista")
def step_waits_for_barista(context, customer):
    order = context.scene.order_of(customer)
    order.becomes(waits_for_a_barista(order.drink))


@then("each of these orders waits for a barista")
def step_all_wait_for_barista(context):
    context.scene.crowd.reach_the_baristas()


@then("{customer:Name}'s order is that drink with those choices")
def step_is_with_choices(context, customer):
    order = context.scene.order_of(customer)
    order.becomes(has_choices(order.chosen))


@then("the baristas are notified of each order, with its choices")
def step_all_are_told(context):
    context.scene.crowd.are_told_to_the_baristas()


@then("{customer:Name}'s order is that drink with exactly those choices")
def step_is_with_exact_choices(context, customer):
    order = context.scene.order_of(customer)
    order.becomes(is_exactly(order.chosen))


@then("{customer:Name}'s order is one of the two drinks")
def step_is_one_of_two(context, customer):
    context.scene.actions.are_answered()
    context.scene.order_of(customer).becomes(is_one_of(context.scene.actions.drinks))


@then("{customer:Name}'s order is being made by {barista:Name}")
def step_made_by(context, customer, barista):
    user_id = context.scene.person(barista).user_id
    context.scene.order_of(customer).becomes(is_being_made_by(user_id))


@then("nobody is making {customer:Name}'s order")
def step_made_by_nobody(context, customer):
    context.scene.order_of(customer).becomes(is_unclaimed())


@then("{customer:Name}'s order is completed")
def step_completed(context, customer):
    context.scene.order_of(customer).becomes(is_completed())


@then("{customer:Name}'s order is cancelled")
def step_cancelled(context, customer):
    context.scene.order_of(customer).becomes(is_cancelled())


@then('{customer:Name}\'s order is cancelled because of "{cause}"')
def step_cancelled_because(context, customer, cause):
    context.scene.order_of(customer).becomes(is_cancelled(cause))


@then("the café is done with {customer:Name}'s order")
def step_is_over(context, customer):
    context.scene.order_of(customer).workflows.last_becomes(is_over())


@then("{customer:Name}'s order has ended without an error")
def step_good_end(context, customer):
    context.scene.order_of(customer).workflows.last_becomes(has_come_to_a_good_end())


@then("{customer:Name} has no order")
def step_has_no_order(context, customer):
    context.scene.order_of(customer).never_becomes(is_stored())


@then("{customer:Name} has a further order")
def step_has_further_order(context, customer):
    context.scene.further_orders.is_opened()


@then("the shop's records about {customer:Name} expire {days:d} days later")
def step_forgotten(context, customer, days):
    assert_that(context.scene.customer(customer).remembered_days, is_forgotten_after(days))


@then("neither {customer:Name}'s order nor what the café announces of it contains the note")
def step_no_note(context, customer):
    assert_that(context.scene.order_of(customer).places_of(NOTE), are_none(NOTE))


@then("the shop's records about {customer:Name} mention none of her earlier orders")
def step_earlier_forgotten(context, customer):
    assert_that(context.scene.customer(customer).remembered_orders, mention_no_order())


@then("{customer:Name} has no second order")
def step_has_no_further_order(context, customer):
    context.scene.further_orders.last.never_opens()


@then("{customer:Name} has as many orders as the shop allows, and no more")
def step_has_all_but_one(context, customer):
    context.scene.further_orders.are_opened_but_one()


@then("no new order exists")
def step_no_order(context):
    context.scene.order_of("nobody").never_appears()


@then("the scan has opened no order")
def step_no_order_of_scan(context):
    context.scene.scan.never_opens(is_stored())


@then('the scan is refused with "{words}"')
def step_scan_refused(context, words):
    context.scene.scan.is_served(has_ended(words))


@then("an order waits for her drink")
def step_order_of_scan_waits(context):
    scan = context.scene.scan
    scan.opens(waits_for_its_drink(scan.user_id))


@then("it leaves no work open")
def step_nobody_busy(context):
    context.scene.scan.is_served(has_ended())


# --- numbers --------------------------------------------------------------------------------------


@then("{customer:Name}'s order has no number")
def step_no_number(context, customer):
    context.scene.order_of(customer).becomes(has_no_number())


@then("{one:Name}'s number is higher than {other:Name}'s")
def step_number_is_higher(context, one, other):
    later, earlier = context.scene.order_of(one), context.scene.order_of(other)
    later.reaches_the_baristas(later.drink)
    assert_that(later.number, greater_than(earlier.number), f"{one}'s order number")


@then("{one:Name} has the number that follows {other:Name}'s")
def step_very_next_number(context, one, other):
    later, earlier = context.scene.order_of(one), context.scene.order_of(other)
    later.reaches_the_baristas(later.drink)
    later.comes_right_after(earlier)


@then("each of them gets a number higher than {customer:Name}'s, and no two have the same")
def step_higher_numbers(context, customer):
    number = context.scene.order_of(customer).number
    context.scene.crowd.become(are_numbered_after(number))


@then("they get the numbers that follow {customer:Name}'s, and no two have the same")
def step_next_numbers(context, customer):
    number = context.scene.order_of(customer).number
    context.scene.crowd.become(are_numbered_without_gap_after(number))


# --- refusals -------------------------------------------------------------------------------------


@then("{person:Name} is refused")
@then("the attempt is refused")
def step_refused(context, person=""):
    context.scene.actions.last_is(is_refused())


@then('{person:Name} is refused with "{words}"')
@then('the attempt is refused with "{words}"')
def step_refused_in_words(context, words, person=""):
    context.scene.actions.last_is(is_refused(words))


@then("{person:Name} is not refused")
def step_accepted(context, person):
    context.scene.actions.last_is(is_accepted())


@then("one of the two is accepted and the other refused")
def step_one_accepted(context):
    context.scene.actions.are(exactly_one_is_accepted())


@then("{customer:Name}'s order is the drink that was accepted")
def step_is_accepted_drink(context, customer):
    accepted = context.scene.actions.accepted_drink()
    context.scene.order_of(customer).becomes(is_a(accepted))
