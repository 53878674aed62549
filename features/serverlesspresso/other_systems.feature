@critical @house_rule
Feature: Messages from other systems
  Other systems may use the café's bus too. They cannot speak for the café.

  Rule: Messages from other systems change nothing

    Background:
      Given the shop is warmed up
      And Ada has scanned the code
      And Eve has scanned the code

    Scenario: A scan from another system opens no order
      Given another system has sent a customer's scan
      When Dev scans the code
      Then Dev's order waits for its drink
      And no new order exists

    Scenario: A report of the scanner that is no scan opens no order
      Given the shop's scanner has reported something other than a scan
      When Dev scans the code
      Then Dev's order waits for its drink
      And no new order exists

    Scenario: Another system's report of a new order is ignored
      Given another system has reported a second order with Ada's confirmation code
      When Dev scans the code
      Then Dev's order waits for its drink
      And no new order exists
      And Ada's order stays as it was

    Scenario: Another system's report of an order number is ignored
      Given another system has reported the number 99 for Ada's order
      When Eve orders a drink
      Then Eve's order waits for a barista
      And Ada's order stays as it was
