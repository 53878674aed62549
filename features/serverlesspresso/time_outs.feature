@slow
Feature: Time-outs
  No order keeps its place in the shop for ever: neither a customer who does not choose,
  nor an order that no barista finds the time to make.

  Rule: A customer who does not choose in time loses the order

    Background:
      Given a shop with a short time limit for customers

    @critical
    Scenario: An order without a drink times out
      When Ada scans the code and does not choose in time
      Then Ada's order is cancelled
      And Ada is notified that her order timed out
      And the café is done with Ada's order

    @house_rule
    Scenario: An order without a drink times out with a reason
      When Ada scans the code and does not choose in time
      Then Ada's order is cancelled because of "Customer timedout"
      And Ada is notified that her order timed out because of "Customer timedout"
      And Ada's order has ended without an error

    Scenario: A customer cannot choose after the time limit
      Given Ada has not chosen in time
      When Ada tries to order a drink
      Then Ada's order stays as it was

    Scenario: The confirmation code of an order without a drink expires with it
      Given Ada has not chosen in time
      When someone tries to use the first confirmation code of Ada's order
      Then the confirmation code is refused
      And Ada's order stays as it was

  Rule: An order that no barista completes in time is cancelled

    Background:
      Given a shop with a short time limit for baristas

    @critical
    Scenario: An order that no barista makes times out
      When Ada orders a drink that no barista makes in time
      Then Ada's order is cancelled
      And Ada is notified that her order timed out
      And the café is done with Ada's order

    @house_rule
    Scenario: A claimed order that is not completed times out
      When Ada orders a drink that Ben claims and does not make in time
      Then Ada's order is cancelled
      And Ada is notified that her order timed out
      And the café is done with Ada's order

    @house_rule
    Scenario: An order that no barista makes times out with a reason
      When Ada orders a drink that no barista makes in time
      Then Ada's order is cancelled because of "Barista timedout"
      And Ada is notified that her order timed out because of "Barista timedout"
      And Ada's order has ended without an error

    @house_rule @embedded
    Scenario: A drink completed at the last moment is not cancelled
      Given Ada has ordered a drink
      When Ben completes Ada's order just as its time runs out
      Then Ada's order is completed
      And Ada is notified of no other outcome

    Scenario: A barista cannot complete after the time limit
      Given no barista has made Ada's drink in time
      When Ben tries to complete Ada's order
      Then Ada's order stays as it was

    Scenario: The confirmation code of an order that no barista made expires with it
      Given no barista has made Ada's drink in time
      When someone tries to use the second confirmation code of Ada's order
      Then the confirmation code is refused
      And Ada's order stays as it was
