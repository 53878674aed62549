"""What baristas do: claim, give back, complete, cancel."""

from behave import given, when


@when("{barista:Name} claims {customer:Name}'s order")
@when("{barista:Name} tries to claim {customer:Name}'s order")
def step_claims(context, barista, customer):
    scene = context.scene
    scene.does(scene.cafe.claim(scene.order_of(customer), scene.id_of(barista)))


@when("somebody tries to claim {customer:Name}'s order without saying who they are")
def step_claims_namelessly(context, customer):
    scene = context.scene
    scene.does(scene.cafe.claim(scene.order_of(customer), barista=""))


@when("somebody tries to claim {customer:Name}'s order without any name at all")
def step_claims_anonymously(context, customer):
    scene = context.scene
    scene.does(scene.cafe.claim(scene.order_of(customer), barista=None))


@when("somebody tries to give {customer:Name}'s order back without saying who they are")
def step_gives_back_namelessly(context, customer):
    scene = context.scene
    scene.does(scene.cafe.unclaim(scene.order_of(customer), barista=""))


@when("somebody tries to give {customer:Name}'s order back without any name at all")
def step_gives_back_anonymously(context, customer):
    scene = context.scene
    scene.does(scene.cafe.unclaim(scene.order_of(customer), barista=None))


@when("{barista:Name} tries to claim an order that does not exist")
def step_tries_to_claim_nothing(context, barista):
    scene = context.scene
    scene.does(scene.cafe.claim(scene.order_that_does_not_exist(), scene.id_of(barista)))


@when("{one:Name} and {other:Name} claim {customer:Name}'s order at the same moment")
def step_both_claim(context, one, other, customer):
    scene = context.scene
    scene.does(*(scene.cafe.claim(scene.order_of(customer), scene.id_of(barista)) for barista in (one, other)))


@given("{barista:Name} has claimed {customer:Name}'s order")
def step_has_claimed(context, barista, customer):
    context.scene.has_claimed(barista, customer)


@when("{barista:Name} gives {customer:Name}'s order back")
@when("{barista:Name} tries to give {customer:Name}'s order back")
def step_gives_back(context, barista, customer):
    scene = context.scene
    scene.does(scene.cafe.unclaim(scene.order_of(customer), scene.id_of(barista)))


@when("{barista:Name} tries to give back an order that does not exist")
def step_tries_to_give_back_nothing(context, barista):
    scene = context.scene
    scene.does(scene.cafe.unclaim(scene.order_that_does_not_exist(), scene.id_of(barista)))


@given("{barista:Name} has given {customer:Name}'s order back")
def step_has_given_back(context, barista, customer):
    scene = context.scene
    scene.has_claimed(barista, customer)
    scene.has_done(customer, scene.cafe.unclaim(scene.order_of(customer), scene.id_of(barista)))


@when("{barista:Name} completes {customer:Name}'s order")
@when("{barista:Name} tries to complete {customer:Name}'s order")
def step_completes(context, barista, customer):
    scene = context.scene
    scene.does(scene.cafe.complete(scene.order_of(customer), scene.id_of(barista)))


@when("{barista:Name} tries to complete an order that does not exist")
def step_tries_to_complete_nothing(context, barista):
    scene = context.scene
    scene.does(scene.cafe.complete(scene.order_that_does_not_exist(), scene.id_of(barista)))


@given("{barista:Name} has completed {customer:Name}'s order")
def step_has_completed(context, barista, customer):
    context.scene.has_completed(barista, customer)


@given("{barista:Name} has made {customer:Name}'s order")
def step_has_made(context, barista, customer):
    scene = context.scene
    scene.has_claimed(barista, customer)
    scene.does(scene.cafe.complete(scene.order_of(customer), scene.id_of(barista)))
    scene.is_completed_and_over(customer)


@when("{barista:Name} cancels {customer:Name}'s order")
@when("{barista:Name} tries to cancel {customer:Name}'s order")
def step_barista_cancels(context, barista, customer):
    scene = context.scene
    scene.does(scene.cafe.cancel(scene.order_of(customer), barista=scene.id_of(barista)))
