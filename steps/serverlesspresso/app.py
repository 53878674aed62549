"""Steps of people who use the shop's app."""

from behave import given, then, when
from hamcrest import assert_that, not_

from support.serverlesspresso.matchers.app import (
    admits_only_invited_people,
    answers,
    answers_in_words,
    includes_renewal,
    is_not_to_be_kept,
    keeps_to_itself,
    mentions,
    shows_no_order,
    shows_order,
    shows_orders,
    shows_record,
    tells_as_little,
)
from support.serverlesspresso.matchers.orders import is_being_made_by


@given("{customer:Name} has scanned the code in the app")
def step_has_scanned(context, customer):
    context.scene.app.has_scanned(context.scene.customer(customer))


@given('{customer:Name} has scanned the code of an order whose id ends with "{ending}" in the app')
def step_has_scanned_ending(context, customer, ending):
    context.scene.app.has_scanned(context.scene.customer(customer), ending)


@given("{customer:Name} has {number:Count} open orders in the app")
def step_has_many(context, customer, number):
    context.scene.app.has_many_orders(context.scene.customer(customer), number)


@given("{customer:Name}'s order timed out in the app before it was stored")
def step_timed_out_unstored(context, customer):
    context.scene.app.has_timed_out_unstored(context.scene.customer(customer))


@when("{customer:Name} signs in to the app")
def step_signs_in(context, customer):
    context.scene.app.signs_in(context.scene.person(customer))


@then("the app can renew her sign-in without her password")
def step_renews(context):
    assert_that(context.scene.app.ways_in, includes_renewal())


@then("the app shows all {number:Count} orders of {customer:Name}")
def step_shows_all(context, number, customer):
    assert_that(context.scene.app.answer, answers("here is what you asked for", 200))
    assert_that(context.scene.app.answer, shows_orders(context.scene.app.stored, number))


@given("{customer:Name} has ordered a {drink:Name} in the app")
def step_has_ordered(context, customer, drink):
    context.scene.app.has_ordered(context.scene.customer(customer), drink)


@when("{customer:Name} orders a {drink:Name} in the app")
def step_orders(context, customer, drink):
    scene = context.scene
    scene.app.orders(scene.person(customer), drink, scene.order_of(customer))


@when("{customer:Name} orders a {drink:Name} in the app on {other:Name}'s order, in {name:Name}'s name")
def step_orders_in_name(context, customer, drink, other, name):
    scene = context.scene
    scene.app.orders(scene.person(customer), drink, scene.order_of(other), in_the_name_of=scene.person(name))


@when("{customer:Name} orders a drink in the app, with choices that the menu offers for it")
def step_orders_with_choices(context, customer):
    context.scene.app.orders_with_choices(context.scene.customer(customer))


@when("a visitor who is not signed in orders a {drink:Name} on {customer:Name}'s order")
def step_stranger_orders(context, drink, customer):
    context.scene.app.stranger_orders(drink, context.scene.order_of(customer))


@when("a visitor who is not signed in looks at the orders")
def step_stranger_looks(context):
    context.scene.app.lists_orders(None)


@when("{customer:Name} asks the app to {action:w} for her order")
def step_strange_action(context, customer, action):
    context.scene.app.asks_to(context.scene.person(customer), action, context.scene.order_of(customer))


@when("{customer:Name} sends the app {what}")
def step_sends(context, customer, what):
    context.scene.app.sends(context.scene.person(customer), what, context.scene.order_of(customer))


@when("a visitor looks for a way to create an account")
def step_looks_for_account(context):
    context.scene.app.is_looked_at_by_a_stranger()


@then("the app lets only the shop create accounts")
def step_accounts_of_shop(context):
    assert_that(context.scene.app.admits_strangers, admits_only_invited_people())


@when("someone tries to sign in to an account that does not exist")
def step_signs_in_as_nobody(context):
    context.scene.app.is_tried_by_strangers()


@when("{customer:Name} looks at her order in the app")
@when("{customer:Name} looks up her order in the app")
def step_looks_up(context, customer):
    context.scene.app.looks_up(context.scene.person(customer), context.scene.order_of(customer))


@when("{barista:Name} looks up {customer:Name}'s order in the app")
def step_looks_up_order_of(context, barista, customer):
    context.scene.app.looks_up(context.scene.person(barista), context.scene.order_of(customer))


@when("{customer:Name} looks up her order in the app while the shop cannot read it")
def step_looks_up_in_vain(context, customer):
    scene = context.scene
    with scene.failures.order_unreadable(scene.order_of(customer)) as scene.app.failure:
        scene.app.looks_up(scene.person(customer), scene.order_of(customer))


@then("the app does not reveal what has failed")
def step_reveals_nothing(context):
    assert_that(context.scene.app.answer, keeps_to_itself(context.scene.app.failure))


@when("{customer:Name} looks up an order that does not exist in the app")
def step_looks_up_nothing(context, customer):
    context.scene.app.looks_up(context.scene.person(customer), context.scene.order_that_does_not_exist())


@when("{customer:Name} looks up an order whose id is {what} in the app")
def step_looks_up_strange_id(context, customer, what):
    context.scene.app.looks_up_strange_id(context.scene.person(customer), what)


@when("{customer:Name} looks at her orders in the app")
def step_looks_at_hers(context, customer):
    context.scene.app.lists_own_orders(context.scene.person(customer))


