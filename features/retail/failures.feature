@retail @chaos @critical @house_rule
Feature: Failing parts of the shop that makes offers
  A part may fail for a moment, or be stopped. Nobody is forgotten by that, and the shop soon catches up.

  @outage @service_level @judged_apart
  Rule: A page view is enriched within 10 seconds although a part fails for 3 seconds

    Scenario: A throttled users' table delays a visitor for seconds only
      Given Jo is on the Free plan
      When Jo goes to the checkout while the users' table is throttled for 3 seconds
      Then Jo's page view is enriched within 10 seconds, despite the failure
      And Jo is offered the Premium plan once

    Scenario: An outage of Kafka delays a visitor for seconds only
      Given Jo is on the Free plan
      When Jo goes to the checkout while Kafka takes no messages for 3 seconds
      Then Jo's page view is enriched within 10 seconds, despite the failure
      And Jo is offered the Premium plan once

  @outage
  Rule: A dead letter survives an outage

    Scenario: A text that arrives during an outage of Kafka is moved to the dead letters
      When a text arrives in place of a page view while Kafka takes no messages for 3 seconds
      Then it is in the dead letters once, with the reason

  @outage
  Rule: A visitor's change counts at once, although the users' table shows it late

    Scenario: A visitor's new plan counts although the users' table shows it late
      Given Jo is on the Free plan
      And Jo has changed to the Premium plan
      When Jo goes to the checkout while the users' table shows changes late
      Then the enriched view has "PLANTYPE" equal to the text "Premium"
      And Jo is offered nothing

  @outage @restart
  Rule: What another program has written among the offers stops no service

    Scenario Outline: A visitor is offered the plan after a restart, although <what> is among the offers
      Given <what> has arrived in place of an offer
      And Jo is on the Free plan
      When Jo goes to the checkout after the Promotions Service was restarted
      Then Jo is offered the Premium plan once

      Examples:
        | what        |
        | a text      |
        | a tombstone |
        | a list      |

  @restart
  Rule: A visitor who comes while the shop is stopped is answered later

    Scenario: A visitor is offered the plan once both services run again
      Given Jo is on the Free plan
      When Jo goes to the checkout while both services are stopped
      Then the enriched view has "PLANTYPE" equal to the text "Free"
      And Jo is offered the Premium plan once
