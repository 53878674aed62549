@online @critical
Feature: Online orders that are submitted twice
  Whoever is not sure whether an order got there submits it again. That must not cost anything.

  Rule: An order is charged and stored once, however often it is submitted

    Background:
      Given Hana has placed an online order, and submitted it once more

    @blocker @payments
    Scenario: It is charged once
      When Hana's online order goes through
      Then Hana was charged 99.99, once

    @blocker
    Scenario: It is stored once
      When Hana's online order goes through
      Then Hana's online order is stored by the first submission that went through, and not anew
