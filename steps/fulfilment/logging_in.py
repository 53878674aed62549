"""Steps of people who log in to their programs, or try to, and what their terminals show."""

from behave import given, then, when
from hamcrest import assert_that, equal_to

from acceptance.earlier import rows
from acceptance.terminal.dialogue import WRONG_PASSWORD
from support.fulfilment.dialogue import UNKNOWN
from support.fulfilment.logins import WRONG
from support.fulfilment.matchers import (
    has_ended,
    was_done,
    was_refused,
    were_all_done,
    were_all_refused,
    were_refused_alike,
)


@given("{one:Name}, {two:Name}, {three:Name}, {four:Name} and {five:Name} have logged in to their programs")
def step_all_log_in(context, one, two, three, four, five):
    context.scene.begin_anew(one, two, three, four, five)


@when("{person:Name} logs in to their program")
def step_log_in(context, person):
    context.scene.login(person).tries()


@when("{one:Name} and {other:Name} log in with the same password")
def step_same_password(context, one, other):
    context.scene.begin_anew(one, other)


@when("{person:Name} tries to log in with a wrong password")
def step_wrong_password(context, person):
    context.scene.login(person).tries(WRONG)


@when("{person:Name} tries to log in with a wrong password, and someone unknown tries too")
def step_wrong_and_unknown(context, person):
    context.scene.login(person).tries_beside_someone_unknown()


@when("{customer:Name} tries to log in to {staff:Name}'s program")
def step_wrong_program(context, customer, staff):
    context.scene.login(customer).tries_at_the_program_of(staff)


@when("{person:Name} tries to log in with a password")
def step_nearly_right(context, person):
    context.scene.login(person).tries_nearly_right_ones([kind for (kind,) in rows(context.table, "password")])


@when("{person:Name} tries three wrong passwords")
def step_three_wrong(context, person):
    context.scene.login(person).tries_wrong_ones()


@when("{customer:Name} logs in where {other:Name} has failed to, and orders {count:d} lamps")
def step_logs_in_after(context, customer, other, count):
    context.scene.login(customer).orders_where_somebody_failed(other, count)


@when("{person:Name} is asked for their password")
def step_at_the_password(context, person):
    context.scene.login(person).comes_to_the_password()


@when("{person:Name} gives up when asked for their password")
def step_gives_up(context, person):
    context.scene.login(person).gives_up_at_the_password()


@when("{person:Name} presses {key} when asked for their password")
def step_presses(context, person, key):
    context.scene.login(person).gives_up_at_the_password(key)


@when("{customer:Name} presses {key} in the middle of ordering {count:d} lamps")
def step_presses_amid_order(context, customer, key, count):
    context.scene.login(customer).gives_up_an_order(key, count)


@when("{person:Name} makes a choice that their menu does not offer")
def step_choose(context, person):
    choices = [choice for (choice,) in rows(context.table, "choice")]
    context.scene.person(person).tries_each("choose", "choice", choices)


@then("{person:Name} is let in")
def step_let_in(context, person):
    assert_that(context.scene.person(person).reply, was_done())


@then("{person:Name} is not let in")
def step_not_let_in(context, person):
    assert_that(context.scene.person(person).reply, was_refused(WRONG_PASSWORD))


@then("the records of {one:Name} and {other:Name} do not show that it is the same")
def step_passwords_kept(context, one, other):
    context.scene.see_passwords_kept([one, other])


@then("both are rejected in the same words")
def step_rejected_alike(context):
    assert_that(context.scene.attempts, were_refused_alike(WRONG_PASSWORD))


@then("none of them lets {person:Name} in")
def step_none_let_in(context, person):
    assert_that(context.scene.attempts, were_all_refused(WRONG_PASSWORD))


@then('the program of {person:Name} has ended, saying "{words}"')
def step_program_ended(context, person, words):
    assert_that(context.scene.login(person).has_ended(), has_ended())
    assert_that(context.scene.login(person).last_line(), equal_to(words), f"the last line for {person}")


@then("nothing that {person:Name} types is shown")
def step_typing_hidden(context, person):
    context.scene.login(person).see_typing_hidden()


@then("what {person:Name} types is shown again")
def step_typing_shown(context, person):
    context.scene.login(person).see_typing_shown()


@then("{person:Name} learns each time that there is no such choice")
def step_no_such_choice(context, person):
    assert_that(context.scene.attempts, were_all_done())


@then("{person:Name} finds {customer:Name}'s order, and {other:Name} does not")
def step_finds(context, person, customer, other):
    assert_that(context.scene.person(person).tries_to("look", customer), was_done(), person)
    assert_that(context.scene.person(other).tries_to("look", customer), was_refused(UNKNOWN), other)
