"""What people see of an order, and what they are told."""

from behave import then
from hamcrest import assert_that, greater_than

from acceptance.earlier import rows
from support.serverlesspresso.matchers import (
    all_wait_for_a_barista,
    are_numbered_without_gap_after,
    came_at,
    exactly_one_is_accepted,
    has_been_told,
    has_changed_from,
    has_ended,
    has_no_number,
    is_a,
    is_accepted,
    is_being_made_by,
    is_cancelled,
    is_completed,
    is_over,
    is_refused,
    is_stored,
    is_unclaimed,
    shows_drink,
    tells,
    tells_more_than,
    waits_for_a_barista,
    waits_for_its_drink,
)
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

# --- orders ---------------------------------------------------------------------------------------


@then("{customer:Name}'s order waits for its drink")
def step_waits_for_drink(context, customer):
    scene = context.scene
    scene.wait.eventually(scene.cafe.order, scene.order_of(customer), waits_for_its_drink(scene.id_of(customer)))


@then("{customer:Name}'s order still waits for its drink")
def step_still_waits_for_drink(context, customer):
    scene = context.scene
    scene.wait.never(scene.cafe.order, scene.order_of(customer), has_changed_from(scene.before[customer]))
    scene.wait.eventually(scene.cafe.order, scene.order_of(customer), waits_for_its_drink(scene.id_of(customer)))


@then("{customer:Name}'s order stays as it was")
def step_stays(context, customer):
    scene = context.scene
    scene.wait.never(scene.cafe.order, scene.order_of(customer), has_changed_from(scene.before[customer]))


@then("{customer:Name}'s order of a {drink:Name} waits for a barista")
def step_waits_for_barista(context, customer, drink):
    context.scene.wait.eventually(
        context.scene.cafe.order, context.scene.order_of(customer), waits_for_a_barista(drink)
    )


@then("each of these orders waits for a barista")
def step_all_wait_for_barista(context):
    scene = context.scene
    waiting = all_wait_for_a_barista(scene.drinks)
    scene.wait.eventually(scene.cafe.orders, scene.crowd_orders(), waiting, more=scene.rush_seconds)


@then("{customer:Name}'s order is a {drink:Name} with that choice")
def step_is_with_choice(context, customer, drink):
    scene = context.scene
    scene.wait.eventually(scene.cafe.order, scene.order_of(customer), is_a(drink, [scene.choice]))


@then("{customer:Name}'s order is being made by {barista:Name}")
def step_made_by(context, customer, barista):
    scene = context.scene
    scene.wait.eventually(scene.cafe.order, scene.order_of(customer), is_being_made_by(scene.id_of(barista)))


@then("nobody is making {customer:Name}'s order")
def step_made_by_nobody(context, customer):
    context.scene.wait.eventually(context.scene.cafe.order, context.scene.order_of(customer), is_unclaimed())


@then("{customer:Name}'s order is completed")
def step_completed(context, customer):
    context.scene.wait.eventually(context.scene.cafe.order, context.scene.order_of(customer), is_completed())


@then("{customer:Name}'s order is cancelled")
def step_cancelled(context, customer):
    context.scene.wait.eventually(context.scene.cafe.order, context.scene.order_of(customer), is_cancelled())


@then('{customer:Name}\'s order is cancelled because of "{cause}"')
def step_cancelled_because(context, customer, cause):
    context.scene.wait.eventually(context.scene.cafe.order, context.scene.order_of(customer), is_cancelled(cause))


@then("the café is done with {customer:Name}'s order")
def step_is_over(context, customer):
    context.scene.wait.eventually(context.scene.cafe.service, context.scene.order_of(customer), is_over())


@then("{customer:Name} has no order")
def step_has_no_order(context, customer):
    context.scene.wait.never(context.scene.cafe.order, context.scene.order_of(customer), is_stored())


@then("no order has appeared")
def step_no_order(context):
    context.scene.wait.never(context.scene.cafe.order, context.scene.order_of("nobody"), is_stored())


@then("no order has come of that scan")
def step_no_order_of_scan(context):
    context.scene.wait.never(context.scene.cafe.order_of_scan, context.scene.scan, is_stored())


@then('the scan is refused, in the words "{words}"')
def step_scan_refused(context, words):
    context.scene.wait.eventually(context.scene.cafe.served_by_scan, context.scene.scan, has_ended(words))


