@terminals @chaos @critical @house_rule @embedded
Feature: Failing records
  The records behind the programs may fail for a moment. Nobody has to log in again because of that, and nothing is lost
  or done twice.

  Background:
    Given 5 lamps are on the shelf

  Rule: Work goes on although the records are throttled for 3 seconds

    Scenario: An order survives throttled records
      Given the records are throttled for 3 seconds
      When Pia orders 2 lamps at the portal
      Then the records hold the orders that the customers have placed, and no others

    Scenario: A reservation survives throttled records
      Given Pia has ordered 2 lamps at the portal
      And the records are throttled for 3 seconds
      When Rosa reserves the goods for Pia's order
      Then Pia's order is allocated in all records
      And 3 lamps are available, and 2 are reserved

  Rule: What was done counts at once, although the records show it late

    Scenario: A new order can be processed at once although the records show it late
      Given Pia has ordered 2 lamps at the portal
      And the records show each change late
      When Rosa reserves the goods for Pia's order
      Then Pia's order is allocated in all records

    Scenario: An accepted delivery can be handed over at once although the records show it late
      Given Pia has ordered 2 lamps at the portal
      And Vic is delivering Pia's order, after Rosa, Tess and Uma
      And the records show each change late
      When Vic hands Pia's order over for 39.80
      Then Pia's order is delivered in all records
      And 3 lamps are available, and 0 are reserved

  Rule: Nothing is done twice because its answer was lost

    @blocker
    Scenario: An order whose answer is lost is placed once
      Given the answers to what is written are lost for 4 seconds
      When Pia orders 2 lamps at the portal
      Then the records hold the orders that the customers have placed, and no others

    @blocker
    Scenario: A reservation whose answer is lost is made once
      Given Pia has ordered 2 lamps at the portal
      And the answers to what is written are lost for 4 seconds
      When Rosa reserves the goods for Pia's order
      Then Pia's order is allocated in all records
      And 3 lamps are available, and 2 are reserved

    @blocker
    Scenario: A payment whose answer is lost is collected once
      Given Pia has ordered 2 lamps at the portal
      And Vic is delivering Pia's order, after Rosa, Tess and Uma
      And the answers to what is written are lost for 4 seconds
      When Vic hands Pia's order over for 39.80
      Then Pia's order is delivered in all records
      And Pia has paid 39.80 for the lamps
      And 3 lamps are available, and 0 are reserved

  Rule: What could not be done can be done later, without another login

    Scenario: An order that cannot be written is refused
      Given nothing can be written
      When Pia tries to order 2 lamps at the portal
      Then Pia is refused
      And nothing is ordered

    Scenario: An order that could not be written can be placed a moment later
      Given Pia has tried to order 2 lamps at the portal when nothing could be written
      When Pia orders 2 lamps at the portal
      Then the records hold the orders that the customers have placed, and no others
