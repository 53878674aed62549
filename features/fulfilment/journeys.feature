@terminals
Feature: An order on its way through five people
  From the customer's login to the delivery that is paid: five people, five programs, one order.

  Rule: Everybody sees the same at every step

    @core @journey @smoke @blocker
    Scenario: From the login to the payment
      Given 5 lamps are on the shelf
      And Pia, Rosa, Tess, Uma and Vic have logged in at their programs
      When Pia looks at what is on offer
      And Pia orders 2 lamps at the portal
      Then everybody sees Pia's order as it is in the books
      When Rosa sets the goods aside for Pia's order
      Then everybody sees Pia's order as it is in the books
      When Tess authorizes packing for Pia's order
      Then everybody sees Pia's order as it is in the books
      When Uma plans the delivery of Pia's order
      Then everybody sees Pia's order as it is in the books
      When Vic accepts the delivery of Pia's order
      Then everybody sees Pia's order as it is in the books
      When Vic hands Pia's order over for 39.80
      Then everybody sees Pia's order as it is in the books
      And Pia's order is delivered in all books
      And 3 lamps can be sold, and 0 are set aside

  Rule: Many orders do not get in each other's way

    @critical
    Scenario: Four orders side by side
      Given 5 lamps are on the shelf
      When 4 orders pass through everybody's hands, side by side
      Then all of them are delivered and paid
      And 1 lamp can be sold, and 0 are set aside
