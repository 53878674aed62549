@slow
Feature: Time-outs
  Nobody can keep a place in the shop for ever: neither a customer who does not choose,
  nor an order that no barista finds the time to make.

  Background:
    Given a shop that does not wait long

  Rule: A customer who does not choose in time loses the order

    @critical
    Scenario: The order is cancelled, with the reason
      Given Ada has scanned the code
      When Ada does not choose in time
      Then Ada's order is cancelled because of "Customer timedout"
      And Ada is told that her order timed out because of "Customer timedout"
      And the café is done with Ada's order

    Scenario: It is too late to choose
      Given Ada has waited too long before choosing
      When Ada tries to order a Cappuccino
      Then Ada is refused
      And Ada's order stays as it was

    Scenario: A pass that is late is refused
      Given Ada has waited too long before choosing
      When somebody tries to use the first pass of Ada's order
      Then the pass is refused
      And Ada's order stays as it was

  Rule: An order that no barista completes in time is cancelled

    @critical
    Scenario: The order is cancelled, with the reason
      Given Ada has ordered a Cappuccino
      When no barista completes Ada's order in time
      Then Ada's order is cancelled because of "Barista timedout"
      And Ada is told that her order timed out because of "Barista timedout"
      And the café is done with Ada's order

    Scenario: It is too late to complete
      Given Ada's order has waited too long for a barista
      When Ben tries to complete Ada's order
      Then Ben is refused
      And Ada's order stays as it was

    Scenario: A pass that is late is refused
      Given Ada's order has waited too long for a barista
      When somebody tries to use the second pass of Ada's order
      Then the pass is refused
      And Ada's order stays as it was