@when("{customer:Name} looks at {other:Name}'s own orders in the app")
def step_looks_at_those_of(context, customer, other):
    context.scene.app.lists_own_orders(context.scene.person(customer), of=context.scene.person(other))


@given("{customer:Name}'s order is completed by now")
def step_is_completed_by_now(context, customer):
    context.scene.barista("Ben").has_completed_it(context.scene.order_of(customer))


@given("{customer:Name}'s order is cancelled by now")
def step_is_cancelled_by_now(context, customer):
    context.scene.customer(customer).has_cancelled_it()


@when("{barista:Name} looks at the orders in the app")
def step_looks(context, barista):
    context.scene.app.lists_orders(context.scene.person(barista))


@when("{barista:Name} looks at the orders in the app, leaving their state blank")
def step_looks_at_blank(context, barista):
    context.scene.app.lists_orders(context.scene.person(barista), state="")


@when("{barista:Name} looks at the completed orders in the app")
def step_looks_at_completed(context, barista):
    context.scene.app.lists_orders(context.scene.person(barista), state="Completed")


@when("{barista:Name} looks at the open orders in the app")
def step_looks_at_open(context, barista):
    context.scene.app.lists_orders(context.scene.person(barista), state="CREATED")


@given("{barista:Name} has claimed {customer:Name}'s order in the app")
def step_has_claimed(context, barista, customer):
    context.scene.app.has_claimed(context.scene.barista(barista), context.scene.order_of(customer))


@when("{barista:Name} claims {customer:Name}'s order in the app")
def step_claims(context, barista, customer):
    context.scene.app.acts(context.scene.person(barista), "make", context.scene.order_of(customer))


@when("{barista:Name} claims {customer:Name}'s order in the app, in {name:Name}'s name")
def step_claims_in_name(context, barista, customer, name):
    scene = context.scene
    scene.app.acts(scene.person(barista), "make", scene.order_of(customer), in_the_name_of=scene.person(name))


@then("{barista:Name} is never shown as making {customer:Name}'s order")
def step_never_makes(context, barista, customer):
    context.scene.order_of(customer).never_becomes(is_being_made_by(context.scene.person(barista).user_id))


@given("{barista:Name} has given {customer:Name}'s order back in the app")
def step_has_given_back(context, barista, customer):
    context.scene.app.has_given_back(context.scene.barista(barista), context.scene.order_of(customer))


@when("{barista:Name} gives {customer:Name}'s order back in the app")
def step_gives_back(context, barista, customer):
    context.scene.app.acts(context.scene.person(barista), "unmake", context.scene.order_of(customer))


@when("{customer:Name} cancels her order in the app")
def step_cancels(context, customer):
    context.scene.app.acts(context.scene.person(customer), "cancel", context.scene.order_of(customer))


@when("{customer:Name}, another customer, tries to cancel {other:Name}'s order in the app")
@when("{customer:Name} cancels {other:Name}'s order in the app")
def step_cancels_order_of(context, customer, other):
    context.scene.app.acts(context.scene.person(customer), "cancel", context.scene.order_of(other))


@when("{barista:Name} completes {customer:Name}'s order in the app")
def step_completes(context, barista, customer):
    context.scene.app.acts(context.scene.person(barista), "complete", context.scene.order_of(customer))


@then("the app asks them to sign in")
def step_sign_in(context):
    assert_that(context.scene.app.answer, answers("sign in first", 401, 403))


@then('the app refuses, saying "{words}"')
def step_refuses_in_words(context, words):
    assert_that(context.scene.app.answer, answers("that cannot be done", 400))
    assert_that(context.scene.app.answer, answers_in_words(words))


@then('it says "{words}"')
def step_says_so(context, words):
    assert_that(context.scene.app.answer, answers_in_words(words))


@then("the app does not reveal whether that account exists")
def step_tells_as_little(context):
    assert_that(context.scene.app.refusals, tells_as_little())


@then("browsers are told not to store what the app shows")
def step_not_kept(context):
    assert_that(context.scene.app.answer, is_not_to_be_kept())


@then("the app shows {customer:Name}'s order as it is")
def step_shows_as_it_is(context, customer):
    order = context.scene.order_of(customer)
    assert_that(context.scene.app.answer, shows_record(order.order_id, order.record().public))


@then("the app says that there is no such order")
def step_no_such_order(context):
    assert_that(context.scene.app.answer, answers("there is no such order", 404))


@then("the app shows {customer:Name}'s order")
def step_shows(context, customer):
    assert_that(context.scene.app.answer, answers("here is what you asked for", 200))
    assert_that(context.scene.app.answer, shows_order(context.scene.order_of(customer).order_id))


@then("the app shows no order")
def step_shows_no_order(context):
    assert_that(context.scene.app.answer, shows_no_order())


@then("the app does not show {customer:Name}'s order")
def step_does_not_show(context, customer):
    assert_that(context.scene.app.answer, not_(shows_order(context.scene.order_of(customer).order_id)))


@then("the app does not show the confirmation code of {customer:Name}'s order")
def step_does_not_show_pass(context, customer):
    assert_that(
        context.scene.app.answer,
        not_(mentions(context.scene.order_of(customer).messages.task_token(), "the order's confirmation code")),
    )
