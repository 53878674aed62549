"""Steps of the retail shop: users view pages, their views are enriched, and some users are offered a better plan."""

from behave import given, then, when

from support.retail.promises import OFFER_MADE, VIEW_ENRICHED


@given("{user:Name} is on the {plan:Name} plan")
def step_on_plan(context, user, plan):
    context.scene.visitor(user).is_on(plan)


@given("{user:Name} is on the {plan:Name} plan, and has a very long number")
def step_long_number(context, user, plan):
    context.scene.visitor(user).is_on_by_long_number(plan)


@given("{user:Name} is on the {plan:Name} plan, and nothing else is known")
def step_known_by_plan(context, user, plan):
    context.scene.visitor(user).is_known_by_plan(plan)


@given("{user:Name} is on the {plan:Name} plan, with {what} for interests")
def step_no_text(context, user, plan, what):
    context.scene.visitor(user).is_on_with_interests(plan, what)


@given("{user:Name} is known to the shop by number only")
def step_known_by_number(context, user):
    context.scene.visitor(user).is_known_by_number()


@given("{user:Name} has changed to the {plan:Name} plan")
@given("{user:Name} has joined on the {plan:Name} plan")
def step_changed(context, user, plan):
    context.scene.visitor(user).changes_to(plan)


@given("{user:Name} from {country:Name} is on the {plan:Name} plan, and interested in {interests:Name}")
def step_known(context, user, country, plan, interests):
    context.scene.visitor(user).is_on(plan, COUNTRY=country, INTERESTS=interests)


@given("{user:Name} from {country:Name} is on the {plan:Name} plan, and has no interests")
def step_no_interests(context, user, country, plan):
    context.scene.visitor(user).is_on(plan, COUNTRY=country, INTERESTS="")


@given("{user:Name} is unknown to the shop, and claims to be on the {plan:Name} plan")
def step_claims(context, user, plan):
    context.scene.visitor(user).is_unknown(PLANTYPE=plan)


@given("{user:Name} is unknown to the shop")
def step_unknown(context, user):
    context.scene.visitor(user).is_unknown()


@given("{user:Name} claims to be at the checkout")
def step_claims_checkout(context, user):
    context.scene.visitor(user).claims(PAGENAME="Checkout")


@when("{what} arrives in place of a page view")
def step_arrives(context, what):
    context.scene.dead_letters.arrives(what)


@when("{user:Name} goes to the checkout")
def step_checkout(context, user):
    context.scene.visitor(user).goes_to_checkout()


@given("{user:Name} has looked at the {page} page")
@when("{user:Name} looks at the {page} page")
def step_page(context, user, page):
    context.scene.visitor(user).looks_at(page)


@when("{user:Name} looks at a page that the shop does not list")
def step_unlisted(context, user):
    context.scene.visitor(user).looks_at("unlisted")


@when("{user:Name} looks at the page after the checkout")
def step_behind_checkout(context, user):
    context.scene.visitor(user).looks_behind_checkout()


@when("{user:Name}'s visit to the checkout arrives from a device whose clock {clock}")
def step_by_clock(context, user, clock):
    context.scene.visitor(user).visit_arrives_by_clock(clock)


@when("{user:Name}'s visit to the checkout arrives an hour late")
def step_late(context, user):
    context.scene.visitor(user).visit_arrives_late()


@when("{user:Name}'s visit to the checkout arrives without a key")
def step_without_key(context, user):
    context.scene.visitor(user).visit_arrives_without_key()


@given("{what} has arrived in place of a page view")
def step_has_arrived(context, what):
    context.scene.dead_letters.arrives(what)


@when("the {service} is restarted")
def step_restarted(context, service):
    context.scene.dead_letters.restarts(service)


@given("{what} has arrived in place of a page view of {user:Name}'s")
def step_has_arrived_of(context, what, user):
    context.scene.dead_letters.arrives(what, user)


@given("{user:Name} has gone to the checkout")
def step_gone_to_checkout(context, user):
    context.scene.visitor(user).goes_to_checkout()


@when("{user:Name}'s page view arrives again")
def step_again(context, user):
    context.scene.visitor(user).view_arrives_again()


@when("{user:Name}'s page view arrives again without a key")
def step_again_without_key(context, user):
    context.scene.visitor(user).view_arrives_again_without_key()


@when("{user:Name}'s page view arrives again, after the {service} was restarted")
def step_again_after_restart(context, user, service):
    context.scene.visitor(user).view_arrives_again_after_restart(service)


@when("{user:Name}'s page view arrives again, after {offers:Count} offers to other people")
def step_again_after_others(context, user, offers):
    context.scene.visitor(user).view_arrives_again_after_others(offers)


@when("{user:Name}'s page view arrives again, after {same:Name} has gone to the checkout {visits:Count} more times")
def step_again_after_more(context, user, same, visits):
    context.scene.visitor(user).view_arrives_again_after_more(visits)


@when(
    "{user:Name}'s page view arrives again, after {same:Name} has gone to the checkout {visits:Count} more times and "
    "the {service} was restarted"
)
def step_again_after_more_and_restart(context, user, same, visits, service):
    context.scene.visitor(user).view_arrives_again_after_more(visits, service)


@when("{user:Name} and {other:Name} go to the checkout, among {others:d} page views of other people")
def step_among(context, user, other, others):
    context.scene.visit_among((user, other), others)


@when("{views:Count} page views come at once")
def step_burst(context, views):
    context.scene.rush.comes(views)


@when("{views:Count} page views come at once, each of them twice")
def step_burst_twice(context, views):
    context.scene.rush.comes_twice(views)


