@terminals @critical
Feature: Ordering at the portal
  A customer sees what is on offer at the portal, and orders. The order gets a number of its own.

  Background:
    Given 5 lamps are on the shelf

  Rule: A customer orders what is on offer

    Scenario: The portal lists the offers with prices
      When Pia lists the offers
      Then Pia is shown 5 lamps for 19.90 each

    Scenario: The portal lists only lamps that are not reserved
      Given Pia has ordered 2 lamps at the portal
      And Rosa has reserved the goods for Pia's order
      When Quin lists the offers
      Then Quin is shown 3 lamps for 19.90 each

    @core @smoke @blocker
    Scenario: A customer orders lamps
      When Pia orders 2 lamps at the portal
      Then Pia's order is placed in all records
      And Pia has 39.80 to pay for the lamps
      And 5 lamps are available, and 0 are reserved

    Scenario: An article that is not on offer cannot be ordered
      When Pia tries to order something that is not on offer
      Then Pia learns that it is unknown

    Scenario Outline: An order costs its quantity times the price, to the cent
      Given 5 lamps at <price> each are on the shelf
      When Pia orders <quantity> lamps at the portal
      Then Pia's order is placed in all records
      And Pia has <amount> to pay for the lamps

      Examples:
        | quantity | price | amount |
        | 3        | 19.95 | 59.85  |
        | 1000     | 0.07  | 70.00  |

      @house_rule
      Examples: Beyond a thousand
        | quantity | price   | amount  |
        | 2        | 1249.00 | 2498.00 |

    @blocker
    Scenario: An invalid quantity is rejected
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
      Then Pia learns each time that this quantity cannot be ordered
      And nothing is ordered

    @house_rule
    Scenario: The portal lists more offers than one page of records holds
      Given more kinds of lamps are on the shelf than one page of records holds
      When Pia lists the offers
      Then Pia is shown all of them

  Rule: An order costs the price at its time

    Scenario: A new price is on offer at once
      Given Pia has listed the offers
      And a lamp costs 24.90 from now on
      When Pia lists the offers
      Then Pia is shown 5 lamps for 24.90 each

    Scenario: A new price counts for the next order only
      Given Pia has ordered 2 lamps at the portal
      And a lamp costs 24.90 from now on
      When Pia orders 1 lamp at the portal
      Then Pia has 24.90 to pay for the lamps
      And the records hold the orders that the customers have placed, and no others

  Rule: Each order belongs to its customer

    @blocker
    Scenario: Simultaneous orders are kept apart
      When Pia and Quin order 1 lamp each at the same moment, 4 times
      Then the records hold the orders that the customers have placed, and no others

    @blocker
    Scenario: Another customer's order cannot be looked up
      Given Pia has ordered 2 lamps at the portal
      When Quin tries to look up Pia's order
      Then Quin learns that it is unknown

    @house_rule
    Scenario: An order is found by a number that was pasted with blanks around it
      Given Pia has ordered 2 lamps at the portal
      When Pia looks up Pia's order, pasting its number with blanks around it
      Then Pia is shown Pia's order

    @namesakes @blocker
    Scenario: The order of another customer of the same name cannot be looked up
      Given Pia has ordered 2 lamps at the portal
      When Pia Berg tries to look up Pia's order
      Then Pia Berg learns that it is unknown

  Rule: Names can be written in any script

    Scenario: A lamp with a name in other scripts can be ordered
      Given 5 lamps called "Lámpara d'été 東京 💡" are on the shelf
      When Pia orders 2 lamps at the portal
      Then Pia's order is placed in all records
