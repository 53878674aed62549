"""Steps of a sustained load, and the promises to each of its customers."""

from behave import then, when

from support.serverlesspresso.promises import CLAIM, DRINK, READY, SCAN


@when("a customer a second keeps coming for {time:Time}")
def step_one_keeps_coming(context, time):
    context.system.cafes.let_customers_come(context.scene, 1, time / 1000)


@when("{a_second:Count} customers a second keep coming for {time:Time}")
def step_keep_coming(context, a_second, time):
    context.system.cafes.let_customers_come(context.scene, a_second, time / 1000)


@then("{percent:Count} % of those who came can choose within {budget:Time} of the scan")
def step_stream_scans_in_time(context, percent, budget):
    context.scene.stream.meets(SCAN.within(budget), percent)


@then("the baristas see the orders of {percent:Count} % of those who came within {budget:Time} of the choice")
def step_stream_drinks_in_time(context, percent, budget):
    context.scene.stream.meets(DRINK.within(budget), percent)


@then("the claims for {percent:Count} % of those who came are shown within {budget:Time}")
def step_stream_claims_in_time(context, percent, budget):
    context.scene.stream.meets(CLAIM.within(budget), percent)


@then("{percent:Count} % of those who came are notified within {budget:Time} of its completion that the order is ready")
def step_stream_readies_in_time(context, percent, budget):
    context.scene.stream.meets(READY.within(budget), percent)


@then("every customer who came is served")
def step_stream_served(context):
    context.scene.stream.keeps("all-served")


@then("nothing is announced twice to those who came")
def step_stream_not_doubled(context):
    context.scene.stream.keeps("nothing-doubled")


@then("no two open orders of those who came have the same number")
def step_stream_numbers(context):
    context.scene.stream.keeps("numbers-differ")


@then("every order of those who came is stored as it was ordered")
def step_stream_stored(context):
    context.scene.stream.keeps("stored-as-ordered")
