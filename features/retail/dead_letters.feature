@retail
Feature: Dead letters
  Messages that the shop cannot read are moved to the dead letters for someone to look at. They are not lost, and delay
  nobody.

  Rule: An unreadable message is moved to the dead letters once

    @house_rule
    Scenario Outline: A message that is <what> is moved to the dead letters
      When <what> arrives in place of a page view
      Then it is moved to the dead letters, with a reason that mentions "<reason>"
      And the dead letter names the place of its message

      Examples:
        | what                                    | reason    |
        | a text                                  | JSON      |
        | half a page view                        | JSON      |
        | a list                                  | object    |
        | a page view of nobody                   | USERID    |
        | a page view of no page                  | PAGEID    |
        | a page view at no time                  | TIMESTAMP |
        | a page view at a time in words          | TIMESTAMP |
        | a page view at a time that is no number | NaN       |
        | a page view by a number below zero      | USERID    |
        | a page view by a broken number          | USERID    |
        | a page view by yes or no                | USERID    |
        | a page view by a name                   | USERID    |
        | a page view by a number beyond all      | USERID    |
        | a page view without an end              | nested    |
        | a page view with an infinite number     | JSON      |
        | bytes of no text                        | JSON      |
        | nothing at all                          | JSON      |
        | a tombstone                             | JSON      |
        | a page view beyond all length           | too long  |

    @house_rule @restart
    Scenario: A dead letter is not repeated after a restart
      Given a text has arrived in place of a page view
      When the User Service is restarted
      Then it is in the dead letters once, with the reason

  Rule: A dead letter delays nobody

    @critical
    Scenario Outline: A visitor's next page view is answered after <what>
      Given Jo is on the Free plan
      And <what> has arrived in place of a page view of Jo's
      When Jo goes to the checkout
      Then the enriched view has "PLANTYPE" equal to the text "Free"
      And Jo is offered the Premium plan once

      Examples:
        | what                                 |
        | a text                               |
        | a tombstone                          |
        | a page view of no page               |
        | a page view at no time               |
        | a page view with half a character    |
        | a page view by a number with a point |
