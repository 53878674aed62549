@online @critical
Feature: Interrupted online orders
  Any service that an order needs may be unavailable for a moment. The order continues where it was:
  completed steps are not repeated.

  Rule: A failed step is retried, and no other step

    @rehearsal @blocker
    Scenario: A confirmation that fails once is retried
      Given Gus has placed an online order whose confirmation fails at first
      When Gus's online order completes
      Then a step of Gus's online order has been retried
      And each step of Gus's online order has succeeded once
      And Gus has a receipt for an order that was validated, paid with 99.99 and confirmed

    @rehearsal @payments @blocker
    Scenario: A retried confirmation charges nothing again
      Given Gus has placed an online order whose confirmation fails at first
      When Gus's online order completes
      Then Gus is charged 99.99 once
      And Gus's online order is stored with an amount of exactly 99.99
      And Gus's online order is stored with the times of its creation and completion

    @rehearsal @blocker
    Scenario: Storing that fails once is retried
      Given Kai has placed an online order whose storing fails at first
      When Kai's online order completes
      Then a step of Kai's online order has been retried
      And each step of Kai's online order has succeeded once
      And Kai's online order is stored as completed, with the outcome of each step
      And Kai has a receipt for an order that was validated, paid with 99.99 and confirmed

  Rule: An order that cannot be stored is not reported as completed

    @rehearsal @blocker
    Scenario: An order whose storing always fails has no receipt
      Given Tess has placed an online order whose storing always fails
      When Tess's online order ends
      Then Tess's online order fails
      And Tess's online order is not stored