@when("{views:Count} page views come, and the {service} is restarted half-way")
def step_restart(context, views, service):
    context.scene.rush.comes_while_restarted(views, service)


@when("{views:Count} page views arrive, and the {service} crashes half-way and is restarted")
def step_crash(context, views, service):
    context.scene.rush.comes_while_crashed(views, service)


@when("{views:Count} page views come while Kafka takes no messages for {milliseconds:Time}")
def step_kafka_away(context, views, milliseconds):
    context.scene.rush.comes_while_kafka_is_away(views, milliseconds / 1000)


@when("{views:Count} page views come while the users cannot be looked up for {milliseconds:Time}")
def step_users_away(context, views, milliseconds):
    context.scene.rush.comes_while_users_are_away(views, milliseconds / 1000)


@when("{views:Count} page views come while the User Service may not look up users, until it gives up")
def step_given_up(context, views):
    context.scene.rush.comes_until_given_up(views)


@when("another {service} is started by hand, and ended by Ctrl-C")
def step_by_hand(context, service):
    context.scene.rush.is_started_by_hand(service)


@when("another User Service is started whose {what} have no topic")
def step_no_topic(context, what):
    context.scene.rush.is_started_without(what)


@when("another User Service is started without an AWS region")
def step_no_region(context):
    context.scene.rush.is_started_without_region()


@then("the reason that it printed names that topic")
def step_names_topic(context):
    context.scene.rush.sees_reason()


@then("the reason that it printed mentions the {what:w}")
def step_reason_mentions(context, what):
    context.scene.rush.sees_reason(what)


@when("{views:Count} page views come, and the User Service is restarted while it looks up their visitors")
def step_restart_amid_look_up(context, views):
    context.scene.rush.comes_while_restarted_amid_look_up(views)


@when("{views:Count} page views come while only some users are found at a time")
def step_users_in_part(context, views):
    context.scene.rush.comes_while_users_are_found_in_part(views)


@given("{views:Count} page views had come before the services were started for the first time")
def step_before_first_start(context, views):
    context.scene.rush.came_before_first_start(views)


@when("{views:Count} page views arrive while another {service} shares the work, and again after it has ended")
def step_another_instance(context, views, service):
    context.scene.rush.comes_around_another_instance(views, service)


@then("{user:Name}'s page view is enriched within {milliseconds:Time}")
def step_enriched_in_time(context, user, milliseconds):
    context.scene.outcome(user).is_enriched_in_time(VIEW_ENRICHED.within(milliseconds))


@then('the enriched view has "{path}" {operator:Operator} {value:Value}')
def step_enriched_has(context, path, operator, value):
    context.scene.outcome().is_enriched_with(path, operator, value)


@then('{user:Name}\'s enriched view has "{path}" {operator:Operator} {value:Value}')
def step_persons_enriched_has(context, user, path, operator, value):
    context.scene.outcome(user).is_enriched_with(path, operator, value)


@then('the enriched view has no "{path}"')
def step_enriched_lacks(context, path):
    context.scene.outcome().is_enriched_without(path)


@then('{user:Name}\'s enriched view has no "{path}"')
def step_persons_enriched_lacks(context, user, path):
    context.scene.outcome(user).is_enriched_without(path)


@then("the enriched view says who looked at which page and when, as the page view did")
def step_enriched_keeps(context):
    context.scene.outcome().is_enriched_as_it_was()


@then('the offer has "{path}" {operator:Operator} {value:Value}')
def step_offer_has(context, path, operator, value):
    context.scene.outcome().is_offered_with(path, operator, value)


@then("{user:Name} is offered the Premium plan within {milliseconds:d} milliseconds of the enriched view")
def step_offered_in_time(context, user, milliseconds):
    context.scene.outcome(user).is_offered_in_time(OFFER_MADE.within(milliseconds))


@then("{user:Name} is offered nothing")
def step_offered_nothing(context, user):
    context.scene.outcome(user).is_offered_nothing()


@then("{user:Name} is offered the Premium plan once")
def step_offered_once(context, user):
    context.scene.outcome(user).is_offered(1)


@then("{user:Name} is offered the Premium plan twice")
def step_offered_twice(context, user):
    context.scene.outcome(user).is_offered(2)


@then("{user:Name}'s first page view is answered by one offer")
def step_answered_once(context, user):
    context.scene.outcome(user).is_answered_once()


@then('it is moved to the dead letters, with a reason that mentions "{words}"')
def step_put_aside_with(context, words):
    context.scene.dead_letters.sees_put_aside(words)


@then("it is in the dead letters once, with the reason")
def step_put_aside(context):
    context.scene.dead_letters.sees_put_aside()


@then("the dead letter names the place of its message")
def step_place(context):
    context.scene.dead_letters.sees_its_place()


@then("the {service} has ended as it does when it is asked to")
def step_ended_well(context, service):
    context.scene.rush.sees_ended_well(service)


@then("each of them is enriched")
def step_all_enriched(context):
    context.scene.rush.sees_all_enriched()


@then("each of them is enriched once")
def step_all_enriched_once(context):
    context.scene.rush.sees_all_enriched_once()


@then("each visitor's page views are enriched in their order")
def step_in_order(context):
    context.scene.rush.sees_order()


@then("each offer that is due is made once, and no other")
def step_all_offers(context):
    context.scene.rush.sees_all_offers_once()


@then("the User Service has reported an error to its supervisor")
def step_reported(context):
    context.scene.rush.sees_reported()


@then("{percent:Count} % of the offers are made within {milliseconds:d} milliseconds of the enriched view")
def step_burst_in_time(context, percent, milliseconds):
    context.scene.rush.sees_offered_in_time(OFFER_MADE.within(milliseconds), percent)
