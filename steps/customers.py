"""What customers do: scan, choose a drink, cancel, wait too long."""

from behave import given, when

from support.matchers import is_a
from support.observe.waiting import eventually
from support.scene import CHOOSING, MAKING


@when("{customer:w} scans the code")
def step_scans(context, customer):
    context.scene.scans(customer)


@given("{customer:w} has scanned the code")
def step_has_scanned(context, customer):
    context.scene.has_scanned(customer)


@when("{customer:w} scans the code of {other:w}'s order")
def step_scans_code_of(context, customer, other):
    scene = context.scene
    scene.cafe.scan(scene.id_of(customer), scene.order_of(other))


@when("{customer:w} orders a {drink:w}")
@when("{customer:w} tries to order a {drink:w}")
@when("{customer:w} tries to order a {drink:w} again")
def step_orders(context, customer, drink):
    context.scene.submits(customer, drink)


@when("{customer:w} orders a {drink:w} after scanning the code")
def step_scans_and_orders(context, customer, drink):
    context.scene.has_scanned(customer)
    context.scene.submits(customer, drink)


@given("{customer:w} has ordered a {drink:w}")
def step_has_ordered(context, customer, drink):
    context.scene.has_ordered(customer, drink)


@when("{customer:w} tries to order a {drink:w} with {choice:w}")
def step_tries_to_order_with(context, customer, drink, choice):
    context.scene.submits(customer, drink, modifiers=[choice])


@when("{customer:w} tries to order a drink without a name")
def step_tries_to_order_nameless(context, customer):
    context.scene.submits(customer, "")


@when("{customer:w} tries to order nothing")
def step_tries_to_order_nothing(context, customer):
    context.scene.submits(customer, None)


@given("{customer:w} has tried to order a {drink:w}")
def step_has_tried_to_order(context, customer, drink):
    context.scene.has_scanned(customer)
    context.scene.submits(customer, drink)
    context.scene.has_been_refused()


@when("{customer:w} tries to order a {drink:w} on {other:w}'s order")
def step_tries_to_order_on(context, customer, drink, other):
    context.scene.submits(customer, drink, order_id=context.scene.order_of(other))


@when("{customer:w} tries to order a {drink:w} on an order that does not exist")
def step_tries_to_order_on_nothing(context, customer, drink):
    context.scene.submits(customer, drink, order_id=context.scene.order_that_does_not_exist())


@when("{customer:w} orders a {drink:w} with the first choice the menu offers for it")
def step_orders_with_choice(context, customer, drink):
    context.scene.choice = context.scene.cafe.shop.menu()[drink][0]
    context.scene.submits(customer, drink, modifiers=[context.scene.choice])


@when("{customer:w} submits a {one:w} and a {other:w} at the same moment")
def step_submits_two(context, customer, one, other):
    context.scene.submits_both(customer, one, other)


@when("a customer orders each drink on the menu")
def step_orders_everything(context):
    drinks = list(context.scene.cafe.shop.menu())
    context.scene.lets_in(len(drinks))
    context.scene.crowd_submits(drinks)


@when("they all order a {drink:w} at the same moment")
def step_crowd_orders(context, drink):
    context.scene.crowd_submits([drink] * len(context.scene.crowd))


@when("{customer:w} orders a {drink:w} and cancels at once")
def step_orders_and_cancels(context, customer, drink):
    scene = context.scene
    scene.submits(customer, drink)
    eventually(scene.cafe.order, scene.order_of(customer), is_a(drink))
    scene.cancels(customer)


@when("{customer:w} cancels her order")
@when("{customer:w} tries to cancel her order")
def step_cancels(context, customer):
    context.scene.cancels(customer)


@when("{customer:w} tries to cancel an order that does not exist")
def step_tries_to_cancel_nothing(context, customer):
    context.scene.cancels(customer, order_id=context.scene.order_that_does_not_exist())


@given("{customer:w} has cancelled her order")
def step_has_cancelled(context, customer):
    context.scene.has_cancelled(customer)


@given("{customer:w} has cancelled her order before choosing a drink")
def step_has_cancelled_early(context, customer):
    context.scene.has_scanned(customer)
    context.scene.cancels(customer)
    context.scene.is_cancelled_and_over(customer)


@when("{customer:w} scans the code and does not choose in time")
def step_does_not_choose(context, customer):
    context.scene.scans(customer)
    context.scene.times_out(customer, CHOOSING)


@given("{customer:w} has waited too long before choosing")
def step_has_waited(context, customer):
    context.scene.scans(customer)
    context.scene.has_timed_out(customer, CHOOSING)


@when("{customer:w} orders a {drink:w} that no barista makes in time")
def step_nobody_makes(context, customer, drink):
    context.scene.has_scanned(customer)
    context.scene.submits(customer, drink)
    context.scene.times_out(customer, MAKING)


@given("{customer:w}'s {drink:w} has waited too long for a barista")
def step_order_has_waited(context, customer, drink):
    context.scene.has_scanned(customer)
    context.scene.submits(customer, drink)
    context.scene.has_timed_out(customer, MAKING)
