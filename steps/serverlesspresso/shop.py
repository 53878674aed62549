"""What Mo does with the shop, and how many people are in it."""

from behave import given, then, when
from hamcrest import assert_that

from acceptance.earlier import one_of, rows
from support.serverlesspresso.cafe import FLAWS
from support.serverlesspresso.matchers import is_over, lasts, offers
from support.serverlesspresso.orders import MenuItem
from support.serverlesspresso.scene import CHOOSING, MAKING
from support.serverlesspresso.system import IMPATIENT_SHOPS


@given("Mo has closed the shop")
def step_closed(context):
    context.scene.cafe.shop.set_open(False)


@given("Mo has opened the shop")
def step_opened(context):
    context.scene.cafe.shop.set_open(True)


@given("Mo has taken the sign off the door")
def step_no_sign(context):
    context.scene.cafe.shop.leave_open_undecided()


@when("Mo looks at the menu")
def step_looks_at_menu(context):
    context.scene.menu = context.scene.cafe.shop.menu_items()


@when("Mo looks at the shop's times")
def step_looks_at_times(context):
    context.scene.times = {wait: context.scene.cafe.time_out_of(wait) for wait in (CHOOSING, MAKING)}


@then("these drinks are on it")
def step_menu(context):
    wanted = [MenuItem(*row) for row in rows(context.table, "drink", "choices", "picture")]
    assert_that(context.scene.menu, offers(wanted))


@then("customers have {minutes:d} minutes to choose")
def step_time_to_choose(context, minutes):
    assert_that(context.scene.times[CHOOSING], lasts(minutes))


@then("baristas have {minutes:d} minutes to make a drink")
def step_time_to_make(context, minutes):
    assert_that(context.scene.times[MAKING], lasts(minutes))


@given("the shop has run out of {drink:Name}")
def step_run_out(context, drink):
    context.scene.cafe.shop.set_available(drink, False)


@given("a shop that does not wait long for {people:w}")
def step_impatient(context, people):
    context.system.move_to_impatient_cafe(context.scene, one_of(IMPATIENT_SHOPS, people, "kind of people to wait for"))


@given("the shop is full")
def step_full(context):
    context.scene.lets_in(context.scene.cafe.free_places())


@given("the shop is full but for one place")
def step_nearly_full(context):
    context.scene.lets_in(context.scene.cafe.free_places() - 1)


@given("as many others as the shop has room for have scanned the code")
def step_crowd(context):
    context.scene.lets_in(context.scene.cafe.free_places())


@given("one of the orders is cancelled")
def step_place_becomes_free(context):
    leaver = context.scene.the_crowd[0]
    context.scene.cancels(leaver)
    context.scene.wait.eventually(context.scene.cafe.service, context.scene.order_of(leaver), is_over())


@when("{customer:Name} scans a code with {length:d} letters, and has as many in her own name")
def step_long_scan(context, customer, length):
    context.scene.scan = context.scene.cafe.scan_long(customer, length)


@when("somebody scans a code with {what}")
def step_malformed_scan(context, what):
    context.scene.scan = context.scene.cafe.scan_malformed(one_of(FLAWS, what, "flaw of a scan"))


@when("somebody scans the code of {customer:Name}'s order without saying who they are")
def step_malformed_scan_of(context, customer):
    scene = context.scene
    scene.scan = scene.cafe.scan_malformed("no customer", scene.order_of(customer))


@given("{number:Count} customers have scanned the code")
def step_number_of_customers(context, number):
    context.scene.lets_in(number)
