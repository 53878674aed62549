"""Steps about the café's messages and confirmation codes that are delivered or used twice."""

from behave import given, then, when
from hamcrest import assert_that, equal_to, not_

from support.serverlesspresso.matchers.workflows import is_not_served_once, was_begun
from support.serverlesspresso.messages import SCANNED, SECOND_WAIT, STARTED


@when("{customer:Name}'s scan is delivered again")
def step_scan_again(context, customer):
    context.scene.order_of(customer).messages.deliver_again(SCANNED)


@when("{customer:Name} scans the code, and the scan arrives twice at the same moment")
def step_scan_arrives_twice(context, customer):
    context.scene.same_moment.scan_arrives_twice(customer)


@given("{customer:Name}'s scan was delivered twice")
def step_scan_was_delivered_twice(context, customer):
    context.scene.customer(customer).has_scanned()
    context.scene.order_of(customer).messages.deliver_again(SCANNED)
    context.scene.order_of(customer).workflows.settle()


@when("the message that {customer:Name} can choose is delivered again")
def step_started_again(context, customer):
    context.scene.order_of(customer).messages.deliver_again(STARTED)


@given("the message that {customer:Name} can choose was delivered again")
def step_started_was_delivered_again(context, customer):
    context.scene.order_of(customer).has_heard_again(STARTED)


@when("the message that {customer:Name}'s order waits for a barista is delivered again")
def step_waits_again(context, customer):
    context.scene.order_of(customer).messages.deliver_again(SECOND_WAIT)


@given("another system has sent a customer's scan")
def step_stranger_scans(context):
    context.scene.stranger.says_that_somebody_scanned()


@given("the shop's scanner has reported something other than a scan")
def step_says_something_else(context):
    context.scene.stranger.says_something_else()


@given("another system has reported a second order with {customer:Name}'s confirmation code")
def step_stranger_opens(context, customer):
    context.scene.stranger.says_that_another_was_opened(context.scene.order_of(customer))


@given("another system has reported the number {number:d} for {customer:Name}'s order")
def step_stranger_numbers(context, customer, number):
    context.scene.stranger.says_that_it_has_number(context.scene.order_of(customer), number)


@then("{customer:Name}'s order is served once")
def step_served_once(context, customer):
    context.scene.order_of(customer).workflows.serve_once()


@then("{customer:Name}'s order leaves no work open")
def step_nobody_busy_by_order(context, customer):
    context.scene.order_of(customer).workflows.leave_no_work_open()


@then("{customer:Name}'s duplicate scan has ended without an error")
def step_begun_twice_well(context, customer):
    context.scene.order_of(customer).workflows.become(was_begun(2, well=True))


@then("{customer:Name}'s order is still being served")
def step_still_served(context, customer):
    context.scene.order_of(customer).workflows.last_never_becomes(is_not_served_once())


@when("someone tries to use the first confirmation code of {customer:Name}'s order")
def step_use_first_pass(context, customer):
    context.scene.stranger.uses_task_token(context.scene.order_of(customer), 1)


@when("someone tries to use the second confirmation code of {customer:Name}'s order")
def step_use_second_pass(context, customer):
    context.scene.stranger.uses_task_token(context.scene.order_of(customer), 2)


@given("someone has used the second confirmation code of {customer:Name}'s order")
def step_has_used_second_pass(context, customer):
    context.scene.stranger.has_used_task_token(context.scene.order_of(customer))


@then("the confirmation code is refused")
def step_pass_refused(context):
    refusal = context.scene.stranger.refusal
    assert_that(refusal, not_(equal_to("")), "the confirmation code was accepted although it had been used or was late")


@then("the two confirmation codes of {customer:Name}'s order differ")
def step_passes_differ(context, customer):
    context.scene.order_of(customer).messages.give_task_tokens(equal_to(2))
