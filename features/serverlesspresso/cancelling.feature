Feature: Cancelling an order
  Customers change their minds, and baristas run out of milk. Until the drink is ready, an order can be cancelled.

  Rule: An open order can be cancelled by its customer and by a barista

    Scenario: A customer cancels before choosing a drink
      Given Ada has scanned the code
      When Ada cancels her order
      Then Ada's order is cancelled
      And Ada is told that her order is cancelled
      And the café is done with Ada's order

    Scenario: A customer cancels after choosing a drink
      Given Ada has ordered a drink
      When Ada cancels her order
      Then Ada's order is cancelled
      And Ada is told that her order is cancelled
      And the café is done with Ada's order

    Scenario: A barista cancels the order in the making
      Given Ben has claimed Ada's order
      When Ben cancels Ada's order
      Then Ada's order is cancelled
      And Ada is told that her order is cancelled
      And the café is done with Ada's order

    Scenario: An order that is cancelled right after it was submitted is over as well
      Given Ada has scanned the code
      When Ada orders a drink and cancels at once
      Then Ada's order is cancelled
      And the café is done with Ada's order

    @house_rule
    Scenario Outline: An order that is cancelled <when> comes to a good end
      Given <what has happened>
      When Ada cancels her order
      Then nothing has gone wrong with Ada's order
      And nobody is told that Ada's order is finished

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
    Scenario: A barista can cancel what a colleague is making
      Given Ben has claimed Ada's order
      When Cleo cancels Ada's order
      Then Ada's order is cancelled
      And Ada is told that her order is cancelled
      And the café is done with Ada's order

    @house_rule
    Scenario: A cancellation without a name is refused
      Given Ada has ordered a drink
      When somebody tries to cancel Ada's order without saying who they are
      Then the attempt is refused
      And Ada's order is exactly as it was

    @house_rule
    Scenario: A barista can cancel an order that nobody has claimed
      Given Ada has ordered a drink
      When Ben cancels Ada's order
      Then Ada's order is cancelled

  Rule: What is over cannot be cancelled

    Scenario: A completed order cannot be cancelled
      Given Ben has completed Ada's order
      When Ada tries to cancel her order
      Then Ada's order stays as it was

    Scenario: An order is cancelled once
      Given Ada has cancelled her order
      When Ben tries to cancel Ada's order
      Then Ada's order stays as it was
      And Ada is told only once that her order is cancelled

    Scenario: A cancelled order takes no drink
      Given Ada has cancelled her order
      When Ada tries to order another drink
      Then Ada's order stays as it was

    Scenario: An order that was cancelled before its drink was chosen takes none
      Given Ada has cancelled her order before choosing a drink
      When Ada tries to order a drink
      Then Ada's order stays as it was

    Scenario: Nobody can cancel what was never ordered
      When Ada tries to cancel an order that does not exist
      Then no order has appeared

    Scenario: A barista cannot cancel what was never ordered
      When Ben, a barista, tries to cancel an order that does not exist
      Then no order has appeared
