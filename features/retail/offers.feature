@retail @critical
Feature: Offers at the checkout
  Visitors on the Free plan are offered the Premium plan at the checkout, while it still matters.
  Other visitors are left in peace.

  Rule: A visitor on the Free plan is offered the Premium plan at the checkout, within half a second

    @smoke @blocker @service_level @judged_apart
    Scenario: The offer comes in time
      Given Jo is on the Free plan
      When Jo goes to the checkout
      Then the enriched view has "PLANTYPE" equal to the text "Free"
      And Jo is offered the Premium plan within 500 milliseconds of the enriched view

    Scenario: The offer names the plan
      Given Jo is on the Free plan
      When Jo goes to the checkout
      Then the offer has "PRODUCT" equal to the text "Premium"

    Scenario: A visitor of whom only the Free plan is known is offered the Premium plan
      Given Jo is on the Free plan, and nothing else is known
      When Jo goes to the checkout
      Then Jo is offered the Premium plan once

  Rule: Other visitors are offered nothing

    Scenario Outline: A visitor on the <plan> plan is offered nothing at the checkout
      Given Max is on the <plan> plan
      When Max goes to the checkout
      Then Max is offered nothing

      Examples:
        | plan      |
        | Premium   |
        | Team      |
        | Freelance |
        | Duty Free |

    Scenario Outline: A visitor on the Free plan is offered nothing on the <page> page
      Given Jo is on the Free plan
      When Jo looks at the <page> page
      Then Jo is offered nothing

      Examples:
        | page    |
        | home    |
        | product |
        | basket  |

    @house_rule
    Scenario: A visitor on the Free plan is offered nothing on the page after the checkout
      Given Jo is on the Free plan
      When Jo looks at the page after the checkout
      Then Jo is offered nothing

    Scenario: An unknown visitor is offered nothing
      Given Kim is unknown to the shop
      When Kim goes to the checkout
      Then Kim is offered nothing

  Rule: One visit to the checkout leads to one offer

    Scenario: A page view that arrives twice leads to one offer
      Given Jo is on the Free plan
      And Jo has gone to the checkout
      When Jo's page view arrives again
      Then Jo is offered the Premium plan once

    Scenario: A page view that arrives again after many others leads to one offer
      Given Jo is on the Free plan
      And Jo has gone to the checkout
      When Jo's page view arrives again, after 300 offers to other people
      Then Jo is offered the Premium plan once

    @house_rule
    Scenario: A page view that arrives again after a thousand of the same visitor leads to one offer
      Given Jo is on the Free plan
      And Jo has gone to the checkout
      When Jo's page view arrives again, after Jo has gone to the checkout 1100 more times
      Then Jo's first page view is answered by one offer

    @house_rule
    Scenario: A page view that arrives an hour late leads to one offer
      Given Jo is on the Free plan
      When Jo's visit to the checkout arrives an hour late
      Then Jo is offered the Premium plan once

    @house_rule
    Scenario: An earlier visit that arrives after a later one leads to an offer of its own
      Given Jo is on the Free plan
      And Jo has gone to the checkout
      When Jo's visit to the checkout arrives an hour late
      Then Jo is offered the Premium plan twice

    @house_rule
    Scenario Outline: A page view from a device whose clock <clock> leads to one offer
      Given Jo is on the Free plan
      When Jo's visit to the checkout arrives from a device whose clock <clock>
      Then Jo is offered the Premium plan once

      Examples:
        | clock               |
        | was never set       |
        | is ten minutes fast |

    @house_rule
    Scenario: A page view without a key leads to one offer
      Given Jo is on the Free plan
      When Jo's visit to the checkout arrives without a key
      Then Jo is offered the Premium plan once

    @house_rule
    Scenario: A page view that arrives again without a key leads to one offer
      Given Jo is on the Free plan
      And Jo has gone to the checkout
      When Jo's page view arrives again without a key
      Then Jo is offered the Premium plan once

    @restart
    Scenario: A page view that arrives again after a restart leads to one offer
      Given Jo is on the Free plan
      And Jo has gone to the checkout
      When Jo's page view arrives again, after the Promotions Service was restarted
      Then Jo is offered the Premium plan once

    @restart @house_rule
    Scenario: A page view that arrives again after a thousand others and a restart leads to one offer
      Given Jo is on the Free plan
      And Jo has gone to the checkout
      When Jo's page view arrives again, after Jo has gone to the checkout 1100 more times and the Promotions Service was restarted
      Then Jo's first page view is answered by one offer

    @house_rule
    Scenario: A second visit to the checkout leads to a second offer
      Given Jo is on the Free plan
      And Jo has gone to the checkout
      When Jo goes to the checkout
      Then Jo is offered the Premium plan twice