@then("an order waits for her drink")
def step_order_of_scan_waits(context):
    scene = context.scene
    scene.wait.eventually(scene.cafe.order_of_scan, scene.scan, waits_for_its_drink(scene.scan.user_id))


@then("nobody is kept busy by it")
def step_nobody_busy(context):
    context.scene.wait.eventually(context.scene.cafe.served_by_scan, context.scene.scan, has_ended())


# --- numbers --------------------------------------------------------------------------------------


@then("{customer:Name}'s order has no number")
def step_no_number(context, customer):
    context.scene.wait.eventually(context.scene.cafe.order, context.scene.order_of(customer), has_no_number())


@then("{one:Name}'s number is higher than {other:Name}'s")
def step_number_is_higher(context, one, other):
    scene = context.scene
    scene.sees_waiting(one, "Latte")
    assert_that(scene.before[one].number, greater_than(scene.before[other].number), f"{one}'s order number")


@then("{one:Name} has the very next number after {other:Name}'s")
def step_very_next_number(context, one, other):
    scene = context.scene
    scene.sees_waiting(one, "Latte")
    scene.wait.eventually(
        scene.cafe.orders, [scene.order_of(one)], are_numbered_without_gap_after(scene.before[other].number)
    )


@then("each of them gets one of the next numbers after {customer:Name}'s, and no number is given twice")
def step_next_numbers(context, customer):
    scene = context.scene
    next_numbers = are_numbered_without_gap_after(scene.before[customer].number)
    scene.wait.eventually(scene.cafe.orders, scene.crowd_orders(), next_numbers, more=scene.rush_seconds)


# --- refusals -------------------------------------------------------------------------------------


@then("{person:Name} is refused")
@then("the attempt is refused")
def step_refused(context, person=""):
    context.scene.wait.eventually(context.scene.cafe.outcome, context.scene.action, is_refused())


@then('{person:Name} is refused, in the words "{words}"')
@then('the attempt is refused, in the words "{words}"')
def step_refused_in_words(context, words, person=""):
    context.scene.wait.eventually(context.scene.cafe.outcome, context.scene.action, is_refused(words))


@then("{person:Name} is not refused")
def step_accepted(context, person):
    context.scene.wait.eventually(context.scene.cafe.outcome, context.scene.action, is_accepted())


@then("{person:Name} is told there is no such order")
def step_no_such_order(context, person):
    # A café without a name for it lets the condition of its write fail.
    no_such_order = is_refused("no such order", "conditional check failed")
    context.scene.wait.eventually(context.scene.cafe.outcome, context.scene.action, no_such_order)


@then("one of the two is accepted and the other refused")
def step_one_accepted(context):
    context.scene.wait.eventually(context.scene.outcomes, exactly_one_is_accepted())


@then("{customer:Name}'s order is the drink that was accepted")
def step_is_accepted_drink(context, customer):
    scene = context.scene
    scene.wait.eventually(scene.cafe.order, scene.order_of(customer), is_a(scene.accepted_drink()))


# --- what is told ---------------------------------------------------------------------------------


@then("{customer:Name} is told that she can choose")
def step_told_can_choose(context, customer):
    scene = context.scene
    told = tells(STARTED, "the order is open", userId=scene.id_of(customer))
    scene.wait.eventually(scene.cafe.events, scene.order_of(customer), told)


@then("the baristas are told about {customer:Name}'s {drink:Name}")
def step_baristas_told(context, customer, drink):
    scene = context.scene
    told = tells(WAITS, f"a {drink} waits for a barista", userId=scene.id_of(customer), drink=drink)
    scene.wait.eventually(scene.cafe.news_for_baristas, scene.order_of(customer), told)


@then("the baristas are told once about {customer:Name}'s order")
def step_baristas_told_once(context, customer):
    scene = context.scene
    scene.wait.eventually(scene.cafe.events, scene.order_of(customer), tells(WAITS, "it waits for a barista", times=1))
    scene.wait.never(scene.cafe.events, scene.order_of(customer), tells_more_than(WAITS, "it waits for a barista", 1))


@then("the baristas are told twice about {customer:Name}'s order")
def step_baristas_told_twice(context, customer):
    scene = context.scene
    scene.wait.eventually(scene.cafe.events, scene.order_of(customer), tells(WAITS, "it waits for a barista", times=2))


