"""Steps of simultaneous actions: two people on one order, or a crowd."""

from behave import given, then, when


@when("{one:Name} and {other:Name} {do:w} {customer:Name}'s order at the same moment")
def step_both_do(context, one, other, do, customer):
    scene = context.scene
    scene.same_moment.people_act(scene.order_of(customer), (one, do), (other, do))


@when("{one:Name} {does:w} and {other:Name} {does_too:w} {customer:Name}'s order at the same moment")
def step_each_does(context, one, does, other, does_too, customer):
    scene = context.scene
    scene.same_moment.people_act(scene.order_of(customer), (one, does), (other, does_too))


@when("{barista:Name} gives {customer:Name}'s order back twice at the same moment")
def step_gives_back_twice(context, barista, customer):
    scene = context.scene
    scene.same_moment.people_act(scene.order_of(customer), (barista, "give back"), (barista, "give back"))


@when("{other:Name} tries to claim {customer:Name}'s order in vain, and {barista:Name} gives it back")
def step_claims_in_vain(context, other, customer, barista):
    scene = context.scene
    scene.same_moment.follow(scene.order_of(customer), (other, "claim"), (barista, "give back"))


@when("{other:Name} cancels {customer:Name}'s order just before {one:Name} can {do:w} it")
def step_cancels_before(context, other, customer, one, do):
    scene = context.scene
    scene.same_moment.is_overtaken(scene.order_of(customer), (one, do), (other, "cancel"))


@when("{barista:Name} completes {customer:Name}'s order just as its time runs out")
def step_completes_in_the_last_moment(context, barista, customer):
    scene = context.scene
    scene.same_moment.completes_as_time_is_up(scene.order_of(customer), barista)


@then("{customer:Name} is notified of no other outcome")
@then("{customer:Name}'s order ends as the accepted one asked for, and she is notified of no other outcome")
def step_ends_once(context, customer):
    context.scene.same_moment.ends_once(context.scene.order_of(customer))


@then("{customer:Name}'s order is cancelled, and nothing else about it has changed")
def step_stays_cancelled(context, customer):
    context.scene.same_moment.stays_cancelled(context.scene.order_of(customer))


@given("{number:Count} order numbers have been used")
def step_numbers_given(context, number):
    context.scene.crowd.has_numbers_given_before(number)


@then("they get the numbers that follow")
def step_very_next_numbers(context):
    context.scene.crowd.get_the_very_next_numbers()


@when("{number:Count} more customers scan the code")
def step_come_late(context, number):
    context.scene.crowd.comes_late(number)


@then("all of them are notified that the shop cannot take their orders")
def step_turned_away(context):
    context.scene.crowd.latecomers_are_turned_away()


@when("half as many customers again as the shop can serve scan the code at the same moment")
def step_scan_at_once(context):
    context.scene.crowd.scans_at_once()


@then("exactly as many of them have an order as there are free places")
def step_as_many_as_room(context):
    context.scene.crowd.fills_the_room()


@then("the others are notified that the shop cannot take their orders")
def step_others_turned_away(context):
    context.scene.crowd.others_are_turned_away()
