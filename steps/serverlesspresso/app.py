"""What people do with the shop's app."""

from behave import given, then, when
from hamcrest import assert_that, not_

from acceptance.earlier import one_of
from support.serverlesspresso.matchers import (
    answers,
    answers_in_words,
    is_not_to_be_kept,
    mentions,
    shows_order,
    shows_record,
    tells_as_little,
)

# What no app sends, unless something is wrong with it.
UNREADABLE = {
    "half an order": '{"drink": ',
    "a list": "[]",
    "a number that is none": '{"drink": NaN}',
    "boxes in boxes without end": "[" * 100_000,
}


@given("{customer:Name} has scanned the code in the app")
def step_has_scanned(context, customer):
    context.scene.has_scanned_in_the_app(customer, context.system.front_door.sign_in(customer))


@given("{customer:Name} has ordered a {drink:Name} in the app")
def step_has_ordered(context, customer, drink):
    app, scene = context.system.front_door, context.scene
    scene.has_scanned_in_the_app(customer, app.sign_in(customer))
    scene.is_answered(app.order(app.sign_in(customer), scene.order_of(customer), drink), customer, by=customer)
    scene.sees_waiting(customer, drink)


@when("{customer:Name} orders a {drink:Name} in the app")
def step_orders(context, customer, drink):
    app, scene = context.system.front_door, context.scene
    scene.is_answered(app.order(app.sign_in(customer), scene.order_of(customer), drink), customer, by=customer)


@when("{customer:Name} orders a {drink:Name} in the app on {other:Name}'s order, in {name:Name}'s name")
def step_orders_in_name(context, customer, drink, other, name):
    app, scene = context.system.front_door, context.scene
    answer = app.order(app.sign_in(customer), scene.order_of(other), drink, scene.id_of(name))
    scene.is_answered(answer, other, by=customer)


@when("somebody who is not signed in orders a {drink:Name} on {customer:Name}'s order")
def step_stranger_orders(context, drink, customer):
    context.scene.answer = context.system.front_door.order(None, context.scene.order_of(customer), drink)


@when("somebody who is not signed in looks at the orders")
def step_stranger_looks(context):
    context.scene.answer = context.system.front_door.ask(None, "GET", "/orders")


@when("{customer:Name} asks the app to {action:w} for her order")
def step_strange_action(context, customer, action):
    app, scene = context.system.front_door, context.scene
    scene.answer = app.act(app.sign_in(customer), scene.order_of(customer), action)


@when("{customer:Name} sends the app {what}")
def step_sends(context, customer, what):
    app, scene = context.system.front_door, context.scene
    scene.answer = app.send(
        app.sign_in(customer),
        scene.order_of(customer),
        UNREADABLE[one_of(UNREADABLE, what, "thing to send to the app")],
    )


@when("somebody tries to sign in as a person who does not exist")
def step_signs_in_as_nobody(context):
    app = context.system.front_door
    context.scene.refusals = [app.try_to_sign_in("nobody"), app.try_to_sign_in("Ada")]


@when("{customer:Name} looks up her order in the app")
def step_looks_up(context, customer):
    app, scene = context.system.front_door, context.scene
    scene.answer = app.ask(app.sign_in(customer), "GET", f"/orders/{scene.order_of(customer)}")


@when("{customer:Name} looks up an order that does not exist in the app")
def step_looks_up_nothing(context, customer):
    app, scene = context.system.front_door, context.scene
    scene.answer = app.ask(app.sign_in(customer), "GET", f"/orders/{scene.order_that_does_not_exist()}")


@when("{customer:Name} looks at her orders in the app")
def step_looks_at_hers(context, customer):
    app = context.system.front_door
    context.scene.answer = app.ask(app.sign_in(customer), "GET", "/myOrders")


@when("{barista:Name} looks at the orders in the app")
def step_looks(context, barista):
    app = context.system.front_door
    context.scene.answer = app.ask(app.sign_in(barista), "GET", "/orders")


@when("{barista:Name} looks at the completed orders in the app")
def step_looks_at_completed(context, barista):
    app = context.system.front_door
    context.scene.answer = app.ask(app.sign_in(barista), "GET", "/orders", state="Completed")


@when("{barista:Name} looks at the open orders in the app")
def step_looks_at_open(context, barista):
    app = context.system.front_door
    context.scene.answer = app.ask(app.sign_in(barista), "GET", "/orders", state="CREATED")


def _acts(context, person, customer, action):
    """Let somebody take an action on a customer's order in the app, and remember what came of it."""
    app, scene = context.system.front_door, context.scene
    scene.is_answered(app.act(app.sign_in(person), scene.order_of(customer), action), customer, person, action)


@given("{barista:Name} has claimed {customer:Name}'s order in the app")
def step_has_claimed(context, barista, customer):
    app, scene = context.system.front_door, context.scene
    scene.signs_in(barista, app.sign_in(barista))
    _acts(context, barista, customer, "make")
    scene.sees_made_by(customer, barista)


@when("{barista:Name} gives {customer:Name}'s order back in the app")
def step_gives_back(context, barista, customer):
    _acts(context, barista, customer, "unmake")


@when("{customer:Name} cancels her order in the app")
def step_cancels(context, customer):
    _acts(context, customer, customer, "cancel")


@when("{barista:Name} completes {customer:Name}'s order in the app")
def step_completes(context, barista, customer):
    _acts(context, barista, customer, "complete")


@then("the app asks them to sign in")
def step_sign_in(context):
    assert_that(context.scene.answer, answers("sign in first", 401, 403))


@then("the app refuses")
def step_refuses(context):
    assert_that(context.scene.answer, answers("that cannot be done", 400, 403, 404))


@then('the app refuses, in the words "{words}"')
def step_refuses_in_words(context, words):
    assert_that(context.scene.answer, answers("that cannot be done", 400))
    assert_that(context.scene.answer, answers_in_words(words))


@then('it says so in the words "{words}"')
def step_says_so(context, words):
    assert_that(context.scene.answer, answers_in_words(words))


@then("the app does not say whether there is such a person")
def step_tells_as_little(context):
    assert_that(context.scene.refusals, tells_as_little())


@then("nobody may keep what the app shows")
def step_not_kept(context):
    assert_that(context.scene.answer, is_not_to_be_kept())


@then("the app shows {customer:Name}'s order as it is")
def step_shows_as_it_is(context, customer):
    scene = context.scene
    order_id = scene.order_of(customer)
    assert_that(scene.answer, shows_record(order_id, scene.record_of(customer).public))


@then("the app says there is no such order")
def step_no_such_order(context):
    assert_that(context.scene.answer, answers("there is no such order", 404))


@then("the app shows {customer:Name}'s order")
def step_shows(context, customer):
    assert_that(context.scene.answer, answers("here is what you asked for", 200))
    assert_that(context.scene.answer, shows_order(context.scene.order_of(customer)))


@then("the app does not show {customer:Name}'s order")
def step_does_not_show(context, customer):
    assert_that(context.scene.answer, not_(shows_order(context.scene.order_of(customer))))


@then("the app does not show the pass of {customer:Name}'s order")
def step_does_not_show_pass(context, customer):
    assert_that(context.scene.answer, not_(mentions(context.scene.pass_of(customer), "the order's pass")))
