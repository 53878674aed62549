@critical @house_rule
Feature: Simultaneous actions
  Two people may act on one order at the same moment, before either can see what the other did. Only one succeeds.

  Rule: An order ends once

    Scenario Outline: Only one of <what> at the same moment counts
      Given Ben has claimed Ada's order
      When <both> Ada's order at the same moment
      Then one of the two is accepted and the other refused
      And Ada's order ends as the accepted one asked for, and she is notified of no other outcome

      Examples:
        | what                            | both                          |
        | two completions                 | Ben and Cleo complete         |
        | two cancellations               | Ben and Cleo cancel           |
        | a cancellation and a completion | Ada cancels and Ben completes |
        | a completion and a cancellation | Ben completes and Ada cancels |

  Rule: The later of two actions changes nothing

    Scenario: An order returned twice at the same moment is returned once
      Given Ben has claimed Ada's order
      When Ben gives Ada's order back twice at the same moment
      Then one of the two is accepted and the other refused
      And nobody is making Ada's order

    @embedded
    Scenario Outline: An order cancelled just before it is <done> is not <done>
      Given <what has happened>
      When Ben cancels Ada's order just before <who> can <do> it
      Then <who> is refused
      And Ada's order is cancelled, and nothing else about it has changed

      Examples:
        | done      | what has happened        | who  | do     |
        | claimed   | Ada has ordered a drink  | Cleo | claim  |
        | submitted | Ada has scanned the code | Ada  | submit |
