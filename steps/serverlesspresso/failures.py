"""Steps about injected failures, and of the operator."""

from behave import given, then, when
from hamcrest import assert_that

from acceptance.aws.queues import are_all_watched, outlast
from support.serverlesspresso.matchers.messages import are_all_noticed
from support.serverlesspresso.messages import SCANNED, STARTED, STOPPED
from support.serverlesspresso.promises import DRINK, READY, SCAN, after_a_failure
from support.serverlesspresso.world import ANY_DRINK


@given("the shop's functions fail {how_often} for {customer:Name}")
def step_functions_fail(context, how_often, customer):
    context.scene.failures.functions_fail(how_often, context.scene.person(customer))


@given("the shop's tables are throttled for {time:Time}")
def step_throttled(context, time):
    context.scene.failures.tables_are_throttled(time / 1000)


@given("each service refuses the shop's next request for {customer:Name}")
def step_refused_once(context, customer):
    scene = context.scene
    scene.failures.each_task_is_refused_once(scene.person(customer), scene.orders_of_people().get(customer))


@given("the shop's tables show {customer:Name}'s order late")
def step_shown_late(context, customer):
    context.scene.failures.tables_show_late(context.scene.order_of(customer))


@given("the shop's tables show Mo's changes late")
def step_settings_shown_late(context):
    context.scene.failures.tables_show_settings_late()


@given("the bus refuses the first message to the baristas about {customer:Name}'s order")
def step_bus_refuses(context, customer):
    context.scene.failures.bus_refuses_once(context.scene.order_of(customer))


@when("{customer:Name} orders a drink, and the shop cannot number her order")
def step_orders_unnumbered(context, customer):
    context.scene.failures.orders_without_a_number(context.scene.order_of(customer), ANY_DRINK)


@when("{customer:Name} orders a drink, and the numbers are throttled for {time:Time}")
def step_orders_numbered_late(context, customer, time):
    order = context.scene.order_of(customer)
    context.scene.failures.orders_with_a_late_number(order, ANY_DRINK, time / 1000)


@given("nothing in the shop receives scans")
def step_nobody_takes_scans(context):
    context.scene.failures.nobody_takes_scans()


@given("nothing in the shop receives that {customer:Name}'s order is stopped")
def step_nobody_takes_stops(context, customer):
    context.scene.failures.nobody_takes_stops(context.scene.order_of(customer))


@given("{customer:Name}'s scan is a dead letter")
def step_scan_is_dead_letter(context, customer):
    context.scene.failures.has_scanned_unheard(context.scene.customer(customer))


@given("{customer:Name} has ordered a drink that the baristas are notified of late")
def step_ordered_unheard(context, customer):
    context.scene.customer(customer).has_scanned()
    context.scene.failures.orders_unheard(context.scene.order_of(customer), ANY_DRINK)


@when("{customer:Name} cancels her order before the late notification")
def step_cancels_before(context, customer):
    context.scene.failures.cancels_before_it_is_heard(context.scene.order_of(customer))


@given("{customer:Name} has cancelled her order before the baristas were notified of it")
def step_has_cancelled_before(context, customer):
    context.scene.failures.has_cancelled_before_it_is_heard(context.scene.customer(customer), ANY_DRINK)


@when("Mo sends {customer:Name}'s dead letter again")
def step_sends_again(context, customer):
    context.scene.owner.sends_dead_letters_again(context.scene.order_of(customer))


@given("an operator has stopped {customer:Name}'s order")
@when("an operator stops {customer:Name}'s order")
def step_stops(context, customer):
    context.scene.operator.stops(context.scene.order_of(customer))


@given("{customer:Name}'s scan was delivered again, and the café is slow to notice")
def step_scanned_again_unnoticed(context, customer):
    context.scene.failures.has_scanned_again_unnoticed(context.scene.customer(customer))


@when("an operator stops the work on {customer:Name}'s duplicate scan")
def step_stops_duplicate(context, customer):
    context.scene.operator.stops_the_duplicate(context.scene.order_of(customer))


@when("Mo looks at the shop's alarms")
def step_looks_at_alarms(context):
    context.scene.owner.looks_at_the_alarms()


@then("an alarm goes off as soon as a message is among the dead letters")
def step_alarm(context):
    assert_that(context.scene.owner.unwatched, are_all_watched())


@then("an alarm goes off as soon as a stopped order cannot be cancelled")
def step_alarm_of_stops(context):
    assert_that(context.scene.owner.unnoticed, are_all_noticed())


@then("dead letters are kept for at least {days:d} days")
def step_kept_for(context, days):
    assert_that(context.scene.owner.dead_letters_kept(), outlast(days))


@then("{customer:Name}'s scan is kept among the dead letters")
def step_scan_kept(context, customer):
    context.scene.order_of(customer).messages.include_dead_letter(SCANNED)


@then("the message that {customer:Name}'s order was stopped is kept among the dead letters")
def step_stop_kept(context, customer):
    context.scene.order_of(customer).messages.include_dead_letter(STOPPED)


@then("the message that {customer:Name} can choose is kept among the dead letters")
def step_started_kept(context, customer):
    context.scene.order_of(customer).messages.include_dead_letter(STARTED)


@then("{customer:Name} can choose within {budget:Time} of the scan, despite the failure")
def step_scan_in_time(context, customer, budget):
    context.scene.order_of(customer).meets(after_a_failure(SCAN).within(budget))


@then("the baristas see {customer:Name}'s order within {budget:Time} of the choice, despite the failure")
def step_drink_in_time(context, customer, budget):
    context.scene.order_of(customer).meets(after_a_failure(DRINK).within(budget))


@then("{customer:Name} is notified within {budget:Time} of its completion that the order is ready, despite the failure")
def step_ready_in_time(context, customer, budget):
    context.scene.order_of(customer).meets(after_a_failure(READY).within(budget))
