@terminals @critical
Feature: Ordering at the portal
  A customer logs in at the portal, sees what is on offer, and orders. The order gets a number of its own.

  Background:
    Given 5 lamps are on the shelf

  Rule: Whoever is known is let in, and nobody else

    @core @smoke @blocker
    Scenario Outline: Everybody has a program of their own
      When <person> logs in at their program
      Then <person> is let in

      Examples:
        | person |
        | Pia    |
        | Rosa   |
        | Tess   |
        | Uma    |
        | Vic    |

    @blocker
    Scenario: A wrong password
      When Rosa tries to log in with a wrong password
      Then Rosa is not let in

    @house_rule
    Scenario: The program of somebody else
      When Pia tries to log in at the program of Rosa
      Then Pia is not let in

  Rule: A customer orders what is on offer

    Scenario: What is on offer
      When Pia looks at what is on offer
      Then Pia is shown 5 lamps for 19.90 each

    @core @smoke @blocker
    Scenario: An order
      When Pia orders 2 lamps at the portal
      Then Pia's order is placed in all books
      And Pia has 39.80 to pay for the lamps
      And 5 lamps can be sold, and 0 are set aside

    Scenario: Something that is not on offer
      When Pia tries to order something that is not on offer
      Then Pia hears that nobody knows of such a thing
