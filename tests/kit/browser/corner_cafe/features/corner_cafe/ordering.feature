Feature: Ordering a drink

  Rule: Only what is on the menu can be ordered

    Background:
      Given the café is open

    Scenario: A drink that is on the menu is made
      When Ada orders a Latte

    Scenario: The way of an order can be seen
      When Ada orders a Latte
      Then the way of her order is drawn

    Scenario Outline: A <size> drink is on the menu
      When Ada orders a <size> Latte

      Examples:
        | size  |
        | small |
        | large |
