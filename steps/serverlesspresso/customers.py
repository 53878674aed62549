"""Steps of customers: scan, choose a drink, cancel, wait too long."""

from behave import given, when

from support.serverlesspresso.menu import NEVER_SOLD
from support.serverlesspresso.world import ANY_DRINK, NOTE


@when("{customer:Name} scans the code")
def step_scans(context, customer):
    context.scene.customer(customer).scans()


@given("{customer:Name} has as many open orders as the shop allows")
def step_has_scanned_all(context, customer):
    context.scene.further_orders.has_all_that_are_allowed(context.scene.customer(customer))


@given("{customer:Name} has scanned another code in vain")
def step_scanned_in_vain(context, customer):
    context.scene.further_orders.has_scanned_in_vain(context.scene.customer(customer))


@given("{customer:Name}'s id differs from {other:Name}'s in {what}")
def step_looks_the_same(context, customer, other, what):
    context.scene.customer(customer).is_nearly_called(context.scene.person(other), what)


@given("the shop's records about {customer:Name} expire tomorrow")
def step_nearly_forgotten(context, customer):
    context.scene.customer(customer).is_nearly_forgotten()


@when("{customer:Name} scans another code")
def step_scans_another(context, customer):
    context.scene.further_orders.scans(context.scene.customer(customer))


@when("{customer:Name} scans one code more than the shop allows, all at the same moment")
def step_scans_too_many(context, customer):
    context.scene.further_orders.scans_too_many(context.scene.customer(customer))


@given("{customer:Name} has scanned the code")
def step_has_scanned(context, customer):
    context.scene.customer(customer).has_scanned()


@when("{customer:Name} scans the code of {other:Name}'s order")
def step_scans_code_of(context, customer, other):
    context.scene.customer(customer).scans_code_of(context.scene.order_of(other))


@when("{customer:Name} and {other:Name} scan codes that differ in {what}")
def step_scan_nearly_the_same(context, customer, other, what):
    context.scene.customer(other).scans_nearly_the_code_of(context.scene.customer(customer), what)


@when("{customer:Name} orders a {drink:Name}")
@when("{customer:Name} tries to order a {drink:Name}")
def step_orders(context, customer, drink):
    context.scene.customer(customer).orders(drink)


@when("{customer:Name} orders a {drink:Name} after scanning the code")
def step_scans_and_orders(context, customer, drink):
    context.scene.customer(customer).has_scanned()
    context.scene.customer(customer).orders(drink)


@given("{customer:Name} has ordered a {drink:Name}")
def step_has_ordered(context, customer, drink):
    context.scene.customer(customer).has_ordered(drink)


@given("{customer:Name}'s order awaits a barista by now")
def step_awaits_by_now(context, customer):
    context.scene.customer(customer).has_chosen(ANY_DRINK)


@when("{customer:Name} orders a drink, and her app sends a note besides")
def step_orders_with_note(context, customer):
    context.scene.customer(customer).orders(ANY_DRINK, note=NOTE)


@when("{customer:Name} tries to order another drink")
def step_tries_to_order_another(context, customer):
    context.scene.customer(customer).orders(context.scene.menu.another.name)


@when("{customer:Name} tries to order the same drink again")
def step_tries_to_order_the_same(context, customer):
    context.scene.customer(customer).orders(context.scene.order_of(customer).drink)


@when("{customer:Name} tries to order a drink that is not on the menu")
def step_tries_to_order_off_the_menu(context, customer):
    context.scene.customer(customer).orders(context.scene.menu.off_it)


@when("{customer:Name} orders a drink with choices that the menu offers for it")
def step_orders_with_choices(context, customer):
    context.scene.customer(customer).orders_chosen(context.scene.menu.with_choices.with_a_choice_of_each)


@when("{customer:Name} orders a drink with each of its choices twice")
def step_orders_with_choices_twice(context, customer):
    chosen = context.scene.menu.with_choices.with_a_choice_of_each
    context.scene.customer(customer).orders_chosen(chosen.plus(*chosen.modifiers))


@when("{customer:Name} tries to order a drink with a choice offered for other drinks only")
def step_tries_to_order_with_choice_of_another(context, customer):
    context.scene.customer(customer).orders_chosen(context.scene.menu.with_choice_of_another)


@when("{customer:Name} tries to order a drink whose last choice is not on the menu")
def step_tries_to_order_with_last_odd_choice(context, customer):
    menu = context.scene.menu
    chosen = menu.with_choices.with_a_choice_of_each.plus(menu.off_it)
    context.scene.customer(customer).orders_chosen(chosen)


@when("{customer:Name} tries to order a drink with a choice that is not on the menu")
def step_tries_to_order_with_odd_choice(context, customer):
    context.scene.customer(customer).orders(ANY_DRINK, [context.scene.menu.off_it])


@when("{customer:Name} tries to order a drink written in small letters")
def step_tries_to_order_in_small_letters(context, customer):
    context.scene.customer(customer).orders(context.scene.menu.usual.name.lower())


