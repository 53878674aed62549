Feature: Confirmation codes
  A waiting order continues when its confirmation code is used. A code works once, and only while its order waits.

  Rule: A confirmation code works once

    Scenario: The confirmation code of a submitted order is used up
      Given Ada has ordered a drink
      When someone tries to use the first confirmation code of Ada's order
      Then the confirmation code is refused
      And Ada's order stays as it was
      And Ada's order is still being served

    Scenario: The confirmation code of a completed order is used up
      Given Ben has completed Ada's order
      When someone tries to use the second confirmation code of Ada's order
      Then the confirmation code is refused
      And Ada's order stays as it was

    Scenario: The confirmation code of a cancelled order is used up
      Given Ada has cancelled her order
      When someone tries to use the second confirmation code of Ada's order
      Then the confirmation code is refused
      And Ada's order stays as it was

  Rule: Each wait has its own confirmation code

    Scenario: The second confirmation code is a new one
      Given Ada has scanned the code
      When Ada orders a drink
      Then the two confirmation codes of Ada's order differ

  @house_rule
  Rule: An order whose confirmation code was used by someone else is not stuck

    Scenario: A barista is refused when someone else has used the confirmation code
      Given Ada has ordered a drink
      And someone has used the second confirmation code of Ada's order
      When Ben tries to complete Ada's order
      Then Ben is refused

    Scenario: A customer can cancel when someone else has used the confirmation code
      Given Ada has ordered a drink
      And someone has used the second confirmation code of Ada's order
      When Ada cancels her order
      Then Ada is not refused
      And Ada's order is cancelled
      And Ada is notified that her order is cancelled
