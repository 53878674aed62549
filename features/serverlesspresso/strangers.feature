@critical @house_rule
Feature: Messages of others
  Other systems may use the café's bus too. What only the café itself can know, nobody else can say.

  Rule: What somebody else says on the café's bus changes nothing

    Background:
      Given the shop is in full swing
      And Ada has scanned the code
      And Eve has scanned the code

    Scenario: Somebody else's scan opens no order
      When somebody else says that a customer has scanned the code
      And Dev scans the code
      Then Dev's order waits for its drink
      And no order has appeared

    Scenario: Somebody else's message that an order was opened
      When somebody else says that a second order was opened, with Ada's pass
      And Dev scans the code
      Then Dev's order waits for its drink
      And no order has appeared
      And Ada's order stays as it was

    Scenario: Somebody else's message that an order has got its number
      When somebody else says that Ada's order has the number 99
      And Eve orders a drink
      Then Eve's order waits for a barista
      And Ada's order stays as it was
