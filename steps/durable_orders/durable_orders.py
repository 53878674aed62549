"""Steps of online orders: submitted, processed by a durable function, and stored."""

from behave import given, then, when
from hamcrest import assert_that, empty, none

from acceptance.matchers import require
from support.durable_orders.matchers import (
    came_in_this_order,
    did_everything_once,
    differ,
    hangs_no_longer_than,
    has_failed,
    has_failed_for_its_id,
    has_stored_amount,
    has_stored_times,
    have_all_gone_through,
    is_a_receipt,
    is_forgotten_after_30_days,
    is_stored_as_completed,
    mentions_nowhere,
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
@given("{customer:Name} has placed an online order whose storing always fails")
@given("{customer:Name} has placed an online order whose payment fails three times")
@given("{customer:Name} has placed an online order whose payment always fails")
@given("{customer:Name} has placed an online order that states its own price")
@given("{customer:Name} has placed an online order, and submitted it twice at the same moment")
@given("{customer:Name} has placed an online order, and only its first record could be written")
@given("{customer:Name} has placed an online order, and its first record could not be written at first")
@given("{customer:Name} has placed an online order that contains her card number")
def step_has_placed(context, customer):
    context.scene.has_ordered(customer)


@given("a shop with the default settings")
def step_delivered(context):
    context.scene.moves_to(context.system.delivered)


@given("{customer:Name} has placed an online order, and submitted it again after it had completed")
def step_has_submitted_later(context, customer):
    context.scene.has_ordered_again_later(customer)


@given("{customer:Name} has placed online orders with nearly identical ids")
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


@when("{customer:Name} tries to place an online order with {what} as its id")
def step_tries_with_no_id(context, customer, what):
    context.scene.tries_without_id(customer, what)


@when("all online orders complete")
def step_all_go_through(context):
    context.scene.all_go_through()


@when("{customer:Name}'s online order completes")
def step_goes_through(context, customer):
    context.scene.goes_through(customer)


@when("{customer:Name}'s online order ends")
def step_ends(context, customer):
    context.scene.ends(customer)


@then("{customer:Name}'s online order was validated, paid, held, confirmed and stored, in this order")
def step_in_order(context, customer):
    expected = ("validated", "paid", "held for its confirmation", "confirmed", "stored")
    assert_that(context.scene.first(customer), came_in_this_order(*expected))


@then("{customer:Name} has a receipt for an order that was validated, paid with {amount} and confirmed")
def step_receipt(context, customer, amount):
    order_id = context.scene.order_of(customer).order_id
    assert_that(context.scene.receipt(customer), is_a_receipt(order_id, amount))


@then("{customer:Name}'s receipt states where the order is stored")
def step_receipt_says_where(context, customer):
    order_id, table = context.scene.order_of(customer).order_id, context.scene.orders.parts.orders_table
    require(context.scene.receipt(customer), tells_where_it_is_stored(order_id, table))


@then("{customer:Name} has a receipt for each submission")
def step_receipt_for_each(context, customer):
    assert_that(context.scene.submissions(customer), have_all_gone_through())


@then("each of {customer:Name}'s receipts matches what is stored, with {amount} paid")
def step_receipts_tell(context, customer, amount):
    order_id, stored = context.scene.order_of(customer).order_id, context.scene.stored(customer)
    require(context.scene.receipts(customer), tell_of(stored, order_id, amount))


@then("each of them is charged {amount} once, and stored with its own receipt")
def step_each_charged(context, amount):
    context.scene.sees_each_charged_and_stored(amount)


@then("{customer:Name}'s card number is stored nowhere")
def step_card_number(context, customer):
    assert_that(context.scene.kept(customer), tells_nowhere(CARD_NUMBER))


@then("{customer:Name}'s card number is not logged")
def step_card_number_in_log(context, customer):
    assert_that(context.scene.log(customer), mentions_nowhere(CARD_NUMBER))


@then("no two of their charges have the same reference")
def step_charge_keys(context):
    assert_that(context.scene.charge_keys(), differ())


@then("{customer:Name} is charged nothing")
def step_charged_nothing(context, customer):
    assert_that(context.scene.charges(customer), were_charged_nothing())


@then("{customer:Name}'s online order fails")
def step_fails_at_last(context, customer):
    assert_that(context.scene.ends(customer), has_failed())


@then("{customer:Name}'s online order is not stored")
def step_not_stored(context, customer):
    assert_that(context.scene.stored(customer), none())


@then("{customer:Name} is charged {amount} once")
def step_charged_once(context, customer, amount):
    assert_that(context.scene.charges(customer), was_charged_once(amount))


@then("{customer:Name}'s online order takes at least its confirmation period")
def step_waited(context, customer):
    context.scene.sees_waited(customer)


@then("{customer:Name}'s online order completes within {seconds:d} seconds of its confirmation period")
def step_in_time(context, customer, seconds):
    context.scene.sees_in_time(customer, seconds)


@then("each step of {customer:Name}'s online order has succeeded once")
def step_done_once(context, customer):
    assert_that(context.scene.first(customer), did_everything_once())


@then("a step of {customer:Name}'s online order has been retried")
def step_tried_again(context, customer):
    context.scene.sees_tried_again(customer)


@then("an online order times out after {seconds:d} seconds, and its history is kept for {days:d} days")
def step_given_up(context, seconds, days):
    assert_that(context.scene.orders.configuration(), hangs_no_longer_than(seconds, days))


@then("{customer:Name}'s online order is stored as completed, with the outcome of each step")
def step_stored(context, customer):
    assert_that(context.scene.stored(customer), is_stored_as_completed(context.scene.order_of(customer).order_id))


@then("{customer:Name}'s online order is stored with an amount of exactly {amount}")
def step_stored_amount(context, customer, amount):
    assert_that(context.scene.stored(customer), has_stored_amount(amount))


@then("{customer:Name}'s online order is stored with the times of its creation and completion")
def step_stored_times(context, customer):
    since = context.scene.confirmed_since(customer)
    assert_that(context.scene.stored(customer), has_stored_times(*context.scene.processed(customer), since))


@then("{customer:Name}'s online order expires 30 days later")
def step_forgotten(context, customer):
    assert_that(context.scene.stored(customer), is_forgotten_after_30_days(context.scene.orders.time_to_live()))


@then("{customer:Name}'s online order is stored once, by the first submission that completed")
def step_stored_once(context, customer):
    _, end = context.scene.processed(customer)
    assert_that(context.scene.stored(customer), was_completed_before(end))


@then("{customer:Name}'s online order awaits confirmation")
def step_waits(context, customer):
    context.scene.waits(customer)


@then("{customer:Name}'s online order fails because its id is missing")
def step_fails(context, customer):
    assert_that(context.scene.fails(customer), has_failed_for_its_id())


@then("nothing is stored for {customer:Name}")
def step_nothing_stored(context, customer):
    assert_that(context.scene.stored_besides(customer), empty())
