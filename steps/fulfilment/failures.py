"""What fails on purpose: the tables behind the programs."""

from behave import given, when


@given("the records are throttled for {seconds:d} seconds")
def step_throttled(context, seconds):
    context.scene.failures.throttle(seconds)


@given("the answers to what is written are lost for {seconds:d} seconds")
def step_lost_answers(context, seconds):
    context.scene.failures.lose_answers(seconds)


@given("the records show each change late")
def step_shown_late(context):
    context.scene.failures.show_late()


@given("nothing can be written")
def step_no_writes(context):
    context.scene.failures.refuse_writes()


@given("{customer:Name} has tried to order {number:d} lamps at the portal when nothing could be written")
def step_could_not_order(context, customer, number):
    context.scene.failures.refuse_writes()
    context.scene.customer(customer).tries_to_order(number)


@when("{customer:Name} tries to order {number:d} lamps at the portal")
def step_tries_to_order(context, customer, number):
    context.scene.customer(customer).tries_to_order(number)
