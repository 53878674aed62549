@house_rule
Feature: Refusals
  Whoever is refused is told why, so that they know what to do next.

  Rule: A refusal says why

    Scenario: A drink off the menu
      Given Ada has scanned the code
      When Ada tries to order a Milkshake
      Then Ada is refused, in the words "InvalidOrder: The drink or one of its modifiers is not on the menu."

    Scenario Outline: An order that is over cannot be <done>
      Given Ben has completed Ada's order
      When <who> tries to <do>
      Then <who> is refused, in the words "OrderRefusesAction: The order is not in a state that allows this, or it belongs to somebody else."

      Examples:
        | who | do                    | done          |
        | Ada | order a Latte again   | ordered again |
        | Ben | claim Ada's order     | claimed       |
        | Ben | give Ada's order back | given back    |
        | Ben | complete Ada's order  | completed     |
        | Ada | cancel her order      | cancelled     |

    Scenario Outline: An order that does not exist cannot be <done>
      When <who> tries to <do> an order that does not exist
      Then <who> is refused, in the words "NoSuchOrder: There is no order with this id."

      Examples:
        | who | do                    | done       |
        | Ada | order a Cappuccino on | submitted  |
        | Ben | claim                 | claimed    |
        | Ben | give back             | given back |
        | Ben | complete              | completed  |
        | Ada | cancel                | cancelled  |

    Scenario: An action that there is not
      Given Ada has ordered a Cappuccino
      When somebody tries to claim Ada's order without saying who they are
      Then the attempt is refused, in the words "InvalidAction: An order can be submitted, claimed (make) or unclaimed (unmake) by a named barista, completed, or cancelled."

    Scenario: An order whose pass somebody else has used
      Given Ada has ordered a Cappuccino
      And somebody has used the second pass of Ada's order
      When Ben tries to complete Ada's order
      Then Ben is refused, in the words "OrderWaitsNoLonger: The order's workflow has ended in the meantime."

    Scenario: A scan that is none
      When somebody scans a code with no order
      Then the scan is refused, in the words "InvalidScan: A scan names an order and a customer, each with a text of 1 to 64 characters."
