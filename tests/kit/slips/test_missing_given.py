"""A step that needs what no step before it has left is broken at once, and the system is not blamed."""

import pytest

pytestmark = [pytest.mark.cloud, pytest.mark.trust("slips")]

# By system, the scenarios of a feature and what each of them says.
# What a message says of a wait that has ended, or of a slip in the suite itself.
WAITED = ("Error", "still so after", "nothing was running")
SLIPS = {
    "serverlesspresso": {
        "Then Ada's order is completed": "Ada has not ordered anything",
        "Then Ada's order waits for a barista": "Ada has not ordered anything",
        "Given Ada has scanned the code\n    Then Ada's order waits for a barista": "has chosen a drink for this order",
        "Given Ada has ordered a drink\n    Then Ada's order is that drink with those choices": "menu's choices",
        "When Ben claims Ada's order\n    Then Ada is refused": "Ada has not ordered anything",
        "Then Ada is refused": "No one has acted",
        "Then the confirmation code is refused": "has tried to use a confirmation code",
        "Then each of these orders waits for a barista": "has let a crowd order",
        "Then one of the two is accepted and the other refused": "No one has acted",
        "When they all order a Latte at the same moment\n    Then no new order exists": "let several customers in",
        "Then the scan has opened no order": "scanned a code",
        "Then these drinks are on it\n      | drink | choices | picture |\n      | Latte | Oat | x |": "at the menu",
        "When Mo looks at the menu\n    Then these drinks are on it": "columns drink, choices, picture",
        "Then customers have 5 minutes to choose": "the shop's times",
        "Then the app says that there is no such order": "asked the app",
        "Then Ada has no second order": "scanned a further code",
        "Then Ada has as many orders as the shop allows, and no more": "scanned several codes at once",
        "Then the shop takes 20 orders at once": "the shop's limits",
        "When Ada scans the code\n    Then Ada's order stays as it was": "seen Ada's order as it was",
        "Then no order is lost": "no rush hour",
        "Then Ada is notified that the shop cannot take her order": "Ada has not ordered anything",
        "When someone scans a code with no oder\n    Then the scan has opened no order": "Did you mean “no order”?",
        "Given Ada has scanned the code\n    When someone tries to use the second confirmation code of Ada's order\n"
        "    Then the confirmation code is refused": "given 1 so far, and not confirmation code number 2",
    },
    "durable_orders": {
        "Then Ada's online order awaits confirmation": "Ada has not ordered anything",
        "Given Ada has placed an online order\n    Then each step of Ada's online order has succeeded once": "Finn",
        "Then nothing is stored for Ada": "Ada has not ordered anything",
        "When Ada places an online order whose payment fails at first\n    Then nothing is stored for Ada": "tried to",
        "When Ada tries to place an online order with a numbr as its id\n"
        "    Then nothing is stored for Ada": "a number",
    },
    "retail": {
        "Then Jo is offered nothing": "Jo has looked at no page",
        "Then Jo is offered the Premium plan once": "Jo has looked at no page",
        "When Jo goes to the checkout\n    Then Jo is offered nothing": "Jo is unknown",
        "Then it is in the dead letters once, with the reason": "Nothing has arrived",
        "Then each of them is enriched": "no burst",
        "When 12 page views come at once\n    Then each of them is enriched": "12 page views cannot be shared out",
        'Then the offer has "A" equal to true': "No one has looked at a page",
        "When a txt arrives in place of a page view\n"
        "    Then it is in the dead letters once, with the reason": "“a text”",
    },
    "fulfilment": {
        "When Ada orders 2 lamps at the portal\n    Then Ada is let in": "put lamps on the shelf",
        "Then Ada is let in": "Ada has not tried anything",
        "Then Ada's order is delivered in all records": "Ada has not ordered anything",
        "Then 3 lamps are available, and 2 are reserved": "put lamps on the shelf",
        "Then all of them are delivered and paid": "have been fulfilled",
        "Then every program shows Ada's order as recorded": "Ada has not ordered anything",
        "Then one of them is accepted, and the other learns that someone else was quicker": "No one has acted",
        "When Zoe logs in to their program\n    Then Zoe is let in": "No one is called Zoe",
    },
}


@pytest.mark.parametrize("system", SLIPS)
def test_what_no_step_has_left_breaks_a_scenario_at_once(suite, system):
    scenarios = [f"  Scenario: {number}\n    {steps}\n" for number, steps in enumerate(SLIPS[system])]
    suite.feature("Feature: F\n" + "".join(scenarios), f"{system}/one.feature")
    ran = suite.run("-D", "patience=60", "features")
    assert ran.status == 1, ran.output
    told = {str(number): part for number, part in enumerate(SLIPS[system].values())}
    assert ran.reasons.keys() == told.keys(), ran.output
    otherwise = {
        list(SLIPS[system])[int(number)]: (verdict, message)
        for number, (verdict, message) in ran.reasons.items()
        if verdict != "broken" or told[number] not in message or any(words in message for words in WAITED)
    }
    assert otherwise == {}
