@retail
Feature: Dead letters
  What the shop cannot read is put aside for somebody to look at. It is not lost, and it holds up nobody.

  Rule: What is no page view is put aside

    @house_rule
    Scenario Outline: <what> is put aside
      When <what> arrives as a page view
      Then it is put aside, with the reason

      Examples:
        | what                  |
        | a text                |
        | half a page view      |
        | a list                |
        | a page view of nobody |
        | a page view by a name |
        | bytes of no text      |
        | nothing at all        |

  Rule: What was put aside holds up nobody

    @critical
    Scenario: The next visitor is served
      Given Jo is on the Free plan
      And a text has arrived as a page view
      When Jo goes to the checkout
      Then the enriched view has "PLANTYPE" equal to the text "Free"
      And Jo is offered the Premium plan once
