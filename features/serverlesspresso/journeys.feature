@journey
Feature: From the code to the cup
  One order from start to finish, for anyone who wants to see how the café works.

  @core @smoke @blocker
  Scenario: Ada gets her drink
    When Ada scans the code
    Then Ada's order waits for its drink
    When Ada orders a drink
    Then Ada's order waits for a barista
    And the baristas are notified of Ada's drink
    When Ben claims Ada's order
    Then Ada's order is being made by Ben
    When Ben completes Ada's order
    Then Ada's order is completed
    And Ada is notified that her order is ready
    And the café is done with Ada's order
