@terminals @critical
Feature: Consistent records
  Each order has several records: the order itself, its delivery and the stock. They never contradict each other.

  Background:
    Given 5 lamps are on the shelf
    And Pia has ordered 2 lamps at the portal

  @embedded
  Rule: Related records change together or not at all

    @blocker
    Scenario: An interrupted reservation leaves consistent records
      When Rosa tries to reserve the goods for Pia's order, and only one record can be written
      Then all records agree on Pia's order

    Scenario: An interrupted planning leaves consistent records
      Given Pia's order is ready for planning, after Rosa and Tess
      When Uma tries to plan the delivery of Pia's order, and only one record can be written
      Then all records agree on Pia's order

    Scenario: An interrupted acceptance leaves consistent records
      Given Pia's order is ready for delivery, after Rosa, Tess and Uma
      When Vic tries to accept the delivery of Pia's order, and only one record can be written
      Then all records agree on Pia's order

    @blocker
    Scenario Outline: An interrupted handover leaves consistent records
      Given Vic is delivering Pia's order, after Rosa, Tess and Uma
      When Vic tries to <do>, and only one record can be written
      Then all records agree on Pia's order

      Examples:
        | do                     |
        | hand Pia's order over  |
        | bring Pia's order back |

  Rule: An order that is over stays over

    Background:
      Given Vic is delivering Pia's order, after Rosa, Tess and Uma

    @blocker
    Scenario: A delivered order cannot be changed
      Given Vic has handed Pia's order over for 39.80
      When Rosa, Tess, Uma, Vic and Wim try their part for Pia's order again
      Then each of them learns that this has been done before
      And nothing has changed for Pia's order
      And 3 lamps are available, and 0 are reserved

    @blocker
    Scenario: A refused order cannot be changed
      Given Pia has refused what Vic brought, saying "It is too dark."
      When Rosa, Tess, Uma, Vic and Wim try their part for Pia's order again
      Then each of them learns that this has been done before
      And nothing has changed for Pia's order
      And 5 lamps are available, and 0 are reserved
