"""Steps about notifications: the café's announcements about an order and to its customer."""

from behave import then

from acceptance.earlier import rows
from support.serverlesspresso.matchers.many_orders import are_timed_exactly
from support.serverlesspresso.matchers.messages import (
    has_been_told,
    shows_drink,
    tells,
    tells_more_than,
    tells_that_nobody_makes_it,
)
from support.serverlesspresso.matchers.orders import came_at
from support.serverlesspresso.messages import (
    CANCELLED,
    CLAIMED,
    COMPLETED,
    FINISHED,
    STARTED,
    TIMED_OUT,
    UNAVAILABLE,
    WAITS,
)

# --- the baristas ---------------------------------------------------------------------------------


@then("the baristas are notified of {customer:Name}'s drink")
def step_baristas_told(context, customer):
    order, user_id = context.scene.order_of(customer), context.scene.person(customer).user_id
    told = tells(WAITS, f"a {order.drink} waits for a barista", userId=user_id, drink=order.drink)
    order.messages.show_the_baristas(told)


@then("the baristas are notified of the drink in {customer:Name}'s order")
def step_baristas_told_stored(context, customer):
    order = context.scene.order_of(customer)
    drink = order.record().drink
    order.messages.show_the_baristas(tells(WAITS, f"a {drink} waits for a barista", drink=drink))


@then("the baristas are notified of {customer:Name}'s order once")
def step_baristas_told_once(context, customer):
    order = context.scene.order_of(customer)
    order.messages.include(tells(WAITS, "it waits for a barista", times=1))
    order.messages.never_include(tells_more_than(WAITS, "it waits for a barista", 1))


@then("the baristas are notified of {customer:Name}'s order twice")
def step_baristas_told_twice(context, customer):
    context.scene.order_of(customer).messages.include(tells(WAITS, "it waits for a barista", times=2))


@then("the baristas can see since when {customer:Name} has been waiting")
def step_baristas_told_since_when(context, customer):
    order = context.scene.order_of(customer)
    order.becomes(came_at(order.messages.first(STARTED).sent_ms))
    order.messages.include(tells(WAITS, f"{customer} waits since then", TS=order.record().since))


@then("it is known to the millisecond since when they have been waiting")
def step_known_since_when(context):
    context.scene.crowd.become(are_timed_exactly())


@then("the baristas can see that it is {customer:Name}'s, and that it is a {drink:Name}")
def step_baristas_shown(context, customer, drink):
    user_id, picture = context.scene.person(customer).user_id, context.scene.menu.picture_of(drink)
    context.scene.order_of(customer).messages.show_the_baristas(shows_drink(drink, user_id, picture))


@then("the baristas are notified of the number of {customer:Name}'s order")
def step_baristas_told_number(context, customer):
    order = context.scene.order_of(customer)
    order.reaches_the_baristas(order.drink)
    order.messages.include(tells(WAITS, "the order has its number", orderNumber=order.number))


# --- everybody ------------------------------------------------------------------------------------


@then("everybody is notified that {barista:Name} is making {customer:Name}'s order")
def step_told_makes(context, barista, customer):
    user_id = context.scene.person(barista).user_id
    context.scene.order_of(customer).messages.include(tells(CLAIMED, f"{barista} makes it", baristaUserId=user_id))


@then("everybody is notified that {customer:Name}'s order is available again")
def step_told_nobody_makes(context, customer):
    context.scene.order_of(customer).messages.include(tells_that_nobody_makes_it())


@then("everybody is notified that {customer:Name}'s order is finished")
def step_told_finished(context, customer):
    context.scene.order_of(customer).messages.tell_the_customer(FINISHED, "the order is finished")


@then("nobody is notified that {customer:Name}'s order is finished")
def step_told_nothing_finished(context, customer):
    context.scene.order_of(customer).messages.never_include(tells(FINISHED, "the order is finished"))


# --- the customer ---------------------------------------------------------------------------------


@then("{customer:Name} is notified that she can choose")
def step_told_can_choose(context, customer):
    context.scene.order_of(customer).messages.tell_the_customer(STARTED, "the order is open")


@then("{customer:Name} is notified that her order is ready")
def step_told_ready(context, customer):
    context.scene.order_of(customer).messages.tell_the_customer(COMPLETED, "the order is ready")


@then("{customer:Name} is notified only once that her order is ready")
def step_told_ready_once(context, customer):
    context.scene.order_of(customer).is_answered()
    context.scene.order_of(customer).messages.never_include(tells_more_than(COMPLETED, "the order is ready", 1))


@then("{customer:Name} is notified that her order is cancelled")
def step_told_cancelled(context, customer):
    context.scene.order_of(customer).messages.tell_the_customer(CANCELLED, "the order is cancelled")


@then("{customer:Name} is notified only once that her order is cancelled")
def step_told_cancelled_once(context, customer):
    context.scene.order_of(customer).is_answered()
    context.scene.order_of(customer).messages.never_include(tells_more_than(CANCELLED, "the order is cancelled", 1))


@then("{customer:Name} is notified that her order timed out")
def step_told_timed_out_somehow(context, customer):
    context.scene.order_of(customer).messages.tell_the_customer(TIMED_OUT, "the order timed out")


@then('{customer:Name} is notified that her order timed out because of "{cause}"')
def step_told_timed_out(context, customer, cause):
    context.scene.order_of(customer).messages.tell_the_customer(TIMED_OUT, f"the order timed out: {cause}", cause=cause)


@then("{customer:Name} is notified that the shop cannot take her order")
def step_told_unavailable(context, customer):
    context.scene.order_of(customer)  # customers who have not scanned a code are not notified
    context.scene.customer(customer).hears(tells(UNAVAILABLE, "the shop cannot take the order"))


@then("{customer:Name} has received these notifications")
def step_told_all_of_this(context, customer):
    wanted = [(words, state) for words, state in rows(context.table, "words", "state")]
    context.scene.customer(customer).hears(has_been_told(wanted))
