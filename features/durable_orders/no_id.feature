@online @critical
Feature: Online orders without an id
  An invalid order fails at once with a reason, and leaves nothing behind.

  Rule: An order needs an id

    @blocker
    Scenario: An order without an id is rejected
      When Ida tries to place an online order without an id
      Then Ida's online order fails because its id is missing
      And nothing is stored for Ida

    @house_rule
    Scenario Outline: An order with an invalid id is rejected
      When Ida tries to place an online order with <what> as its id
      Then Ida's online order fails because its id is missing
      And nothing is stored for Ida

      Examples:
        | what          |
        | an empty text |
        | a blank text  |
        | a number      |
        | a list        |
        | nothing       |

    @house_rule
    Scenario Outline: A submission that is <what> in place of an order is rejected
      When Ida tries to submit <what> in place of an online order
      Then Ida's online order fails because its id is missing
      And nothing is stored for Ida

      Examples:
        | what    |
        | a list  |
        | nothing |

  @house_rule
  Rule: An invalid order is not retried, since a retry cannot mend it

    Scenario: An order without an id is checked once
      When Ida tries to place an online order without an id
      Then no step of Ida's online order has been retried
