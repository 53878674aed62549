@terminals @critical
Feature: Reserving goods
  The inventory reserves the goods for an order, so that they cannot be sold to anyone else.

  Rule: An order gets its goods if there are enough

    @blocker
    Scenario: Goods in stock are reserved
      Given 5 lamps are on the shelf
      And Pia has ordered 2 lamps at the portal
      When Rosa reserves the goods for Pia's order
      Then Pia's order is allocated in all records
      And 3 lamps are available, and 2 are reserved

    @blocker
    Scenario: Goods out of stock are not reserved
      Given 1 lamp is on the shelf
      And Pia has ordered 2 lamps at the portal
      When Rosa tries to reserve the goods for Pia's order
      Then Rosa learns that there are not enough lamps
      And Pia's order is placed in all records
      And 1 lamp is available, and 0 are reserved

    Scenario: Goods for an unknown order cannot be reserved
      When Rosa tries to reserve goods for an order that was never placed
      Then Rosa learns that it is unknown

    @house_rule
    Scenario: An order of lamps that are no longer on offer is refused its goods, and still shown
      Given 5 lamps are on the shelf
      And Pia has ordered 2 lamps at the portal
      And the lamps are no longer on offer
      When Rosa tries to reserve the goods for Pia's order
      Then Rosa learns that there are not enough lamps
      And every program shows Pia's order as recorded

  Rule: Goods are reserved once

    Scenario: Reserved goods cannot be reserved again
      Given 5 lamps are on the shelf
      And Pia has ordered 2 lamps at the portal
      And Rosa has reserved the goods for Pia's order
      When Saul tries to reserve the goods for Pia's order
      Then Saul learns that Rosa was quicker
      And 3 lamps are available, and 2 are reserved

    @blocker
    Scenario: Two people cannot reserve the same goods at the same moment
      Given 5 lamps are on the shelf
      And Pia has ordered 2 lamps at the portal
      When Rosa and Saul try to reserve the goods for Pia's order at the same moment
      Then one of them is accepted, and the other learns that someone else was quicker
      And Pia's order is allocated in all records
      And 3 lamps are available, and 2 are reserved

    @blocker
    Scenario: Goods that are reserved for two orders at the same moment are both counted
      Given 5 lamps are on the shelf
      And Pia has ordered 1 lamp at the portal
      And Quin has ordered 1 lamp at the portal
      When Rosa tries to reserve the goods for Pia's order, and Saul for Quin's, at the same moment
      Then Pia's order is allocated in all records
      And Quin's order is allocated in all records
      And 3 lamps are available, and 2 are reserved

  Rule: The last lamp is sold once

    @blocker
    Scenario: The last lamp goes to one of two simultaneous orders
      Given 1 lamp is on the shelf
      And Pia has ordered 1 lamp at the portal
      And Quin has ordered 1 lamp at the portal
      When Rosa tries to reserve the goods for Pia's order, and Saul for Quin's, at the same moment
      Then one of them is accepted, and the other learns that there are not enough lamps
      And 0 lamps are available, and 1 is reserved
