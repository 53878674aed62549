Feature: Ordering a drink

  Rule: Only what is on the menu can be ordered

    Scenario: A drink that is on the menu is made
      Given the café cannot be reached
      When Ada orders a Latte
