Feature: Passes
  A waiting order goes on by a pass. A pass works once, and only as long as its order waits.

  Rule: A pass works once

    Scenario: The pass of a submitted order is used up
      Given Ada has ordered a drink
      When somebody tries to use the first pass of Ada's order
      Then the pass is refused
      And Ada's order stays as it was
      And Ada's order is still being served

    Scenario: The pass of a completed order is used up
      Given Ben has completed Ada's order
      When somebody tries to use the second pass of Ada's order
      Then the pass is refused
      And Ada's order stays as it was

    Scenario: The pass of a cancelled order is used up
      Given Ada has cancelled her order
      When somebody tries to use the second pass of Ada's order
      Then the pass is refused
      And Ada's order stays as it was

  Rule: Each wait has a pass of its own

    Scenario: The second pass is a new one
      Given Ada has scanned the code
      When Ada orders a drink
      Then the two passes of Ada's order differ

  @house_rule
  Rule: An order whose pass somebody else has used is not stuck

    Scenario: Its barista is not told that all is well
      Given Ada has ordered a drink
      And somebody has used the second pass of Ada's order
      When Ben tries to complete Ada's order
      Then Ben is refused

    Scenario: Its customer can still cancel it
      Given Ada has ordered a drink
      And somebody has used the second pass of Ada's order
      When Ada cancels her order
      Then Ada is not refused
      And Ada's order is cancelled
      And Ada is told that her order is cancelled
