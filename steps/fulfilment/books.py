"""Steps about stored records, how the programs list them, and writes that fail half-way."""

from behave import given, then, when
from hamcrest import assert_that

from support.fulfilment.dialogue import ALREADY
from support.fulfilment.matchers import (
    hold_orders,
    is_unchanged,
    lists_in_this_order,
    shows_stock,
    were_all_refused,
)


@given("more kinds of lamps are on the shelf than one page of records holds")
def step_many_on_the_shelf(context):
    context.scene.shelf.gets_many_kinds()


@given("more orders wait for the inventory than one page of records holds")
def step_many_waiting(context):
    context.scene.shelf.many_orders_wait()


@when("{staff:Name} opens the work list")
def step_waiting_list(context, staff):
    context.scene.person(staff).does("waiting")


@when("{staff:Name} looks at the stock")
def step_stock_list(context, staff):
    context.scene.person(staff).does("stock")


@when(
    "{one:Name}, {two:Name}, {three:Name}, {four:Name} and {five:Name} try their part for {customer:Name}'s order again"
)
def step_everything_again(context, one, two, three, four, five, customer):
    context.scene.all_try_again([one, two, three, four, five], customer)


@when("{person:Name} tries to reserve the goods for {customer:Name}'s order, and only one record can be written")
def step_half_way_set_aside(context, person, customer):
    context.scene.person(person).tries_half_way("process", customer)


@when("{person:Name} tries to plan the delivery of {customer:Name}'s order, and only one record can be written")
def step_half_way_plan(context, person, customer):
    context.scene.person(person).tries_half_way("plan", customer)


@when("{person:Name} tries to accept the delivery of {customer:Name}'s order, and only one record can be written")
def step_half_way_accept(context, person, customer):
    context.scene.person(person).tries_half_way("accept", customer)


@when("{person:Name} tries to hand {customer:Name}'s order over, and only one record can be written")
def step_half_way_hand_over(context, person, customer):
    context.scene.person(person).tries_half_way("complete", customer)


@when("{person:Name} tries to bring {customer:Name}'s order back, and only one record can be written")
def step_half_way_bring_back(context, person, customer):
    context.scene.person(person).tries_half_way("refuse", customer)


@then("each of them learns that this has been done before")
def step_all_done_before(context):
    assert_that(context.scene.attempts, were_all_refused(ALREADY))


@then("{customer:Name}'s order is {state} in all records")
def step_in_all_books(context, customer, state):
    context.scene.books.see_in_all(customer, state)


@then("{customer:Name}'s order is {state} in all records, with nothing but what can be seen")
def step_in_all_books_as_shown(context, customer, state):
    context.scene.books.see_in_all_as_shown(customer, state)


@then("all records agree on {customer:Name}'s order")
def step_books_agree(context, customer):
    context.scene.books.see_agree(customer)


@then("nothing has changed for {customer:Name}'s order")
def step_unchanged(context, customer):
    assert_that(context.scene.books.record(customer), is_unchanged(context.scene.books.before))


@then("the records hold the orders that the customers have placed, and no others")
def step_hold_orders(context):
    assert_that(context.scene.books.entries(), hold_orders(context.scene.books.placed()))


@then("nothing is ordered")
def step_nothing_ordered(context):
    assert_that(context.scene.books.entries(), hold_orders([]))


@then("{customer:Name}'s order waits for {person}, and for nobody else")
def step_waits_for(context, customer, person):
    context.scene.see_waiting_for(person, customer)


@then("{customer:Name}'s order waits for nobody")
def step_waits_for_nobody(context, customer):
    context.scene.see_waiting_for("nobody", customer)


@then("{person:Name} is shown all of them, the oldest first")
@then("{person:Name} is shown all of them")
def step_all_listed(context, person):
    assert_that(context.scene.person(person).reply, lists_in_this_order(context.scene.shelf.many))


@then("{person:Name} is shown a stock of {available:d} available and {reserved:d} reserved lamps")
def step_stock_shown(context, person, available, reserved):
    assert_that(context.scene.person(person).reply, shows_stock(context.scene.shelf.item, available, reserved))


@then("every program shows {customer:Name}'s order as recorded")
def step_everybody_sees(context, customer):
    context.scene.see_everybody_agree(customer)
