"""Steps of baristas: claim, give back, complete, cancel."""

from behave import given, when

from support.serverlesspresso.world import ANY_DRINK


@when("{barista:Name} claims {customer:Name}'s order")
@when("{barista:Name} tries to claim {customer:Name}'s order")
def step_claims(context, barista, customer):
    context.scene.barista(barista).claims(context.scene.order_of(customer))


@given("{customer:Name}'s order is being made by now")
def step_is_made_by_now(context, customer):
    scene = context.scene
    scene.customer(customer).has_chosen(ANY_DRINK)
    scene.barista("Ben").has_claimed_it(scene.order_of(customer))


@when("someone tries to claim {customer:Name}'s order with an empty name")
def step_claims_namelessly(context, customer):
    context.scene.stranger.claims(context.scene.order_of(customer), name="")


@when("someone tries to claim {customer:Name}'s order without giving a name")
def step_claims_anonymously(context, customer):
    context.scene.stranger.claims(context.scene.order_of(customer), name=None)


@when("someone tries to give {customer:Name}'s order back with an empty name")
def step_gives_back_namelessly(context, customer):
    context.scene.stranger.gives_back(context.scene.order_of(customer), name="")


@when("someone tries to give {customer:Name}'s order back without giving a name")
def step_gives_back_anonymously(context, customer):
    context.scene.stranger.gives_back(context.scene.order_of(customer), name=None)


@when("{barista:Name} tries to claim an order that does not exist")
def step_tries_to_claim_nothing(context, barista):
    context.scene.barista(barista).claims(context.scene.order_that_does_not_exist())


@given("{barista:Name} has claimed {customer:Name}'s order")
def step_has_claimed(context, barista, customer):
    context.scene.barista(barista).has_claimed(context.scene.customer(customer))


@when("{barista:Name} gives {customer:Name}'s order back")
@when("{barista:Name} tries to give {customer:Name}'s order back")
def step_gives_back(context, barista, customer):
    context.scene.barista(barista).gives_back(context.scene.order_of(customer))


@when("{barista:Name} tries to give back an order that does not exist")
def step_tries_to_give_back_nothing(context, barista):
    context.scene.barista(barista).gives_back(context.scene.order_that_does_not_exist())


@given("{barista:Name} has given {customer:Name}'s order back")
def step_has_given_back(context, barista, customer):
    context.scene.barista(barista).has_given_back(context.scene.customer(customer))


@when("{barista:Name} completes {customer:Name}'s order")
@when("{barista:Name} tries to complete {customer:Name}'s order")
def step_completes(context, barista, customer):
    context.scene.barista(barista).completes(context.scene.order_of(customer))


@when("{barista:Name} tries to complete an order that does not exist")
def step_tries_to_complete_nothing(context, barista):
    context.scene.barista(barista).completes(context.scene.order_that_does_not_exist())


@when("{barista:Name}, a barista, tries to cancel an order that does not exist")
def step_tries_to_cancel_nothing_as_barista(context, barista):
    context.scene.barista(barista).cancels(context.scene.order_that_does_not_exist())


@when("someone tries to cancel {customer:Name}'s order without giving a name")
def step_cancels_anonymously(context, customer):
    context.scene.stranger.cancels(context.scene.order_of(customer), name=None)


@when("someone tries to cancel {customer:Name}'s order with an empty name")
def step_cancels_namelessly(context, customer):
    context.scene.stranger.cancels(context.scene.order_of(customer), name="")


@given("{barista:Name} has completed {customer:Name}'s order")
def step_has_completed(context, barista, customer):
    context.scene.barista(barista).has_completed(context.scene.customer(customer))


@given("{barista:Name} has made {customer:Name}'s order")
def step_has_made(context, barista, customer):
    context.scene.barista(barista).has_made(context.scene.customer(customer))


@when("{barista:Name} cancels {customer:Name}'s order")
@when("{barista:Name} tries to cancel {customer:Name}'s order")
def step_barista_cancels(context, barista, customer):
    context.scene.barista(barista).cancels(context.scene.order_of(customer))
