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
      Given Ada has ordered a Cappuccino
      When Ada cancels her order
      Then Ada's order is cancelled
      And Ada is not refused
      And Ada is told that her order is cancelled
      And the café is done with Ada's order
      But nobody is told that Ada's order is finished

    Scenario: A barista cancels the order in the making
      Given Ben has claimed Ada's order
      When Ben cancels Ada's order
      Then Ada's order is cancelled
      And Ada is told that her order is cancelled
      And the café is done with Ada's order

    Scenario: An order that is cancelled right after it was submitted is over as well
      Given Ada has scanned the code
      When Ada orders a Cappuccino and cancels at once
      Then Ada's order is cancelled
      And the café is done with Ada's order

  Rule: What is over cannot be cancelled

    Scenario: A completed order cannot be cancelled
      Given Ben has completed Ada's order
      When Ada tries to cancel her order
      Then Ada is refused
      And Ada's order stays as it was

    Scenario: An order is cancelled once
      Given Ada has cancelled her order
      When Ben tries to cancel Ada's order
      Then Ben is refused
      And Ada is told only once that her order is cancelled

    Scenario: A cancelled order takes no drink
      Given Ada has cancelled her order
      When Ada tries to order a Latte
      Then Ada is refused
      And Ada's order stays as it was

    Scenario: An order that was cancelled before its drink was chosen takes none
      Given Ada has cancelled her order before choosing a drink
      When Ada tries to order a Latte
      Then Ada is refused
      And Ada's order stays as it was

    Scenario: Nobody can cancel what was never ordered
      When Ada tries to cancel an order that does not exist
      Then Ada is told there is no such order
      And no order has appeared
