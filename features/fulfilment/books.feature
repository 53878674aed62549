@terminals @critical
Feature: The books
  What happens to an order concerns several books: the orders, the deliveries, the stock. They never contradict each other.

  Background:
    Given 5 lamps are on the shelf
    And Pia has ordered 2 lamps at the portal

  @embedded
  Rule: What belongs together is written down together, or not at all

    @blocker
    Scenario: The books fail while goods are set aside
      When Rosa tries to set the goods aside for Pia's order, and the books take one entry only
      Then the books agree on Pia's order

    Scenario: The books fail while a delivery is planned
      Given Pia's order has passed through the hands of Rosa and Tess
      When Uma tries to plan the delivery of Pia's order, and the books take one entry only
      Then the books agree on Pia's order

    Scenario: The books fail while a delivery is accepted
      Given Pia's order has passed through the hands of Rosa, Tess and Uma
      When Vic tries to accept the delivery of Pia's order, and the books take one entry only
      Then the books agree on Pia's order

    @blocker
    Scenario Outline: The books fail at the door
      Given Vic is under way with Pia's order, after Rosa, Tess and Uma
      When Vic tries to <do>, and the books take one entry only
      Then the books agree on Pia's order

      Examples:
        | do                     |
        | hand Pia's order over  |
        | bring Pia's order back |

  Rule: What is over stays over

    Background:
      Given Vic is under way with Pia's order, after Rosa, Tess and Uma

    @blocker
    Scenario: A delivered order is not worked on again
      Given Vic has handed Pia's order over for 39.80
      When Rosa, Tess, Uma, Vic and Wim try their part for Pia's order again
      Then each of them hears that this was done before
      And nothing has changed for Pia's order
      And 3 lamps can be sold, and 0 are set aside

    @blocker
    Scenario: A refused order is not worked on again
      Given Pia has refused what Vic brought, saying "It is too dark."
      When Rosa, Tess, Uma, Vic and Wim try their part for Pia's order again
      Then each of them hears that this was done before
      And nothing has changed for Pia's order
      And 5 lamps can be sold, and 0 are set aside
