@online @critical
Feature: Online orders that are submitted twice
  A customer who is not sure whether an order has arrived submits it again. That must not cost anything.

  Rule: An order is charged and stored once, however often it is submitted

    Background:
      Given Hana has placed an online order, and submitted it twice at the same moment

    @blocker @payments
    Scenario: An order submitted twice is charged once
      When Hana's online order completes
      Then Hana is charged 99.99 once

    @blocker
    Scenario: An order submitted twice is stored once
      When Hana's online order completes
      Then Hana's online order is stored once, by the first submission that completed

    Scenario: An order submitted twice still awaits confirmation
      When Hana's online order completes
      Then Hana's online order is stored with the times of its creation and completion

  Rule: A completed order is not processed again

    Background:
      Given Jon has placed an online order, and submitted it again after it had completed

    @blocker @payments
    Scenario: A completed order is not charged again
      When Jon's online order completes
      Then Jon is charged 99.99 once

    @blocker
    Scenario: All receipts of an order match what is stored
      When Jon's online order completes
      Then Jon's online order is stored once, by the first submission that completed
      And each of Jon's receipts matches what is stored, with 99.99 paid

    @house_rule
    Scenario: Each submission gets a receipt
      When Jon's online order completes
      Then Jon has a receipt for each submission
      And all of Jon's receipts say the same

  Rule: Orders are distinguished by their complete ids

    @blocker @payments
    Scenario: Orders with nearly identical ids are kept apart
      Given Nora has placed online orders with nearly identical ids
      When all online orders complete
      Then each of them is charged 99.99 once, and stored with its own receipt

    @house_rule @payments
    Scenario: Each order's charge has its own reference
      Given Nora has placed online orders with nearly identical ids
      When all online orders complete
      Then no two of their charges have the same reference

    @house_rule @payments
    Scenario: Orders whose ids look the same are kept apart
      Given Uma has placed online orders whose ids look the same
      When all online orders complete
      Then each of them is charged 99.99 once, and stored with its own receipt
