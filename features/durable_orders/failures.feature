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
      And Tess has paid 0.00 in the end
      And Tess's online order is not stored

    @rehearsal @payments @embedded @blocker
    Scenario: A refund that fails four times is made all the same
      Given Ute has placed an online order that can neither be stored nor, four times, be refunded
      When Ute's online order ends
      Then Ute's online order fails
      And Ute has paid 0.00 in the end

  Rule: An order that completes is paid for, whatever has failed before or fails later

    @rehearsal @payments @blocker
    Scenario: An order that is submitted again after its refund is paid for
      Given Nele has placed an online order that could not be stored, and submitted it again after its refund
      When Nele's online order completes
      Then Nele has paid 99.99 in the end
      And Nele's online order is stored as completed, with the outcome of each step

    @rehearsal @payments @blocker
    Scenario: A completed order is not refunded when another submission of it fails
      Given Ole has placed an online order, and submitted it again, which failed, after it had completed
      When Ole's online order completes
      Then Ole has paid 99.99 in the end
      And Ole's online order is stored as completed, with the outcome of each step

    @rehearsal @payments @embedded @blocker
    Scenario: An order that was refunded before it is stored is not given away
      Given Iris has submitted her online order twice, and it was refunded before it was stored
      When Iris's online order ends
      Then Iris has paid for her online order if it is stored, and nothing otherwise

  Rule: A failed order states what failed

    @rehearsal
    Scenario Outline: An order whose <step> always fails states that
      Given <customer> has placed an online order whose <step> always fails
      When <customer>'s online order ends
      Then <customer>'s online order fails because of its <step>

      Examples:
        | customer | step    |
        | Max      | payment |
        | Tess     | storing |

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
      And dead letters are kept for at least 4 days

    @embedded
    Scenario: An alarm tells the operator about dead letters
      When an operator looks at the alarms of the online shop
      Then an alarm goes off as soon as an order is among the dead letters
