@house_rule
Feature: Refusals
  People who are refused learn why, so that they know what to do next. A refused attempt leaves no trace.

  Rule: A refusal says why

    Scenario Outline: <what> is refused with a reason
      Given Ada has scanned the code
      When Ada tries to order <order>
      Then Ada is refused with "InvalidOrder: The drink or one of its modifiers is not on the menu."

      Examples:
        | what                       | order                                  |
        | A drink off the menu       | a Milkshake                            |
        | A list in place of a choice | a drink with a list in place of a choice |

    Scenario Outline: An order that is over cannot be <done>
      Given Ben has completed Ada's order
      When <who> tries to <do>
      Then <who> is refused with "OrderRefusesAction: The order is not in a state that allows this, or it belongs to somebody else."
      And Ada's order is exactly as it was

      Examples:
        | who | do                    | done                   |
        | Ada | order another drink   | ordered again          |
        | Ben | claim Ada's order     | claimed                |
        | Ben | give Ada's order back | given back             |
        | Ben | complete Ada's order  | completed              |
        | Ada | cancel her order      | cancelled              |
        | Ben | cancel Ada's order    | cancelled by a barista |

    Scenario Outline: An order that does not exist cannot be <done>
      When <who> tries to <do> an order that does not exist
      Then <who> is refused with "NoSuchOrder: There is no order with this id."

      Examples:
        | who | do               | done       |
        | Ada | order a drink on | submitted  |
        | Ben | claim            | claimed    |
        | Ben | give back        | given back |
        | Ben | complete         | completed  |
        | Ada | cancel           | cancelled  |

    Scenario: A claim with an empty name is refused with a reason
      Given Ada has ordered a Cappuccino
      When someone tries to claim Ada's order with an empty name
      Then the attempt is refused with "InvalidAction: An order can be submitted, claimed (make) or unclaimed (unmake) by a named barista, completed, or cancelled by its customer or a named barista."

    Scenario: A completion after the confirmation code was used is refused with a reason
      Given Ada has ordered a Cappuccino
      And someone has used the second confirmation code of Ada's order
      When Ben tries to complete Ada's order
      Then Ben is refused with "OrderWaitsNoLonger: The order's workflow has ended in the meantime."

    Scenario: A scan without an order is refused with a reason
      When someone scans a code with no order
      Then the scan is refused with "InvalidScan: A scan names an order and a customer, each with a text of 1 to 64 characters."

  Rule: A refused attempt is reported and leaves no trace

    Scenario Outline: <attempt> is reported as refused
      Given <what has happened>
      When <who> tries to <do>
      Then <who> is refused
      And Ada's order is exactly as it was

      Examples:
        | attempt                               | what has happened           | who | do                                                  |
        | A drink that is not on the menu       | Ada has scanned the code    | Ada | order a drink that is not on the menu               |
        | A choice that is not on the menu      | Ada has scanned the code    | Ada | order a drink with a choice that is not on the menu |
        | A drink without a name                | Ada has scanned the code    | Ada | order a drink without a name                        |
        | An order that names nothing           | Ada has scanned the code    | Ada | order nothing                                       |
        | Choosing for another customer         | Ada has scanned the code    | Eve | order a drink on Ada's order                        |
        | Submitting twice                      | Ada has ordered a drink     | Ada | order the same drink again                          |
        | Exchanging a drink                    | Ada has ordered a drink     | Ada | order another drink                                 |
        | Ordering on a cancelled order         | Ada has cancelled her order | Ada | order another drink                                 |
        | Claiming before the drink is chosen   | Ada has scanned the code    | Ben | claim Ada's order                                   |
        | Claiming a cancelled order            | Ada has cancelled her order | Ben | claim Ada's order                                   |
        | Completing before the drink is chosen | Ada has scanned the code    | Ben | complete Ada's order                                |
        | Completing a cancelled order          | Ada has cancelled her order | Ben | complete Ada's order                                |
        | Cancelling twice                      | Ada has cancelled her order | Ben | cancel Ada's order                                  |

  Rule: A successful action is not reported as refused

    Scenario Outline: <action> is reported as done
      Given <what has happened>
      When <who> <does>
      Then <who> is not refused

      Examples:
        | action                     | what has happened           | who | does                   |
        | Choosing a drink           | Ada has scanned the code    | Ada | orders a drink         |
        | Claiming an order          | Ada has ordered a drink     | Ben | claims Ada's order     |
        | Giving an order back       | Ben has claimed Ada's order | Ben | gives Ada's order back |
        | Completing an order        | Ben has claimed Ada's order | Ben | completes Ada's order  |
        | Cancelling one's own order | Ada has ordered a drink     | Ada | cancels her order      |
        | A barista's cancellation   | Ben has claimed Ada's order | Ben | cancels Ada's order    |
