"""What the books hold, what the programs list of it, and books that fail half-way."""

from behave import given, then, when
from hamcrest import assert_that

from support.fulfilment.dialogue import (
    ALREADY,
)
from support.fulfilment.matchers import (
    hold_orders,
    is_unchanged,
    lists_in_this_order,
    shows_stock,
    were_all_refused,
)


@given("more kinds of lamps are on the shelf than one page of the books holds")
def step_many_on_the_shelf(context):
    context.scene.puts_many_on_the_shelf()


@given("more orders wait for the inventory than one page of the books holds")
def step_many_waiting(context):
    context.scene.many_are_waiting()


@when("{staff:Name} looks at what waits")
def step_waiting_list(context, staff):
    context.scene.does(staff, "waiting")


@when("{staff:Name} looks at the stock")
def step_stock_list(context, staff):
    context.scene.does(staff, "stock")


@when(
    "{one:Name}, {two:Name}, {three:Name}, {four:Name} and {five:Name} try their part for {customer:Name}'s order again"
)
def step_everything_again(context, one, two, three, four, five, customer):
    context.scene.try_everything_again([one, two, three, four, five], customer)


@when("{person:Name} tries to set the goods aside for {customer:Name}'s order, and the books take one entry only")
def step_half_way_set_aside(context, person, customer):
    context.scene.tries_half_way(person, "process", customer)


@when("{person:Name} tries to plan the delivery of {customer:Name}'s order, and the books take one entry only")
def step_half_way_plan(context, person, customer):
    context.scene.tries_half_way(person, "plan", customer)


@when("{person:Name} tries to accept the delivery of {customer:Name}'s order, and the books take one entry only")
def step_half_way_accept(context, person, customer):
    context.scene.tries_half_way(person, "accept", customer)


@when("{person:Name} tries to hand {customer:Name}'s order over, and the books take one entry only")
def step_half_way_hand_over(context, person, customer):
    context.scene.tries_half_way(person, "complete", customer)


@when("{person:Name} tries to bring {customer:Name}'s order back, and the books take one entry only")
def step_half_way_bring_back(context, person, customer):
    context.scene.tries_half_way(person, "refuse", customer)


@then("each of them hears that this was done before")
def step_all_done_before(context):
    assert_that(context.scene.attempts, were_all_refused(ALREADY))


@then("{customer:Name}'s order is {state} in all books")
def step_in_all_books(context, customer, state):
    context.scene.sees_in_all_books(customer, state)


@then("the books agree on {customer:Name}'s order")
def step_books_agree(context, customer):
    context.scene.sees_the_books_agree(customer)


@then("nothing has changed for {customer:Name}'s order")
def step_unchanged(context, customer):
    assert_that(context.scene.record(customer), is_unchanged(context.scene.before))


@then("the books hold the orders of which the customers were told, and no others")
def step_hold_orders(context):
    assert_that(context.scene.entries(), hold_orders(context.scene.placed()))


@then("nothing is ordered")
def step_nothing_ordered(context):
    assert_that(context.scene.entries(), hold_orders([]))


@then("{customer:Name}'s order waits for {person}, and for nobody else")
def step_waits_for(context, customer, person):
    context.scene.sees_waiting_for(person, customer)


@then("{customer:Name}'s order waits for nobody")
def step_waits_for_nobody(context, customer):
    context.scene.sees_waiting_for("nobody", customer)


@then("{person:Name} is shown all of them, the oldest first")
@then("{person:Name} is shown all of them")
def step_all_listed(context, person):
    assert_that(context.scene.reply_to(person), lists_in_this_order(context.scene.many))


@then("{person:Name} is shown a stock of {available:d} lamps that can be sold, and {reserved:d} that are set aside")
def step_stock_shown(context, person, available, reserved):
    assert_that(context.scene.reply_to(person), shows_stock(context.scene.item, available, reserved))


@then("everybody sees {customer:Name}'s order as it is in the books")
def step_everybody_sees(context, customer):
    context.scene.sees_everybody_agree(customer)