@when("{customer:Name} tries to order a drink with a blank behind its name")
def step_tries_to_order_with_blank(context, customer):
    context.scene.customer(customer).orders(f"{context.scene.menu.usual.name} ")


@when("{customer:Name} tries to order a drink with a text in place of choices")
def step_tries_to_order_with_text(context, customer):
    context.scene.customer(customer).orders(ANY_DRINK, "")


@when("{customer:Name} tries to order a drink with a list in place of a choice")
def step_tries_to_order_with_list(context, customer):
    context.scene.customer(customer).orders(ANY_DRINK, [[context.scene.menu.off_it]])


@when("{customer:Name} tries to order a drink with nothing in place of choices")
def step_tries_to_order_with_null(context, customer):
    context.scene.customer(customer).orders(ANY_DRINK, None)


@when("{customer:Name} tries to order the drink of that line")
def step_tries_to_order_line(context, customer):
    context.scene.customer(customer).orders(NEVER_SOLD)


@when("{customer:Name} tries to order a drink without a name")
def step_tries_to_order_nameless(context, customer):
    context.scene.customer(customer).orders("")


@when("{customer:Name} tries to order nothing")
def step_tries_to_order_nothing(context, customer):
    context.scene.customer(customer).orders(None)


@given("{customer:Name} has tried to order a drink that is not on the menu")
def step_has_tried_to_order(context, customer):
    context.scene.customer(customer).has_tried_to_order(context.scene.menu.off_it)


@given("{customer:Name} has tried to order a {drink:Name}")
def step_has_tried_to_order_it(context, customer, drink):
    context.scene.customer(customer).has_tried_to_order(drink)


@when("{customer:Name} tries to order a {drink:Name} on {other:Name}'s order")
def step_tries_to_order_on(context, customer, drink, other):
    context.scene.customer(customer).orders(drink, on=context.scene.order_of(other))


@when("{customer:Name} tries to order a {drink:Name} on an order that does not exist")
def step_tries_to_order_on_nothing(context, customer, drink):
    context.scene.customer(customer).orders(drink, on=context.scene.order_that_does_not_exist())


@when("{customer:Name} submits two drinks at the same moment")
def step_submits_two(context, customer):
    context.scene.same_moment.two_drinks_are_chosen(context.scene.order_of(customer))


@when("customers order each drink on the menu, with all of its choices")
def step_orders_everything(context):
    context.scene.crowd.comes_for_everything()


@when("they all order a {drink:Name} at the same moment")
def step_crowd_orders(context, drink):
    context.scene.crowd.all_choose_and_overlap(drink)


@when("they order a {drink:Name}, one after the other")
def step_crowd_orders_in_turn(context, drink):
    context.scene.crowd.choose_in_turn(drink)


@when("{customer:Name} orders a {drink:Name} and cancels at once")
def step_orders_and_cancels(context, customer, drink):
    context.scene.customer(customer).orders_and_cancels(drink)


@when("{customer:Name} cancels her order")
@when("{customer:Name} tries to cancel her order")
def step_cancels(context, customer):
    context.scene.customer(customer).cancels()


@when("{customer:Name}, another customer, tries to cancel {other:Name}'s order")
def step_tries_to_cancel_order_of(context, customer, other):
    context.scene.customer(customer).cancels(context.scene.order_of(other))


@when("{customer:Name} tries to cancel an order that does not exist")
def step_tries_to_cancel_nothing(context, customer):
    context.scene.customer(customer).cancels(context.scene.order_that_does_not_exist())


@given("{customer:Name} has cancelled her order")
def step_has_cancelled(context, customer):
    context.scene.customer(customer).has_cancelled()


@given("{customer:Name} has cancelled her order before choosing a drink")
def step_has_cancelled_early(context, customer):
    context.scene.customer(customer).has_cancelled_before_choosing()


@when("{customer:Name} scans the code and does not choose in time")
def step_does_not_choose(context, customer):
    context.scene.customer(customer).does_not_choose_in_time()


@given("{customer:Name} has not chosen in time")
def step_has_waited(context, customer):
    context.scene.customer(customer).does_not_choose_in_time()
    context.scene.order_of(customer).is_over()


@when("{customer:Name} orders a {drink:Name} that no barista makes in time")
def step_nobody_makes(context, customer, drink):
    context.scene.customer(customer).orders_in_vain(drink)


@when("{customer:Name} orders a {drink:Name} that {barista:Name} claims and does not make in time")
def step_claimed_and_not_made(context, customer, drink, barista):
    scene = context.scene
    scene.customer(customer).orders_and_is_left_in_the_lurch_by(scene.barista(barista), drink)


@given("no barista has made {customer:Name}'s drink in time")
def step_order_has_waited(context, customer):
    context.scene.customer(customer).orders_in_vain(ANY_DRINK)
    context.scene.order_of(customer).is_over()
