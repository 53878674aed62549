@terminals @critical
Feature: Delivering and collecting the payment
  A courier accepts a delivery, hands the goods over and collects the payment, or brings back what the customer refuses.

  Background:
    Given 5 lamps are on the shelf
    And Pia has ordered 2 lamps at the portal

  Rule: A delivery belongs to the courier who accepts it

    @blocker
    Scenario: A courier accepts it
      Given Pia's order has passed through the hands of Rosa, Tess and Uma
      When Vic accepts the delivery of Pia's order
      Then Pia's order is under way in all books

    Scenario: Two couriers accept it at the same moment
      Given Pia's order has passed through the hands of Rosa, Tess and Uma
      When Vic and Wim try to accept the delivery of Pia's order at the same moment
      Then one of them is let through, and the other one hears that somebody else was quicker
      And Pia's order is under way in all books

    Scenario: Another courier cannot hand it over
      Given Vic is under way with Pia's order, after Rosa, Tess and Uma
      When Wim tries to hand Pia's order over for 39.80
      Then Wim hears that Vic was quicker
      And Pia's order is under way in all books
      And Pia has paid nothing for the lamps

    @namesakes @house_rule
    Scenario: Another courier of the same name cannot hand it over
      Given Vic is under way with Pia's order, after Rosa, Tess and Uma
      When Vic Berg tries to hand Pia's order over for 39.80
      Then Vic Berg hears that Vic was quicker
      And Pia's order is under way in all books
      And Pia has paid nothing for the lamps

  Rule: The goods are handed over against their price, once

    @core @smoke @blocker
    Scenario: The order is delivered and paid
      Given Vic is under way with Pia's order, after Rosa, Tess and Uma
      When Vic hands Pia's order over for 39.80
      Then Pia's order is delivered in all books
      And Pia has paid 39.80 for the lamps
      And 3 lamps can be sold, and 0 are set aside

    @blocker
    Scenario: Another amount than the price is not taken
      Given Vic is under way with Pia's order, after Rosa, Tess and Uma
      When Vic tries to collect another amount for Pia's order
        | amount   |
        | 20.00    |
        | 39.79    |
        | 39.81    |
        | 398.00   |
        | -39.80   |
        | NaN      |
        | Infinity |
        | 39²      |
        | a lot    |
        | nothing  |
      Then Vic hears each time that the amount is not right
      And Pia's order is under way in all books
      And Pia has paid nothing for the lamps

    @blocker
    Scenario: What is paid is not paid again
      Given Vic is under way with Pia's order, after Rosa, Tess and Uma
      And Vic has handed Pia's order over for 39.80
      When Vic tries to hand Pia's order over for 39.80
      Then Vic hears that this was done before
      And Pia's order is delivered in all books
      And 3 lamps can be sold, and 0 are set aside

    Scenario: The program breaks down at the door
      Given Vic is under way with Pia's order, after Rosa, Tess and Uma
      And Vic's program has broken down in the middle of handing Pia's order over
      When Vic hands Pia's order over for 39.80
      Then Pia's order is delivered in all books
      And Pia has paid 39.80 for the lamps

    Scenario: The price that was agreed is paid
      Given Vic is under way with Pia's order, after Rosa, Tess and Uma
      And a lamp costs 24.90 from now on
      When Vic hands Pia's order over for 39.80
      Then Pia's order is delivered in all books
      And Pia has paid 39.80 for the lamps

    @blocker
    Scenario Outline: A courier does two things at the same moment, at two terminals
      Given Quin has ordered 2 lamps at the portal
      And Quin's order has passed through the hands of Rosa
      And Vic is under way with Pia's order, after Rosa, Tess and Uma
      When Vic <does> at the same moment, at two terminals
      Then one of the two is let through, and the other one hears that this was done before
      And the books agree on Pia's order
      And 2 lamps are set aside for Quin

      Examples:
        | does                                       |
        | hands Pia's order over twice               |
        | hands Pia's order over and brings it back  |
        | brings Pia's order back twice              |

  Rule: What the customer refuses goes back

    @blocker
    Scenario: The customer refuses the delivery
      Given Vic is under way with Pia's order, after Rosa, Tess and Uma
      When Pia refuses what Vic brings
      Then Pia's order is refused in all books
      And Pia has paid nothing for the lamps
      And 5 lamps can be sold, and 0 are set aside

    Scenario: A reason beyond the usual letters
      Given Vic is under way with Pia's order, after Rosa, Tess and Uma
      When Pia refuses what Vic brings, saying "Ça ne va pas: “grün” ≠ 緑"
      Then Pia's order is refused in all books

    Scenario: Another courier cannot bring it back
      Given Vic is under way with Pia's order, after Rosa, Tess and Uma
      When Wim tries to bring Pia's order back
      Then Wim hears that Vic was quicker
      And Pia's order is under way in all books
      And 3 lamps can be sold, and 2 are set aside

    Scenario: What is delivered is not brought back
      Given Vic is under way with Pia's order, after Rosa, Tess and Uma
      And Vic has handed Pia's order over for 39.80
      When Vic tries to bring Pia's order back
      Then Vic hears that this was done before
      And Pia's order is delivered in all books
      And 3 lamps can be sold, and 0 are set aside

    Scenario: What went back is not handed over
      Given Vic is under way with Pia's order, after Rosa, Tess and Uma
      When Pia refuses what Vic brings
      And Vic tries to hand Pia's order over for 39.80
      Then Vic hears that this was done before
      And Pia has paid nothing for the lamps
