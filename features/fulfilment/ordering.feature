@terminals @critical
Feature: Ordering at the portal
  A customer sees what is on offer at the portal, and orders. The order gets a number of its own.

  Background:
    Given 5 lamps are on the shelf

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

    Scenario Outline: An order costs its quantity times the price, to the cent
      Given 5 lamps at <price> each are on the shelf
      When Pia orders <quantity> lamps at the portal
      Then Pia's order is placed in all books
      And Pia has <amount> to pay for the lamps

      Examples:
        | quantity | price | amount |
        | 3        | 19.95 | 59.85  |
        | 1000     | 0.07  | 70.00  |

    @blocker
    Scenario: A quantity that cannot be ordered
      When Pia tries to order lamps
        | quantity |
        | 0        |
        | -2       |
        | two      |
        | 1.5      |
        | 1e2      |
        | ²        |
        | ½        |
        | 1001     |
        | nothing  |
      Then Pia hears each time that so many cannot be ordered
      And nothing is ordered

    @house_rule
    Scenario: The offer is longer than a page of the books
      Given more kinds of lamps are on the shelf than one page of the books holds
      When Pia looks at what is on offer
      Then Pia is shown all of them

  Rule: The price is that of the moment of the order

    Scenario: A new price is on offer at once
      Given Pia has looked at what is on offer
      And a lamp costs 24.90 from now on
      When Pia looks at what is on offer
      Then Pia is shown 5 lamps for 24.90 each

    Scenario: A new price counts for the next order only
      Given Pia has ordered 2 lamps at the portal
      And a lamp costs 24.90 from now on
      When Pia orders 1 lamp at the portal
      Then Pia has 24.90 to pay for the lamps
      And the books hold the orders of which the customers were told, and no others

  Rule: Each order is one of its own, and its customer's

    @blocker
    Scenario: Orders that are placed at the same moment
      When Pia and Quin order 1 lamp each at the same moment, 4 times
      Then the books hold the orders of which the customers were told, and no others

    @blocker
    Scenario: Another customer's order cannot be looked up
      Given Pia has ordered 2 lamps at the portal
      When Quin tries to look up Pia's order
      Then Quin hears that nobody knows of such a thing

    @namesakes @blocker
    Scenario: The order of another customer of the same name cannot be looked up
      Given Pia has ordered 2 lamps at the portal
      When Pia Berg tries to look up Pia's order
      Then Pia Berg hears that nobody knows of such a thing

  Rule: Words may be written in any script

    Scenario: A name beyond the usual letters
      Given 5 lamps called "Lámpara d'été 東京 💡" are on the shelf
      When Pia orders 2 lamps at the portal
      Then Pia's order is placed in all books
