"""What arrives while a part of the shop fails."""

from behave import given, then, when

from support.retail.promises import VIEW_ENRICHED_AFTER_FAILURE


@when("{user:Name} goes to the checkout while the users' table is throttled for {milliseconds:Time}")
def step_users_throttled(context, user, milliseconds):
    context.scene.outages.while_users_are_throttled(milliseconds / 1000, context.scene.visitor(user).goes_to_checkout)


@when("{user:Name} goes to the checkout while Kafka takes no messages for {milliseconds:Time}")
def step_kafka_away(context, user, milliseconds):
    context.scene.outages.while_kafka_is_away(milliseconds / 1000, context.scene.visitor(user).goes_to_checkout)


@when("{user:Name} goes to the checkout while both services are stopped")
def step_services_stopped(context, user):
    context.scene.outages.while_services_are_stopped(context.scene.visitor(user).goes_to_checkout)


@when("{user:Name} goes to the checkout while the users' table shows changes late")
def step_users_late(context, user):
    context.scene.outages.while_users_are_shown_late(context.scene.visitor(user).goes_to_checkout)


@when("{user:Name} goes to the checkout after the {service} was restarted")
def step_after_restart(context, user, service):
    context.scene.outages.after_restart(service, context.scene.visitor(user).goes_to_checkout)


@given("{what} has arrived in place of an offer")
def step_among_the_offers(context, what):
    context.scene.outages.hold_among_the_offers(what)


@when("{what} arrives in place of a page view while Kafka takes no messages for {milliseconds:Time}")
def step_unreadable_kafka_away(context, what, milliseconds):
    letters = context.scene.dead_letters
    context.scene.outages.while_kafka_is_away(milliseconds / 1000, lambda: letters.arrives(what))


@then("{user:Name}'s page view is enriched within {milliseconds:Time}, despite the failure")
def step_enriched_in_time(context, user, milliseconds):
    context.scene.outcome(user).is_enriched_in_time(VIEW_ENRICHED_AFTER_FAILURE.within(milliseconds))
