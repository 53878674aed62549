@online @critical
Feature: Online orders that are submitted twice
  Whoever is not sure whether an order got there submits it again. That must not cost anything.

  Rule: An order is charged and stored once, however often it is submitted

    Background:
      Given Hana has placed an online order, and submitted it twice at the same moment

    @blocker @payments
    Scenario: It is charged once
      When Hana's online order goes through
      Then Hana was charged 99.99, once

    @blocker
    Scenario: It is stored once
      When Hana's online order goes through
      Then Hana's online order is stored by the first submission that went through, and not anew

    Scenario: It waits for its confirmation all the same
      When Hana's online order goes through
      Then Hana's online order is stored with the times of its creation and its completion

  Rule: An order that has gone through is not processed anew

    Background:
      Given Jon has placed an online order, and submitted it once more after it had gone through

    @blocker @payments
    Scenario: It is not charged again
      When Jon's online order goes through
      Then Jon was charged 99.99, once

    @blocker
    Scenario: Its receipts agree with what is stored
      When Jon's online order goes through
      Then Jon's online order is stored by the first submission that went through, and not anew
      And each of Jon's receipts tells what is stored, with 99.99 paid

    @house_rule
    Scenario: Whoever submits an order again gets its receipt
      When Jon's online order goes through
      Then Jon has a receipt for each submission

  Rule: Orders are told apart by the whole of their ids

    @blocker @payments
    Scenario: Ids that are nearly the same
      Given Nora has placed online orders whose ids are nearly the same
      When all online orders go through
      Then each of them was charged 99.99, once, and is stored with a receipt of its own

    @house_rule @payments
    Scenario: Ids that look the same
      Given Uma has placed online orders whose ids look the same
      When all online orders go through
      Then each of them was charged 99.99, once, and is stored with a receipt of its own
