Feature: Completing an order

  Scenario: The customer is notified that the drink is ready
    Given the café is open
    When Ada orders a Latte
    Then her order is completed, and its way can be seen
