@terminals @critical
Feature: What waits for whom
  Everybody's program lists what waits for them. Nobody has to ask a colleague what to do next.

  @lists
  Rule: An order waits for one after the other

    @journey
    Scenario: An order waits for whoever is next
      Given 5 lamps are on the shelf
      When Pia orders 2 lamps at the portal
      Then Pia's order waits for Rosa, and for nobody else
      When Rosa sets the goods aside for Pia's order
      Then Pia's order waits for Tess, and for nobody else
      When Tess authorizes packing for Pia's order
      Then Pia's order waits for Uma, and for nobody else
      When Uma plans the delivery of Pia's order
      Then Pia's order waits for Vic, and for nobody else
      When Vic accepts the delivery of Pia's order
      Then Pia's order waits for nobody
      When Vic hands Pia's order over for 39.80
      Then Pia's order waits for nobody

    Scenario: What the customer refuses waits for nobody
      Given 5 lamps are on the shelf
      And Pia has ordered 2 lamps at the portal
      And Vic is under way with Pia's order, after Rosa, Tess and Uma
      When Pia refuses what Vic brings
      Then Pia's order waits for nobody

    @house_rule
    Scenario: A list is longer than a page of the books
      Given 5 lamps are on the shelf
      And more orders wait for the inventory than one page of the books holds
      When Rosa looks at what waits
      Then Rosa is shown all of them, the oldest first

  @stock_list
  Rule: The inventory sees the stock

    Scenario: The stock tells what can be sold and what is set aside
      Given 5 lamps are on the shelf
      And Pia has ordered 2 lamps at the portal
      And Pia's order has passed through the hands of Rosa
      When Rosa looks at the stock
      Then Rosa is shown a stock of 3 lamps that can be sold, and 2 that are set aside
