@slow
Feature: Time-outs
  Nobody can keep a place in the shop for ever: neither a customer who does not choose,
  nor an order that no barista finds the time to make.

  Rule: A customer who does not choose in time loses the order

    Background:
      Given a shop that does not wait long for customers

    @critical
    Scenario: An order without a drink is cancelled in the end
      When Ada scans the code and does not choose in time
      Then Ada's order is cancelled
      And Ada is told that her order timed out
      And the café is done with Ada's order

    @house_rule
    Scenario: An order without a drink is cancelled, with the reason
      When Ada scans the code and does not choose in time
      Then Ada's order is cancelled because of "Customer timedout"
      And Ada is told that her order timed out because of "Customer timedout"
      And nothing has gone wrong with Ada's order

    Scenario: It is too late to choose
      Given Ada has waited too long before choosing
      When Ada tries to order a drink
      Then Ada's order stays as it was

    Scenario: The pass of an order that was not chosen in time is refused
      Given Ada has waited too long before choosing
      When somebody tries to use the first pass of Ada's order
      Then the pass is refused
      And Ada's order stays as it was

  Rule: An order that no barista completes in time is cancelled

    Background:
      Given a shop that does not wait long for baristas

    @critical
    Scenario: An order that nobody makes is cancelled in the end
      When Ada orders a drink that no barista makes in time
      Then Ada's order is cancelled
      And Ada is told that her order timed out
      And the café is done with Ada's order

    @house_rule
    Scenario: An order in the making that is not completed is cancelled in the end
      When Ada orders a drink that Ben claims and does not make in time
      Then Ada's order is cancelled
      And Ada is told that her order timed out
      And the café is done with Ada's order

    @house_rule
    Scenario: An order that nobody makes is cancelled, with the reason
      When Ada orders a drink that no barista makes in time
      Then Ada's order is cancelled because of "Barista timedout"
      And Ada is told that her order timed out because of "Barista timedout"
      And nothing has gone wrong with Ada's order

    @house_rule @embedded
    Scenario: A drink that is completed in the last moment is not cancelled
      Given Ada has ordered a drink
      When Ben completes Ada's order while the café is about to give it up
      Then Ada's order is completed
      And Ada is told of no other end of her order

    Scenario: It is too late to complete
      Given Ada's drink has waited too long for a barista
      When Ben tries to complete Ada's order
      Then Ada's order stays as it was

    Scenario: The pass of an order that was not made in time is refused
      Given Ada's drink has waited too long for a barista
      When somebody tries to use the second pass of Ada's order
      Then the pass is refused
      And Ada's order stays as it was
