@online @critical
Feature: Online orders
  An online order is validated, paid, confirmed from outside and stored, one after the other.
  It may have to wait, but it gets through, and nobody has to look after it.

  Background:
    Given Finn has placed an online order

  Rule: An order that can be taken goes through

    @core @smoke @blocker
    Scenario: Everything is done, one after the other
      When Finn's online order goes through
      Then Finn's online order was validated, paid, held for its confirmation, confirmed and stored, in this order

    @blocker
    Scenario: The customer gets a receipt
      When Finn's online order goes through
      Then Finn has a receipt for an order that was validated, paid with 99.99 and confirmed
      And Finn's receipt says where the order is stored

    @blocker @payments
    Scenario: The price is charged once
      When Finn's online order goes through
      Then Finn was charged 99.99, once

  Rule: An order waits for its confirmation, and hardly longer

    @service_level @judged_apart
    Scenario: An order goes through in time
      When Finn's online order goes through
      Then Finn's online order has taken no less than its wait for the confirmation
      And Finn's online order has taken at most 5 seconds longer

    Scenario: Nothing is done again after the wait
      When Finn's online order goes through
      Then everything was done once for Finn's online order

    @minor
    Scenario: An order that hangs is given up, and remembered for a while
      Then an online order is given up after 300 seconds, and remembered for 5 days

  Rule: An order that has gone through is kept for 30 days

    @blocker
    Scenario: All that matters is stored
      When Finn's online order goes through
      Then Finn's online order is stored as completed, with what was done for it
      And Finn's online order is stored with an amount of exactly 99.99
      And Finn's online order is stored with the times of its creation and its completion

    Scenario: After 30 days it is forgotten
      When Finn's online order goes through
      Then Finn's online order is forgotten 30 days later
