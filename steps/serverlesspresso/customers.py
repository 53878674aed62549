"""What customers do: scan, choose a drink, cancel, wait too long."""

from behave import given, when

from support.serverlesspresso.matchers import is_a
from support.serverlesspresso.scene import CHOOSING, MAKING


@when("{customer:Name} scans the code")
def step_scans(context, customer):
    context.scene.scans(customer)


@given("{customer:Name} has scanned the code")
def step_has_scanned(context, customer):
    context.scene.has_scanned(customer)


@when("{customer:Name} scans the code of {other:Name}'s order")
def step_scans_code_of(context, customer, other):
    scene = context.scene
    scene.cafe.scan(scene.id_of(customer), scene.order_of(other))


@when("{customer:Name} orders a {drink:Name}")
@when("{customer:Name} tries to order a {drink:Name}")
@when("{customer:Name} tries to order a {drink:Name} again")
def step_orders(context, customer, drink):
    context.scene.submits(customer, drink)


@when("{customer:Name} orders a {drink:Name} after scanning the code")
def step_scans_and_orders(context, customer, drink):
    context.scene.has_scanned(customer)
    context.scene.submits(customer, drink)


@given("{customer:Name} has ordered a {drink:Name}")
def step_has_ordered(context, customer, drink):
    context.scene.has_ordered(customer, drink)


@when("{customer:Name} tries to order a {drink:Name} with {choice:Name}")
def step_tries_to_order_with(context, customer, drink, choice):
    context.scene.submits(customer, drink, modifiers=[choice])


@when("{customer:Name} tries to order a drink without a name")
def step_tries_to_order_nameless(context, customer):
    context.scene.submits(customer, "")


@when("{customer:Name} tries to order nothing")
def step_tries_to_order_nothing(context, customer):
    context.scene.submits(customer, None)


@given("{customer:Name} has tried to order a {drink:Name}")
def step_has_tried_to_order(context, customer, drink):
    context.scene.has_scanned(customer)
    context.scene.submits(customer, drink)
    context.scene.has_been_refused()


@when("{customer:Name} tries to order a {drink:Name} on {other:Name}'s order")
def step_tries_to_order_on(context, customer, drink, other):
    context.scene.submits(customer, drink, order_id=context.scene.order_of(other))


@when("{customer:Name} tries to order a {drink:Name} on an order that does not exist")
def step_tries_to_order_on_nothing(context, customer, drink):
    context.scene.submits(customer, drink, order_id=context.scene.order_that_does_not_exist())


@when("{customer:Name} orders a {drink:Name} with the first choice the menu offers for it")
def step_orders_with_choice(context, customer, drink):
    context.scene.chooses_first(customer, drink)


@when("{customer:Name} submits a {one:Name} and a {other:Name} at the same moment")
def step_submits_two(context, customer, one, other):
    context.scene.submits_both(customer, one, other)


@when("a customer orders each drink on the menu")
def step_orders_everything(context):
    drinks = list(context.scene.cafe.shop.menu())
    context.scene.lets_in(len(drinks))
    context.scene.crowd_submits(drinks)


@when("they all order a {drink:Name} at the same moment")
def step_crowd_orders(context, drink):
    context.scene.crowd_submits([drink] * len(context.scene.the_crowd))


@when("{customer:Name} orders a {drink:Name} and cancels at once")
def step_orders_and_cancels(context, customer, drink):
    scene = context.scene
    scene.submits(customer, drink)
    scene.wait.eventually(scene.cafe.order, scene.order_of(customer), is_a(drink))
    scene.cancels(customer)


@when("{customer:Name} cancels her order")
@when("{customer:Name} tries to cancel her order")
def step_cancels(context, customer):
    context.scene.cancels(customer)


@when("{customer:Name} tries to cancel an order that does not exist")
def step_tries_to_cancel_nothing(context, customer):
    context.scene.cancels(customer, order_id=context.scene.order_that_does_not_exist())


@given("{customer:Name} has cancelled her order")
def step_has_cancelled(context, customer):
    context.scene.has_cancelled(customer)


@given("{customer:Name} has cancelled her order before choosing a drink")
def step_has_cancelled_early(context, customer):
    context.scene.has_scanned(customer)
    context.scene.cancels(customer)
    context.scene.is_cancelled_and_over(customer)


@when("{customer:Name} scans the code and does not choose in time")
def step_does_not_choose(context, customer):
    context.scene.scans(customer)
    context.scene.times_out(customer, CHOOSING)


@given("{customer:Name} has waited too long before choosing")
def step_has_waited(context, customer):
    context.scene.scans(customer)
    context.scene.has_timed_out(customer, CHOOSING)


@when("{customer:Name} orders a {drink:Name} that no barista makes in time")
def step_nobody_makes(context, customer, drink):
    context.scene.has_scanned(customer)
    context.scene.submits(customer, drink)
    context.scene.times_out(customer, MAKING)


@given("{customer:Name}'s {drink:Name} has waited too long for a barista")
def step_order_has_waited(context, customer, drink):
    context.scene.has_scanned(customer)
    context.scene.submits(customer, drink)
    context.scene.has_timed_out(customer, MAKING)
