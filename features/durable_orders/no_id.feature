@online @critical
Feature: Online orders without an id
  An order that cannot be taken fails at once, says why, and leaves nothing behind.

  Rule: An order needs an id

    @blocker
    Scenario: An order without an id
      When Ida tries to place an online order without an id
      Then Ida's online order fails, because of its missing id
      And nothing was stored for Ida

    @house_rule
    Scenario Outline: An order whose id is none
      When Ida tries to place an online order with <what> for an id
      Then Ida's online order fails, because of its missing id
      And nothing was stored for Ida

      Examples:
        | what         |
        | an empty text |
        | a blank text |
        | a number     |
        | a list       |
        | nothing      |
