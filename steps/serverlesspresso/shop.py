"""Steps of Mo, who manages the shop, and about the number of open orders."""

from behave import given, then, when
from hamcrest import assert_that, equal_to

from acceptance.earlier import rows
from support.serverlesspresso.matchers.shop import is_gone, is_refused_opening, is_set_as, lasts, offers
from support.serverlesspresso.menu import MenuItem
from support.serverlesspresso.people import CHOOSING, MAKING
from support.serverlesspresso.shop import AT_ONCE, OF_A_CUSTOMER


@given("Mo has closed the shop")
def step_closed(context):
    context.scene.owner.closes_the_shop()


@given("Mo has opened the shop")
def step_opened(context):
    context.scene.owner.opens_the_shop()


@given("Mo has removed the shop's opening state")
def step_no_sign(context):
    context.scene.owner.takes_the_sign_off()


@given("Mo has removed the shop's limits")
def step_no_limits(context):
    context.scene.owner.takes_the_limits_off()


@when("Mo looks at the menu")
def step_looks_at_menu(context):
    context.scene.owner.looks_at_the_menu()


@when("Mo looks at the shop's times")
def step_looks_at_times(context):
    context.scene.owner.looks_at_the_times()


@when("Mo looks at the shop's limits")
def step_looks_at_limits(context):
    context.scene.owner.looks_at_the_limits()


@then("these drinks are on it")
def step_menu(context):
    wanted = [MenuItem(*row) for row in rows(context.table, "drink", "choices", "picture")]
    assert_that(context.scene.owner.menu, offers(wanted))


@then("customers have {minutes:d} minutes to choose")
def step_time_to_choose(context, minutes):
    assert_that(context.scene.owner.times[CHOOSING], lasts(minutes))


@then("baristas have {minutes:d} minutes to make a drink")
def step_time_to_make(context, minutes):
    assert_that(context.scene.owner.times[MAKING], lasts(minutes))


@then("the shop allows {number:Count} open order to a customer")
def step_orders_of_a_customer(context, number):
    assert_that(context.scene.owner.limits[OF_A_CUSTOMER], equal_to(number), "open orders that a customer may have")


@then("the shop takes {number:Count} orders at once")
def step_orders_at_once(context, number):
    assert_that(context.scene.owner.limits[AT_ONCE], equal_to(number), "orders that the shop takes at once")


@given("Mo lets {number:Count} more customers in")
def step_lets_in(context, number):
    context.scene.owner.lets_in(number)


@given("Mo has limited the open orders to 0")
def step_lets_in_nobody(context):
    context.scene.owner.lets_in(0)


@given("Mo allows a customer {number:Count} open orders")
def step_allows_a_customer(context, number):
    context.scene.owner.allows_a_customer(number)


@given("Mo has put a {drink:Name} without choices on the menu")
def step_new_drink(context, drink):
    context.scene.owner.puts_on_the_menu(drink)


@given("Mo has put a line without {what} at the top of the menu")
def step_incomplete_line(context, what):
    context.scene.owner.puts_on_the_menu_without(what)


@given("the shop has run out of {drink:Name}")
def step_run_out(context, drink):
    context.scene.owner.runs_out_of(drink)


@given("the shop has {drink:Name} again")
def step_has_again(context, drink):
    context.scene.owner.has_again(drink)


@given("a shop with a short time limit for {people:w}")
def step_impatient(context, people):
    context.system.cafes.move_to_impatient(context.scene, people)


@given("a shop that has just opened")
def step_new(context):
    context.system.cafes.move_to_new(context.scene)


@given("a shop that is set up for {number:Count} orders at once")
def step_small(context, number):
    context.system.cafes.move_to_small(context.scene, number)


@when("the shop is updated")
def step_updated(context):
    context.scene.owner.sees_it_updated(context.system.cafes.update)


@when("Mo opens another shop, which cannot store its menu")
def step_opens_in_vain(context):
    context.scene.owner.opens_a_shop_in_vain(context.system.cafes.open_without_a_menu)


@then("Mo learns that it could not be opened")
def step_not_opened(context):
    assert_that(context.scene.owner.refusal, is_refused_opening())


@when("Mo opens another shop and removes it")
def step_removes(context):
    context.scene.owner.removes_a_shop(context.system.cafes.open_and_remove)


@then("that shop is gone")
def step_gone(context):
    assert_that(context.scene.owner.is_removed, is_gone())


@then("the shop's menu, settings and order numbers are unchanged")
def step_set_as_before(context):
    assert_that(context.scene.owner.settings(), is_set_as(context.scene.owner.before))


@given("the shop is full")
@given("as many others as the shop can serve have scanned the code")
def step_full(context):
    context.scene.crowd.fills_the_shop()


@given("the shop is full but for one place")
def step_nearly_full(context):
    context.scene.crowd.fills_the_shop(but=1)


@given("one of the orders is cancelled")
def step_place_becomes_free(context):
    context.scene.crowd.one_has_left()


@when("{customer:Name} scans a code with {length:d} letters, and her own id has as many")
def step_long_scan(context, customer, length):
    context.scene.customer(customer).scans_code_of_length(length)


@when("someone scans a code with {what}")
def step_malformed_scan(context, what):
    context.scene.stranger.scans(what)


@when("someone scans the code of {customer:Name}'s order without giving a name")
def step_malformed_scan_of(context, customer):
    context.scene.stranger.scans("no customer", context.scene.order_of(customer))


@given("{number:Count} customers have scanned the code")
def step_number_of_customers(context, number):
    context.scene.crowd.comes(number)