@then("the baristas are told since when {customer:Name} waits")
def step_baristas_told_since_when(context, customer):
    scene = context.scene
    scene.wait.eventually(scene.cafe.order, scene.order_of(customer), came_at(scene.message(customer, STARTED).sent_ms))
    told = tells(WAITS, f"{customer} waits since then", TS=scene.record_of(customer).since)
    scene.wait.eventually(scene.cafe.events, scene.order_of(customer), told)


@then("the baristas are told that it is {customer:Name}'s, and are shown a {drink:Name}")
def step_baristas_shown(context, customer, drink):
    scene = context.scene
    shown = shows_drink(drink, scene.id_of(customer), scene.cafe.shop.picture_of(drink))
    scene.wait.eventually(scene.cafe.news_for_baristas, scene.order_of(customer), shown)


@then("{customer:Name} has been told all of this")
def step_told_all_of_this(context, customer):
    scene = context.scene
    wanted = [(words, state) for words, state in rows(context.table, "words", "state")]
    scene.wait.eventually(scene.cafe.told, scene.id_of(customer), has_been_told(wanted))


@then("the baristas are told the number of {customer:Name}'s order")
def step_baristas_told_number(context, customer):
    scene = context.scene
    scene.sees_waiting(customer, "Cappuccino")
    told = tells(WAITS, "the order has its number", orderNumber=scene.before[customer].number)
    scene.wait.eventually(scene.cafe.events, scene.order_of(customer), told)


@then("everybody is told that {barista:Name} makes {customer:Name}'s order")
def step_told_makes(context, barista, customer):
    scene = context.scene
    told = tells(CLAIMED, f"{barista} makes it", baristaUserId=scene.id_of(barista))
    scene.wait.eventually(scene.cafe.events, scene.order_of(customer), told)


@then("everybody is told that {customer:Name}'s order is free again")
def step_told_nobody_makes(context, customer):
    told = tells(CLAIMED, "nobody makes it", baristaUserId="")
    context.scene.wait.eventually(context.scene.cafe.events, context.scene.order_of(customer), told)


@then("{customer:Name} is told that her order is ready")
def step_told_ready(context, customer):
    scene = context.scene
    told = tells(COMPLETED, "the order is ready", userId=scene.id_of(customer))
    scene.wait.eventually(scene.cafe.events, scene.order_of(customer), told)


@then("{customer:Name} is told only once that her order is ready")
def step_told_ready_once(context, customer):
    scene = context.scene
    scene.wait.never(scene.cafe.events, scene.order_of(customer), tells_more_than(COMPLETED, "the order is ready", 1))


@then("everybody is told that {customer:Name}'s order is finished")
def step_told_finished(context, customer):
    scene = context.scene
    told = tells(FINISHED, "the order is finished", userId=scene.id_of(customer))
    scene.wait.eventually(scene.cafe.events, scene.order_of(customer), told)


@then("nobody is told that {customer:Name}'s order is finished")
def step_told_nothing_finished(context, customer):
    scene = context.scene
    scene.wait.never(scene.cafe.events, scene.order_of(customer), tells(FINISHED, "the order is finished"))


@then("{customer:Name} is told that her order is cancelled")
def step_told_cancelled(context, customer):
    scene = context.scene
    told = tells(CANCELLED, "the order is cancelled", userId=scene.id_of(customer))
    scene.wait.eventually(scene.cafe.events, scene.order_of(customer), told)


@then("{customer:Name} is told only once that her order is cancelled")
def step_told_cancelled_once(context, customer):
    scene = context.scene
    scene.wait.never(
        scene.cafe.events, scene.order_of(customer), tells_more_than(CANCELLED, "the order is cancelled", 1)
    )


@then('{customer:Name} is told that her order timed out because of "{cause}"')
def step_told_timed_out(context, customer, cause):
    scene = context.scene
    told = tells(TIMED_OUT, f"the order timed out: {cause}", cause=cause, userId=scene.id_of(customer))
    scene.wait.eventually(scene.cafe.events, scene.order_of(customer), told)


@then("{customer:Name} is told that the shop cannot take her order")
def step_told_unavailable(context, customer):
    scene = context.scene
    scene.order_of(customer)  # who has scanned no code is told nothing
    scene.wait.eventually(scene.cafe.told, scene.id_of(customer), tells(UNAVAILABLE, "the shop cannot take the order"))
