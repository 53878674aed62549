"""Steps of online orders: submitted, processed by a durable function, and stored."""

from behave import given, then, when
from hamcrest import assert_that, empty, none

from acceptance.aws.queues import are_all_watched, outlast
from acceptance.matchers import require
from support.durable_orders.matchers import (
    are_all_alike,
    came_in_this_order,
    cost,
    did_everything_once,
    differ,
    hangs_no_longer_than,
    has_failed,
    has_failed_because_of,
    has_stored_amount,
    has_stored_times,
    have_all_gone_through,
    is_a_receipt,
    is_forgotten_after_30_days,
    is_stored_as_completed,
    mentions_nowhere,
    states_nowhere,
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
@given("{customer:Name} has placed an online order whose function fails twice after its confirmation period")
@given("{customer:Name} has placed an online order whose function fails as soon as it is paid")
@given("{customer:Name} has placed an online order, and the tables were throttled for 3 seconds when it was paid")
@given("{customer:Name} has placed an online order, and the tables are throttled for 3 seconds when it is stored")
@given("{customer:Name} has placed an online order that can neither be stored nor, four times, be refunded")
@given("{customer:Name} has submitted her online order again after an operator had stopped it")
@given("{customer:Name} has submitted her online order twice, and it was refunded before it was stored")
def step_has_placed(context, customer):
    context.scene.has_ordered(customer)


@given("{customer:Name}'s online order awaits confirmation")
def step_has_come_to_await(context, customer):
    context.scene.awaits_confirmation(customer)


@when("an operator stops {customer:Name}'s online order")
def step_stopped(context, customer):
    context.scene.order_of(customer).is_stopped()


@then("{customer:Name}'s online order is kept among the dead letters")
def step_kept(context, customer):
    context.scene.order_of(customer).is_kept_among_the_dead_letters()


@when("an operator looks at the alarms of the online shop")
def step_looks_at_alarms(context):
    context.scene.looks_at_the_alarms()


@then("an alarm goes off as soon as an order is among the dead letters")
def step_alarm(context):
    assert_that(context.scene.unwatched, are_all_watched())


@then("{customer:Name} has paid for her online order if it is stored, and nothing otherwise")
def step_paid_if_stored(context, customer):
    order = context.scene.order_of(customer)
    order.all_end()
    assert_that(order.charges(), cost(order.price()))


@then("dead letters are kept for at least {days:d} days")
def step_kept_for(context, days):
    assert_that(context.scene.orders.dead_letters_kept(), outlast(days))


@then("{customer:Name} has paid {amount} in the end")
def step_paid(context, customer, amount):
    assert_that(context.scene.order_of(customer).charges(), cost(amount))


@then(
    "{customer:Name}'s online order completes within {seconds:d} seconds of its confirmation period, after the failure"
)
def step_in_time_after_failure(context, customer, seconds):
    context.scene.order_of(customer).completes_within(seconds, failing=True)


@given("a shop with the default settings")
def step_delivered(context):
    context.scene.moves_to(context.system.delivered)


@given("{customer:Name} has placed an online order, and submitted it again after it had completed")
@given("{customer:Name} has placed an online order that could not be stored, and submitted it again after its refund")
@given("{customer:Name} has placed an online order, and submitted it again, which failed, after it had completed")
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
@when("{customer:Name} tries to place an online order with {what} as its id")
def step_tries_without_id(context, customer, what=""):
    context.scene.tries_without_id(customer, what)


@when("{customer:Name} tries to place an online order that contains her card number, without an id")
def step_tries_with_card(context, customer):
    context.scene.tries_without_id(customer, "", cardNumber=CARD_NUMBER)


@when("{customer:Name} tries to submit {what} in place of an online order")
def step_tries_no_order(context, customer, what):
    context.scene.tries_no_order(customer, what)


@when("all online orders complete")
def step_all_complete(context):
    context.scene.all_complete()


@when("{customer:Name}'s online order completes")
def step_completes(context, customer):
    context.scene.order_of(customer).completes()


@when("{customer:Name}'s online order ends")
def step_ends(context, customer):
    context.scene.order_of(customer).ends()


@then("{customer:Name}'s online order was validated, paid, held, confirmed and stored, in this order")
def step_in_order(context, customer):
    expected = ("validated", "paid", "held for its confirmation", "confirmed", "stored")
    assert_that(context.scene.order_of(customer).first(), came_in_this_order(*expected))


@then("{customer:Name} has a receipt for an order that was validated, paid with {amount} and confirmed")
def step_receipt(context, customer, amount):
    order = context.scene.order_of(customer)
    assert_that(order.receipt(), is_a_receipt(order.order_id, amount))


@then("{customer:Name}'s receipt states where the order is stored")
def step_receipt_says_where(context, customer):
    order, table = context.scene.order_of(customer), context.scene.orders.parts.orders_table
    require(order.receipt(), tells_where_it_is_stored(order.order_id, table))


@then("{customer:Name} has a receipt for each submission")
def step_receipt_for_each(context, customer):
    assert_that(context.scene.order_of(customer).submissions(), have_all_gone_through())


@then("each of {customer:Name}'s receipts matches what is stored, with {amount} paid")
def step_receipts_tell(context, customer, amount):
    order = context.scene.order_of(customer)
    require(order.receipts(), tell_of(order.stored(), order.order_id, amount))


@then("each of them is charged {amount} once, and stored with its own receipt")
def step_each_charged(context, amount):
    context.scene.sees_each_charged_and_stored(amount)


@then("{customer:Name}'s card number is stored nowhere")
def step_card_number(context, customer):
    assert_that(context.scene.order_of(customer).kept(), tells_nowhere(CARD_NUMBER))


@then("{customer:Name}'s card number is not logged")
def step_card_number_in_log(context, customer):
    assert_that(context.scene.order_of(customer).log(), mentions_nowhere(CARD_NUMBER))


@then("the reason does not contain {customer:Name}'s card number")
def step_card_number_in_reason(context, customer):
    assert_that(context.scene.order_of(customer).reason(), states_nowhere(CARD_NUMBER))


@then("all of {customer:Name}'s receipts say the same")
def step_receipts_alike(context, customer):
    assert_that(context.scene.order_of(customer).receipts(), are_all_alike())


@then("no two of their charges have the same reference")
def step_charge_keys(context):
    assert_that(context.scene.charge_keys(), differ())


@then("{customer:Name} is charged nothing")
def step_charged_nothing(context, customer):
    assert_that(context.scene.order_of(customer).charges(), were_charged_nothing())


@then("{customer:Name}'s online order fails")
def step_fails_at_last(context, customer):
    assert_that(context.scene.order_of(customer).ends(), has_failed())


@then("{customer:Name}'s online order fails because of its {step:w}")
def step_fails_because_of(context, customer, step):
    assert_that(context.scene.order_of(customer).ends(), has_failed_because_of(step))


@then("no step of {customer:Name}'s online order has been retried")
def step_not_tried_again(context, customer):
    context.scene.order_of(customer).has_not_been_retried()


@then("{customer:Name}'s online order is not stored")
def step_not_stored(context, customer):
    assert_that(context.scene.order_of(customer).stored(), none())


@then("{customer:Name} is charged {amount} once")
def step_charged_once(context, customer, amount):
    assert_that(context.scene.order_of(customer).charges(), was_charged_once(amount))


@then("{customer:Name}'s online order takes at least its confirmation period")
def step_waited(context, customer):
    context.scene.order_of(customer).takes_at_least_its_wait()


@then("{customer:Name}'s online order completes within {seconds:d} seconds of its confirmation period")
def step_in_time(context, customer, seconds):
    context.scene.order_of(customer).completes_within(seconds)


@then("each step of {customer:Name}'s online order has succeeded once")
def step_done_once(context, customer):
    assert_that(context.scene.order_of(customer).first(), did_everything_once())


@then("a step of {customer:Name}'s online order has been retried")
def step_tried_again(context, customer):
    context.scene.order_of(customer).has_been_retried()


@then("an online order times out after {seconds:d} seconds, and its history is kept for {days:d} days")
def step_given_up(context, seconds, days):
    assert_that(context.scene.orders.configuration(), hangs_no_longer_than(seconds, days))


@then("{customer:Name}'s online order is stored as completed, with the outcome of each step")
def step_stored(context, customer):
    order = context.scene.order_of(customer)
    assert_that(order.stored(), is_stored_as_completed(order.order_id))


@then("{customer:Name}'s online order is stored with an amount of exactly {amount}")
def step_stored_amount(context, customer, amount):
    assert_that(context.scene.order_of(customer).stored(), has_stored_amount(amount))


@then("{customer:Name}'s online order is stored with the times of its creation and completion")
def step_stored_times(context, customer):
    order = context.scene.order_of(customer)
    assert_that(order.stored(), has_stored_times(*order.processed()))


@then("{customer:Name}'s online order expires 30 days later")
def step_forgotten(context, customer):
    attribute = context.scene.orders.tables.time_to_live()
    assert_that(context.scene.order_of(customer).stored(), is_forgotten_after_30_days(attribute))


@then("{customer:Name}'s online order is stored once, by the first submission that completed")
def step_stored_once(context, customer):
    order = context.scene.order_of(customer)
    _, end, _ = order.processed()
    assert_that(order.stored(), was_completed_before(end))


@then("{customer:Name}'s online order awaits confirmation")
def step_awaits(context, customer):
    context.scene.order_of(customer).awaits_confirmation()


@then("{customer:Name}'s online order fails because its id is missing")
def step_fails(context, customer):
    context.scene.order_of(customer).fails_for_its_id()


@then("nothing is stored for {customer:Name}")
def step_nothing_stored(context, customer):
    assert_that(context.scene.order_of(customer).stored_besides(), empty())
