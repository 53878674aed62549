Feature: Cancelling an order
  Customers change their minds, and baristas run out of milk. Until the drink is ready, an order can be cancelled.

  Rule: An open order can be cancelled by its customer and by a barista

    Scenario: A customer cancels before choosing a drink
      Given Ada has scanned the code
      When Ada cancels her order
      Then Ada's order is cancelled
      And Ada is notified that her order is cancelled
      And the café is done with Ada's order

    Scenario: A customer cancels after choosing a drink
      Given Ada has ordered a drink
      When Ada cancels her order
      Then Ada's order is cancelled
      And Ada is notified that her order is cancelled
      And the café is done with Ada's order

    Scenario: A barista cancels an order that is being made
      Given Ben has claimed Ada's order
      When Ben cancels Ada's order
      Then Ada's order is cancelled
      And Ada is notified that her order is cancelled
      And the café is done with Ada's order

    Scenario: An order cancelled right after its submission is over
      Given Ada has scanned the code
      When Ada orders a drink and cancels at once
      Then Ada's order is cancelled
      And the café is done with Ada's order

    @house_rule
    Scenario Outline: An order cancelled <when> ends without an error
      Given <what has happened>
      When Ada cancels her order
      Then Ada's order has ended without an error
      And nobody is notified that Ada's order is finished

      Examples:
        | when                      | what has happened        |
        | before a drink was chosen | Ada has scanned the code |
        | after a drink was chosen  | Ada has ordered a drink  |

  Rule: Only its customer and a barista can cancel an order

    @critical
    Scenario Outline: Another customer cannot cancel an order <when>
      Given <what has happened>
      When Eve, another customer, tries to cancel Ada's order
      Then Ada's order stays as it was
      And Ada's order is still being served

      Examples:
        | when                      | what has happened           |
        | before a drink was chosen | Ada has scanned the code    |
        | after a drink was chosen  | Ada has ordered a drink     |
        | while it is made          | Ben has claimed Ada's order |

    @house_rule
    Scenario: A barista can cancel a colleague's order
      Given Ben has claimed Ada's order
      When Cleo cancels Ada's order
      Then Ada's order is cancelled
      And Ada is notified that her order is cancelled
      And the café is done with Ada's order

    @house_rule
    Scenario Outline: A cancellation <how> is refused
      Given <what has happened>
      When someone tries to cancel Ada's order <how>
      Then the attempt is refused
      And Ada's order is exactly as it was

      Examples:
        | how                   | what has happened              |
        | without giving a name | Ada has ordered a drink        |
        | with an empty name    | Ben has given Ada's order back |

    @house_rule
    Scenario: A barista can cancel an unclaimed order
      Given Ada has ordered a drink
      When Ben cancels Ada's order
      Then Ada's order is cancelled

  Rule: An order that is over cannot be cancelled

    Scenario: A completed order cannot be cancelled
      Given Ben has completed Ada's order
      When Ada tries to cancel her order
      Then Ada's order stays as it was

    Scenario: An order is cancelled once
      Given Ada has cancelled her order
      When Ben tries to cancel Ada's order
      Then Ada's order stays as it was
      And Ada is notified only once that her order is cancelled

    Scenario: A cancelled order takes no drink
      Given Ada has cancelled her order
      When Ada tries to order another drink
      Then Ada's order stays as it was

    Scenario: An order cancelled before its drink was chosen takes no drink
      Given Ada has cancelled her order before choosing a drink
      When Ada tries to order a drink
      Then Ada's order stays as it was

    Scenario: A customer cannot cancel an order that does not exist
      When Ada tries to cancel an order that does not exist
      Then no new order exists

    Scenario: A barista cannot cancel an order that does not exist
      When Ben, a barista, tries to cancel an order that does not exist
      Then no new order exists
