@critical
Feature: Completing an order
  A barista completes an order when the drink is ready, and the customer is notified once.

  Rule: A completed order is ready, and nothing more happens to it

    @core @smoke @blocker
    Scenario: The customer is notified that the drink is ready
      Given Ben has claimed Ada's order
      When Ben completes Ada's order
      Then Ada's order is completed
      And Ada is notified that her order is ready

    @core
    Scenario: The café is done with a completed order
      Given Ben has claimed Ada's order
      When Ben completes Ada's order
      Then the café is done with Ada's order
      And Ada's order has ended without an error
      And everybody is notified that Ada's order is finished

    @house_rule
    Scenario: A barista can complete a colleague's order
      Given Ben has claimed Ada's order
      When Cleo completes Ada's order
      Then Ada's order is completed
      And the café is done with Ada's order

    Scenario: An order is completed once
      Given Ben has completed Ada's order
      When Cleo tries to complete Ada's order
      Then Ada's order stays as it was
      And Ada is notified only once that her order is ready

  Rule: Only an order that waits for a barista can be completed

    Scenario: An order without a drink cannot be completed
      Given Ada has scanned the code
      When Ben tries to complete Ada's order
      Then Ada's order still waits for its drink
      And Ada's order is still being served

    Scenario: A cancelled order cannot be completed
      Given Ada has cancelled her order
      When Ben tries to complete Ada's order
      Then Ada's order stays as it was

    Scenario: An order that does not exist cannot be completed
      When Ben tries to complete an order that does not exist
      Then no new order exists
