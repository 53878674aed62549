@retail
Feature: Dead letters
  What the shop cannot read is put aside for somebody to look at. It is not lost, and it holds up nobody.

  Rule: What is no page view is put aside, once

    @house_rule
    Scenario Outline: <what>
      When <what> arrives in place of a page view
      Then it is put aside, with the reason

      Examples:
        | what                               |
        | a text                             |
        | half a page view                   |
        | a list                             |
        | a page view of nobody              |
        | a page view by a name              |
        | a page view by a number beyond all |
        | a page view without an end         |
        | bytes of no text                   |
        | nothing at all                     |

  Rule: What was put aside holds up nobody

    @critical
    Scenario: The next page view of the same visitor is answered
      Given Jo is on the Free plan
      And a text has arrived in place of a page view of Jo's
      When Jo goes to the checkout
      Then the enriched view has "PLANTYPE" equal to the text "Free"
      And Jo is offered the Premium plan once
