"""The café's own messages and passes: delivered twice, used twice."""

from behave import given, then, when
from hamcrest import assert_that, equal_to, not_

from support.serverlesspresso.matchers import is_served_once, was_begun
from support.serverlesspresso.messages import SCANNED, SECOND_WAIT, STARTED


@when("{customer:Name}'s scan is delivered again")
def step_scan_again(context, customer):
    scene = context.scene
    scene.cafe.deliver_again(scene.message(customer, SCANNED))


@given("{customer:Name}'s scan was delivered twice")
def step_scan_was_delivered_twice(context, customer):
    scene = context.scene
    scene.has_scanned(customer)
    scene.cafe.deliver_again(scene.message(customer, SCANNED))
    scene.wait.eventually(scene.cafe.services, scene.order_of(customer), was_begun(2))


@when("the message that {customer:Name} can choose is delivered again")
def step_started_again(context, customer):
    context.scene.cafe.deliver_again(context.scene.message(customer, STARTED))


@when("the message that {customer:Name}'s order waits for a barista is delivered again")
def step_waits_again(context, customer):
    context.scene.cafe.deliver_again(context.scene.message(customer, SECOND_WAIT))


@when("somebody else says that a customer has scanned the code")
def step_stranger_scans(context):
    scene = context.scene
    said = {"orderId": scene.order_that_does_not_exist(), "userId": scene.id_of("Somebody")}
    scene.cafe.hear_from_stranger(SCANNED, said)


@when("somebody else says that a second order was opened, with {customer:Name}'s pass")
def step_stranger_opens(context, customer):
    scene = context.scene
    heard = scene.message(customer, STARTED).detail
    scene.cafe.hear_from_stranger(STARTED, {**heard, "orderId": scene.order_that_does_not_exist()})


@when("somebody else says that {customer:Name}'s order has the number {number:d}")
def step_stranger_numbers(context, customer, number):
    scene = context.scene
    heard = scene.message(customer, STARTED).detail
    scene.cafe.hear_from_stranger(SECOND_WAIT, {**heard, "orderNumber": number})


@then("{customer:Name}'s order was begun twice and is served once")
def step_begun_twice(context, customer):
    context.scene.wait.eventually(context.scene.cafe.services, context.scene.order_of(customer), was_begun(2))


@then("{customer:Name}'s order was begun twice, and nothing has gone wrong with it")
def step_begun_twice_well(context, customer):
    context.scene.wait.eventually(
        context.scene.cafe.services, context.scene.order_of(customer), was_begun(2, well=True)
    )


@then("{customer:Name}'s order is still being served")
def step_still_served(context, customer):
    context.scene.wait.never(context.scene.cafe.service, context.scene.order_of(customer), not_(is_served_once()))


@when("somebody tries to use the first pass of {customer:Name}'s order")
def step_use_first_pass(context, customer):
    context.scene.refusal = context.scene.cafe.use_pass(context.scene.pass_of(customer, 1))


@when("somebody tries to use the second pass of {customer:Name}'s order")
def step_use_second_pass(context, customer):
    context.scene.refusal = context.scene.cafe.use_pass(context.scene.pass_of(customer, 2))


@given("somebody has used the second pass of {customer:Name}'s order")
def step_has_used_second_pass(context, customer):
    context.scene.has_lost_pass(customer)


@then("the pass is refused")
def step_pass_refused(context):
    assert_that(
        context.scene.refusal, not_(equal_to("")), "the pass was accepted although it had been used or was late"
    )


@then("the two passes of {customer:Name}'s order differ")
def step_passes_differ(context, customer):
    context.scene.wait.eventually(context.scene.different_passes, customer, equal_to(2))
