@online @critical
Feature: Interrupted online orders
  Whatever an order needs may be out of service for a moment. The order goes on where it was:
  what was done stays done, and is not done again.

  Rule: A step that fails at first is tried again, and nothing else is

    @rehearsal @blocker
    Scenario: The confirmation fails at first
      Given Gus has placed an online order whose confirmation fails at first
      When Gus's online order goes through
      Then a step of Gus's online order was tried again
      And everything was done once for Gus's online order
      And Gus has a receipt for an order that was validated, paid with 99.99 and confirmed

    @rehearsal @payments @blocker
    Scenario: The confirmation fails at first, and nothing is charged again
      Given Gus has placed an online order whose confirmation fails at first
      When Gus's online order goes through
      Then Gus was charged 99.99, once
      And Gus's online order is stored with an amount of exactly 99.99
      And Gus's online order is stored with the times of its creation and its completion

    @rehearsal @blocker
    Scenario: The storing fails at first
      Given Kai has placed an online order whose storing fails at first
      When Kai's online order goes through
      Then a step of Kai's online order was tried again
      And everything was done once for Kai's online order
      And Kai's online order is stored as completed, with what was done for it
      And Kai has a receipt for an order that was validated, paid with 99.99 and confirmed
