"""Steps about the café's service levels, checked by the cloud's timestamps."""

from behave import given, then, when
from hamcrest import assert_that

from support.serverlesspresso.matchers.many_orders import all_are_completed, none_is_numbered_twice
from support.serverlesspresso.matchers.messages import tells_that_nobody_makes_it
from support.serverlesspresso.promises import CLAIM, DRINK, FINISH, FREE, READY, SCAN


@given("the shop is warmed up")
def step_full_swing(context):
    context.scene.is_in_full_swing()


@given("the shop is warmed up, with room for {number:Count} more orders")
def step_room_for_rush(context, number):
    context.scene.rush_hour.begins(number)


@when("{number:Count} customers arrive per second, until all of them have their drinks")
def step_rush(context, number):
    context.scene.rush_hour.goes_on(number)


@then("{customer:Name} can choose within {budget:Time} of the scan")
def step_scan_in_time(context, customer, budget):
    context.scene.order_of(customer).meets(SCAN.within(budget))


@then("the baristas see {customer:Name}'s order within {budget:Time} of the choice")
def step_drink_in_time(context, customer, budget):
    context.scene.order_of(customer).meets(DRINK.within(budget))


@then("everybody is notified within {budget:Time} of the claim who is making {customer:Name}'s order")
def step_claim_in_time(context, customer, budget):
    context.scene.order_of(customer).meets(CLAIM.within(budget))


@then("{customer:Name} is notified within {budget:Time} of its completion that the order is ready")
def step_ready_in_time(context, customer, budget):
    context.scene.order_of(customer).meets(READY.within(budget))


@then("everybody is notified within {budget:Time} of its return that {customer:Name}'s order is available again")
def step_free_in_time(context, budget, customer):
    context.scene.order_of(customer).messages.include(tells_that_nobody_makes_it())
    context.scene.order_of(customer).meets(FREE.within(budget))


@then("everybody is notified within {budget:Time} of its completion that {customer:Name}'s order is finished")
def step_finished_in_time(context, budget, customer):
    context.scene.order_of(customer).meets(FINISH.within(budget))


@then("{percent:Count} % of them can choose within {budget:Time} of the scan")
def step_scans_in_time(context, percent, budget):
    context.scene.rush_hour.rush.meets(SCAN.within(budget), percent)


@then("the baristas see {percent:Count} % of the orders within {budget:Time} of the choice")
def step_drinks_in_time(context, percent, budget):
    context.scene.rush_hour.rush.meets(DRINK.within(budget), percent)


@then("{percent:Count} % of the claims are shown within {budget:Time}")
def step_claims_in_time(context, percent, budget):
    context.scene.rush_hour.rush.meets(CLAIM.within(budget), percent)


@then("{percent:Count} % of them are notified within {budget:Time} of its completion that the order is ready")
def step_readies_in_time(context, percent, budget):
    context.scene.rush_hour.rush.meets(READY.within(budget), percent)


@then("no order is lost")
def step_none_lost(context):
    assert_that(context.scene.rush_hour.rush.seen(), all_are_completed())


@then("no two orders have the same number")
def step_none_twice(context):
    assert_that(context.scene.rush_hour.rush.seen(), none_is_numbered_twice())
