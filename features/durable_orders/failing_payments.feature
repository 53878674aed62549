@online @critical
Feature: Payments that fail at first
  The payment service may be out for a moment. The order is paid after all, and only once.

  Rule: A payment that fails is tried again until it is taken

    @rehearsal @payments
    Scenario: The payment fails at first
      When Ida places an online order whose payment fails at first
      Then Ida's online order waits for its confirmation
      And a step of Ida's online order was tried again
      And everything was done once for Ida's online order
      And Ida was charged 99.99, once
