@terminals @critical
Feature: Work lists
  Everybody's program lists what waits for them. Nobody has to ask a colleague what to do next.

  @lists
  Rule: Each order is on the list of the next person

    @journey
    Scenario: An order moves from list to list
      Given 5 lamps are on the shelf
      When Pia orders 2 lamps at the portal
      Then Pia's order waits for Rosa, and for nobody else
      When Rosa reserves the goods for Pia's order
      Then Pia's order waits for Tess, and for nobody else
      When Tess authorizes packing for Pia's order
      Then Pia's order waits for Uma, and for nobody else
      When Uma plans the delivery of Pia's order
      Then Pia's order waits for Vic, and for nobody else
      When Vic accepts the delivery of Pia's order
      Then Pia's order waits for nobody
      When Vic hands Pia's order over for 39.80
      Then Pia's order waits for nobody

    Scenario: A refused order is on no list
      Given 5 lamps are on the shelf
      And Pia has ordered 2 lamps at the portal
      And Vic is delivering Pia's order, after Rosa, Tess and Uma
      When Pia refuses what Vic brings
      Then Pia's order waits for nobody

    @house_rule
    Scenario: A list holds more orders than one page of records
      Given 5 lamps are on the shelf
      And more orders wait for the inventory than one page of records holds
      When Rosa opens the work list
      Then Rosa is shown all of them, the oldest first

  @stock_list
  Rule: The inventory sees the stock

    Scenario: The stock shows available and reserved lamps
      Given 5 lamps are on the shelf
      And Pia has ordered 2 lamps at the portal
      And Rosa has reserved the goods for Pia's order
      When Rosa looks at the stock
      Then Rosa is shown a stock of 3 available and 2 reserved lamps

    Scenario: The stock shows lamps that are all reserved
      Given 2 lamps are on the shelf
      And Pia has ordered 2 lamps at the portal
      And Rosa has reserved the goods for Pia's order
      When Rosa looks at the stock
      Then Rosa is shown a stock of 0 available and 2 reserved lamps
