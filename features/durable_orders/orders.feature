@online @critical
Feature: Online orders
  An online order is validated, paid, confirmed from outside and stored, one after the other.
  It may have to wait, but it completes without anyone's help.

  Background:
    Given Finn has placed an online order

  Rule: A valid order completes

    @core @smoke @blocker
    Scenario: An order completes its steps in turn
      When Finn's online order completes
      Then Finn's online order was validated, paid, held, confirmed and stored, in this order

    @blocker
    Scenario: The customer gets a receipt
      When Finn's online order completes
      Then Finn has a receipt for an order that was validated, paid with 99.99 and confirmed
      And Finn's receipt states where the order is stored

    @blocker @payments
    Scenario: An order is charged once
      When Finn's online order completes
      Then Finn is charged 99.99 once

  Rule: An order completes within 5 seconds of its confirmation period

    @service_level @judged_apart
    Scenario: An order completes in time
      When Finn's online order completes
      Then Finn's online order takes at least its confirmation period
      And Finn's online order completes within 5 seconds of its confirmation period

    Scenario: No step is repeated after the wait
      When Finn's online order completes
      Then each step of Finn's online order has succeeded once

    @minor
    Scenario: An order that hangs times out, and its history is kept
      Then an online order times out after 300 seconds, and its history is kept for 5 days

  Rule: A completed order is kept for 30 days

    @blocker
    Scenario: A completed order is stored with its details
      When Finn's online order completes
      Then Finn's online order is stored as completed, with the outcome of each step
      And Finn's online order is stored with an amount of exactly 99.99
      And Finn's online order is stored with the times of its creation and completion

    Scenario: A completed order expires after 30 days
      When Finn's online order completes
      Then Finn's online order expires 30 days later
