@terminals @critical
Feature: Setting goods aside
  The inventory processes an order: its goods are set aside, so that they cannot be sold to anybody else.

  Rule: An order gets its goods if there are enough

    @blocker
    Scenario: There are enough
      Given 5 lamps are on the shelf
      And Pia has ordered 2 lamps at the portal
      When Rosa sets the goods aside for Pia's order
      Then Pia's order is allocated in all books
      And 3 lamps can be sold, and 2 are set aside

    @blocker
    Scenario: There are too few
      Given 1 lamp is on the shelf
      And Pia has ordered 2 lamps at the portal
      When Rosa tries to set the goods aside for Pia's order
      Then Rosa hears that there are not enough lamps
      And Pia's order is placed in all books
      And 1 lamp can be sold, and 0 are set aside

    Scenario: An order that nobody knows
      When Rosa tries to set goods aside for an order that was never placed
      Then Rosa hears that nobody knows of such a thing

  Rule: An order is processed once

    Scenario: Somebody else has processed it
      Given 5 lamps are on the shelf
      And Pia has ordered 2 lamps at the portal
      And Pia's order has passed through the hands of Rosa
      When Saul tries to set the goods aside for Pia's order
      Then Saul hears that Rosa was quicker
      And 3 lamps can be sold, and 2 are set aside

    @blocker
    Scenario: Two people process it at the same moment
      Given 5 lamps are on the shelf
      And Pia has ordered 2 lamps at the portal
      When Rosa and Saul try to set the goods aside for Pia's order at the same moment
      Then one of them is let through, and the other one hears that somebody else was quicker
      And Pia's order is allocated in all books
      And 3 lamps can be sold, and 2 are set aside

  Rule: The last lamp is sold once

    @blocker
    Scenario: Two orders want the last one at the same moment
      Given 1 lamp is on the shelf
      And Pia has ordered 1 lamp at the portal
      And Quin has ordered 1 lamp at the portal
      When Rosa tries to set the goods aside for Pia's order, and Saul for Quin's, at the same moment
      Then one of them is let through, and the other one hears that there are not enough lamps
      And 0 lamps can be sold, and 1 is set aside
