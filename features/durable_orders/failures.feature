@online @chaos @critical @house_rule
Feature: Failing parts of the online shop
  Any part of the online shop may fail for a moment, and an order may be stopped. No order is lost by that, and nobody
  pays for an order that fails.

  @embedded
  Rule: An order survives a function that fails for a moment

    Scenario: An order survives a function that fails twice after the confirmation period
      Given Alma has placed an online order whose function fails twice after its confirmation period
      When Alma's online order completes
      Then each step of Alma's online order has succeeded once
      And Alma has a receipt for an order that was validated, paid with 99.99 and confirmed

    @payments @blocker
    Scenario: A payment is charged once although the function fails right after it
      Given Bela has placed an online order whose function fails as soon as it is paid
      When Bela's online order completes
      Then Bela is charged 99.99 once
      And Bela's online order is stored as completed, with the outcome of each step

  @embedded
  Rule: An order completes within 10 seconds of its confirmation period although the tables are throttled for 3 seconds

    @payments @service_level @judged_apart
    Scenario: A payment survives throttled tables
      Given Cora has placed an online order, and the tables were throttled for 3 seconds when it was paid
      When Cora's online order completes
      Then Cora's online order completes within 10 seconds of its confirmation period, after the failure
      And Cora is charged 99.99 once

    @service_level @judged_apart
    Scenario: Storing survives throttled tables
      Given Dirk has placed an online order, and the tables are throttled for 3 seconds when it is stored
      When Dirk's online order completes
      Then Dirk's online order completes within 10 seconds of its confirmation period, after the failure
      And Dirk's online order is stored as completed, with the outcome of each step

  Rule: Nobody pays for an order that fails

    @rehearsal @payments @blocker
    Scenario: An order that cannot be stored is refunded
      Given Tess has placed an online order whose storing always fails
      When Tess's online order ends
      Then Tess's online order fails
      And Tess has paid nothing in the end
      And Tess's online order is not stored

  Rule: A stopped order can be submitted again, at no further cost

    @payments @blocker
    Scenario: An order that is submitted again after it was stopped is charged once
      Given Fay has submitted her online order again after an operator had stopped it
      When Fay's online order completes
      Then Fay is charged 99.99 once
      And Fay's online order is stored as completed, with the outcome of each step

    @embedded
    Scenario: A stopped order is kept among the dead letters
      Given Ida's online order awaits confirmation
      When an operator stops Ida's online order
      Then Ida's online order is kept among the dead letters
