@online @critical
Feature: Failing payments
  The payment service may be unavailable for a moment. The order is still paid, and only once.

  Rule: A failed payment is retried

    @rehearsal @payments
    Scenario: A payment that fails once is retried
      When Ida places an online order whose payment fails at first
      Then Ida's online order awaits confirmation
      And a step of Ida's online order has been retried
      And each step of Ida's online order has succeeded once
      And Ida is charged 99.99 once

    @rehearsal @payments @house_rule
    Scenario: A payment that fails three times is retried
      Given Lea has placed an online order whose payment fails three times
      When Lea's online order completes
      Then Lea is charged 99.99 once
      And Lea has a receipt for an order that was validated, paid with 99.99 and confirmed
      And Lea's online order is stored with the times of its creation and completion

  Rule: An order that cannot be paid costs nothing

    @rehearsal @payments
    Scenario: An order whose payment always fails costs nothing
      Given Max has placed an online order whose payment always fails
      When Max's online order ends
      Then Max's online order fails
      And Max is charged nothing
      And Max's online order is not stored

  @house_rule @embedded
  Rule: Only a trial shop accepts injected failures

    @payments
    Scenario: A shop with the default settings accepts no injected failure
      Given a shop with the default settings
      When Sam tries to place an online order whose payment fails at first
      Then Sam's online order fails
      And Sam is charged nothing
      And Sam's online order is not stored

  Rule: A payment is recorded completely or not at all

    @embedded @payments @blocker
    Scenario: An interrupted payment is charged once
      Given Paul has placed an online order, and only its first record could be written
      When Paul's online order completes
      Then Paul is charged 99.99 once
      And Paul's online order is stored as completed, with the outcome of each step

    @embedded @payments @blocker
    Scenario: A payment whose first record cannot be written is charged once
      Given Rosa has placed an online order, and its first record could not be written at first
      When Rosa's online order completes
      Then Rosa is charged 99.99 once
      And Rosa's online order is stored as completed, with the outcome of each step

  Rule: The shop names the price

    @payments @blocker
    Scenario: A price stated by the customer is ignored
      Given Otto has placed an online order that states its own price
      When Otto's online order completes
      Then Otto is charged 99.99 once
      And Otto has a receipt for an order that was validated, paid with 99.99 and confirmed
      And Otto's online order is stored with an amount of exactly 99.99

  @house_rule
  Rule: Only an order's own details are stored, logged or given as a reason

    @payments @blocker
    Scenario: A card number in an order is not stored
      Given Vera has placed an online order that contains her card number
      When Vera's online order completes
      Then Vera's card number is stored nowhere
      And Vera has a receipt for an order that was validated, paid with 99.99 and confirmed

    @embedded @blocker
    Scenario: A card number in an order is not logged
      Given Vera has placed an online order that contains her card number
      When Vera's online order completes
      Then Vera's card number is not logged

    @blocker
    Scenario: A card number in an order that is rejected is not in the reason
      When Vera tries to place an online order that contains her card number, without an id
      Then Vera's online order fails because its id is missing
      And the reason does not contain Vera's card number
