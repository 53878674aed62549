@critical @house_rule
Feature: At the same moment
  Two people may act on one order at the same moment, each before the other's act can be seen. Only one has their way.

  Rule: An order ends once

    Scenario Outline: Of <what> at the same moment one counts
      Given Ben has claimed Ada's order
      When <both> Ada's order at the same moment
      Then one of the two is accepted and the other refused
      And Ada's order ends as the one wanted who was accepted, and she is told of no other end

      Examples:
        | what                             | both                           |
        | two completions                  | Ben and Cleo complete          |
        | two cancellations                | Ben and Cleo cancel            |
        | a cancellation and a completion  | Ada cancels and Ben completes  |
        | a completion and a cancellation  | Ben completes and Ada cancels  |

  Rule: Whoever comes too late changes nothing

    Scenario: An order that is given back twice at the same moment is given back once
      Given Ben has claimed Ada's order
      When Ben gives Ada's order back twice at the same moment
      Then one of the two is accepted and the other refused
      And nobody is making Ada's order

    @embedded
    Scenario Outline: An order that is cancelled before it is <done> is not <done>
      Given <what has happened>
      When Ben cancels Ada's order while <who> is about to <do> it
      Then <who> is refused
      And Ada's order is cancelled, and nothing else of it has changed

      Examples:
        | done      | what has happened        | who  | do     |
        | claimed   | Ada has ordered a drink  | Cleo | claim  |
        | submitted | Ada has scanned the code | Ada  | submit |
