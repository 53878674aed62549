"""Online orders: submitted, processed by a durable function, and stored."""

from behave import given, then, when
from hamcrest import assert_that, empty, none

from support.durable_orders.matchers import (
    came_in_this_order,
    did_everything_once,
    hangs_no_longer_than,
    has_failed,
    has_failed_for_its_id,
    has_stored_amount,
    has_stored_times,
    have_all_gone_through,
    is_a_receipt,
    is_forgotten_after_30_days,
    is_stored_as_completed,
    tell_of,
    tells_nowhere,
    tells_where_it_is_stored,
    was_charged_once,
    was_completed_before,
    were_charged_nothing,
)
from support.durable_orders.scene import CARD_NUMBER


@given("{customer:Name} has placed an online order")
@given("{customer:Name} has placed an online order whose confirmation fails at first")
@given("{customer:Name} has placed an online order whose storing fails at first")
@given("{customer:Name} has placed an online order whose payment fails three times")
@given("{customer:Name} has placed an online order whose payment fails whenever it is tried")
@given("{customer:Name} has placed an online order that names a price of its own")
@given("{customer:Name} has placed an online order, and submitted it twice at the same moment")
@given("{customer:Name} has placed an online order, and the books took the first entry about it only")
@given("{customer:Name} has placed an online order, and the books did not take the first entry about it")
@given("{customer:Name} has placed an online order that brings her card number along")
def step_has_placed(context, customer):
    context.scene.has_ordered(customer)


@given("a shop that was set up as it is delivered")
def step_delivered(context):
    context.scene.moves_to(context.system.delivered)


@given("{customer:Name} has placed an online order, and submitted it once more after it had gone through")
def step_has_submitted_later(context, customer):
    context.scene.has_ordered_again_later(customer)


@given("{customer:Name} has placed online orders whose ids are nearly the same")
@given("{customer:Name} has placed online orders whose ids look the same")
def step_has_placed_similar(context, customer):
    context.scene.has_ordered_similar(customer)


@when("{customer:Name} places an online order whose {step:w} fails at first")
@when("{customer:Name} tries to place an online order whose {step:w} fails at first")
def step_places_rehearsal(context, customer, step):
    context.scene.orders_with_rehearsal(customer, step)


@when("{customer:Name} tries to place an online order without an id")
def step_tries_without_id(context, customer):
    context.scene.tries_without_id(customer, "")


@when("{customer:Name} tries to place an online order with {what} for an id")
def step_tries_with_no_id(context, customer, what):
    context.scene.tries_without_id(customer, what)


@when("all online orders go through")
def step_all_go_through(context):
    context.scene.all_go_through()


@when("{customer:Name}'s online order goes through")
def step_goes_through(context, customer):
    context.scene.goes_through(customer)


@then(
    "{customer:Name}'s online order was validated, paid, held for its confirmation, confirmed and stored, in this order"
)
def step_in_order(context, customer):
    expected = ("validated", "paid", "held for its confirmation", "confirmed", "stored")
    assert_that(context.scene.first(customer), came_in_this_order(*expected))


@then("{customer:Name} has a receipt for an order that was validated, paid with {amount} and confirmed")
def step_receipt(context, customer, amount):
    order_id = context.scene.order_of(customer).order_id
    assert_that(context.scene.receipt(customer), is_a_receipt(order_id, amount))


@then("{customer:Name}'s receipt says where the order is stored")
def step_receipt_says_where(context, customer):
    order_id, table = context.scene.order_of(customer).order_id, context.scene.orders.parts.orders_table
    assert_that(context.scene.receipt(customer), tells_where_it_is_stored(order_id, table))


@then("{customer:Name} has a receipt for each submission")
def step_receipt_for_each(context, customer):
    assert_that(context.scene.submissions(customer), have_all_gone_through())


@then("each of {customer:Name}'s receipts tells what is stored, with {amount} paid")
def step_receipts_tell(context, customer, amount):
    order_id, stored = context.scene.order_of(customer).order_id, context.scene.stored(customer)
    assert_that(context.scene.receipts(customer), tell_of(stored, order_id, amount))


@then("each of them was charged {amount}, once, and is stored with a receipt of its own")
def step_each_charged(context, amount):
    context.scene.sees_each_charged_and_stored(amount)


@then("{customer:Name}'s card number is kept nowhere")
def step_card_number(context, customer):
    assert_that(context.scene.kept(customer), tells_nowhere(CARD_NUMBER))


@then("{customer:Name} was charged nothing")
def step_charged_nothing(context, customer):
    assert_that(context.scene.charges(customer), were_charged_nothing())


@then("{customer:Name}'s online order fails")
def step_fails_at_last(context, customer):
    assert_that(context.scene.ends(customer), has_failed())


@then("{customer:Name}'s online order is not stored")
def step_not_stored(context, customer):
    assert_that(context.scene.stored(customer), none())


@then("{customer:Name} was charged {amount}, once")
def step_charged_once(context, customer, amount):
    assert_that(context.scene.charges(customer), was_charged_once(amount))


@then("{customer:Name}'s online order has taken no less than its wait for the confirmation")
def step_waited(context, customer):
    context.scene.sees_waited(customer)


@then("{customer:Name}'s online order has taken at most {seconds:d} seconds longer")
def step_in_time(context, customer, seconds):
    context.scene.sees_in_time(customer, seconds)


@then("everything was done once for {customer:Name}'s online order")
def step_done_once(context, customer):
    assert_that(context.scene.first(customer), did_everything_once())


@then("a step of {customer:Name}'s online order was tried again")
def step_tried_again(context, customer):
    context.scene.sees_tried_again(customer)


@then("an online order is given up after {seconds:d} seconds, and remembered for {days:d} days")
def step_given_up(context, seconds, days):
    assert_that(context.scene.orders.configuration(), hangs_no_longer_than(seconds, days))


@then("{customer:Name}'s online order is stored as completed, with what was done for it")
def step_stored(context, customer):
    assert_that(context.scene.stored(customer), is_stored_as_completed(context.scene.order_of(customer).order_id))


@then("{customer:Name}'s online order is stored with an amount of exactly {amount}")
def step_stored_amount(context, customer, amount):
    assert_that(context.scene.stored(customer), has_stored_amount(amount))


@then("{customer:Name}'s online order is stored with the times of its creation and its completion")
def step_stored_times(context, customer):
    since = context.scene.confirmed_since(customer)
    assert_that(context.scene.stored(customer), has_stored_times(*context.scene.processed(customer), since))


@then("{customer:Name}'s online order is forgotten 30 days later")
def step_forgotten(context, customer):
    assert_that(context.scene.stored(customer), is_forgotten_after_30_days(context.scene.orders.time_to_live()))


@then("{customer:Name}'s online order is stored by the first submission that went through, and not anew")
def step_stored_once(context, customer):
    _, end = context.scene.processed(customer)
    assert_that(context.scene.stored(customer), was_completed_before(end))


@then("{customer:Name}'s online order waits for its confirmation")
def step_waits(context, customer):
    context.scene.waits(customer)


@then("{customer:Name}'s online order fails, because of its missing id")
def step_fails(context, customer):
    assert_that(context.scene.fails(customer), has_failed_for_its_id())


@then("nothing was stored for {customer:Name}")
def step_nothing_stored(context, customer):
    assert_that(context.scene.stored_besides(customer), empty())
