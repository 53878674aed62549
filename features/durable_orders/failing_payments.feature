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

    @rehearsal @payments @house_rule
    Scenario: The payment fails three times
      Given Lea has placed an online order whose payment fails three times
      When Lea's online order goes through
      Then Lea was charged 99.99, once
      And Lea has a receipt for an order that was validated, paid with 99.99 and confirmed
      And Lea's online order is stored with the times of its creation and its completion

  Rule: An order that cannot be paid costs nothing

    @rehearsal @payments
    Scenario: The payment fails whenever it is tried
      Given Max has placed an online order whose payment fails whenever it is tried
      Then Max's online order fails
      And Max was charged nothing
      And Max's online order is not stored

  @house_rule @embedded
  Rule: Only a shop that is there for trying things out lets a step fail on demand

    @payments
    Scenario: A shop as it is delivered
      Given a shop that was set up as it is delivered
      When Sam tries to place an online order whose payment fails at first
      Then Sam's online order fails
      And Sam was charged nothing
      And Sam's online order is not stored

  Rule: A payment is written down as a whole, or not at all

    @embedded @payments @blocker
    Scenario: The books fail while the payment is taken
      Given Paul has placed an online order, and the books took the first entry about it only
      When Paul's online order goes through
      Then Paul was charged 99.99, once
      And Paul's online order is stored as completed, with what was done for it

    @embedded @payments @blocker
    Scenario: The books take nothing at first
      Given Rosa has placed an online order, and the books did not take the first entry about it
      When Rosa's online order goes through
      Then Rosa was charged 99.99, once
      And Rosa's online order is stored as completed, with what was done for it

  Rule: The shop names the price

    @payments @blocker
    Scenario: A price that the customer names does not count
      Given Otto has placed an online order that names a price of its own
      When Otto's online order goes through
      Then Otto was charged 99.99, once
      And Otto has a receipt for an order that was validated, paid with 99.99 and confirmed
      And Otto's online order is stored with an amount of exactly 99.99

  @house_rule
  Rule: What an order brings along besides is not kept

    @payments @blocker
    Scenario: A card number that comes with the order
      Given Vera has placed an online order that brings her card number along
      When Vera's online order goes through
      Then Vera's card number is kept nowhere
      And Vera has a receipt for an order that was validated, paid with 99.99 and confirmed
