@terminals
Feature: An order from login to payment
  From the customer's login to the delivery that is paid: five people, five programs, one order.

  Rule: Every program shows the same at every step

    @core @journey @smoke @blocker
    Scenario: Five people fulfil an order
      Given 5 lamps are on the shelf
      And Pia, Rosa, Tess, Uma and Vic have logged in to their programs
      When Pia lists the offers
      And Pia orders 2 lamps at the portal
      Then every program shows Pia's order as recorded
      When Rosa reserves the goods for Pia's order
      Then every program shows Pia's order as recorded
      When Tess authorizes packing for Pia's order
      Then every program shows Pia's order as recorded
      When Uma plans the delivery of Pia's order
      Then every program shows Pia's order as recorded
      When Vic accepts the delivery of Pia's order
      Then every program shows Pia's order as recorded
      When Vic hands Pia's order over for 39.80
      Then every program shows Pia's order as recorded
      And Pia's order is delivered in all records
      And 3 lamps are available, and 0 are reserved

  Rule: Simultaneous orders do not affect each other

    @critical
    Scenario: Four orders are fulfilled at the same time
      Given 5 lamps are on the shelf
      When 4 orders are fulfilled at the same time
      Then all of them are delivered and paid
      And 1 lamp is available, and 0 are reserved
