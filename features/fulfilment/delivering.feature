@terminals @critical
Feature: Delivering and collecting the payment
  A courier accepts a delivery, hands the goods over and collects the payment, or brings back what the customer refuses.

  Background:
    Given 5 lamps are on the shelf
    And Pia has ordered 2 lamps at the portal

  Rule: A delivery belongs to the courier who accepts it

    @blocker
    Scenario: A courier accepts a delivery
      Given Pia's order is ready for delivery, after Rosa, Tess and Uma
      When Vic accepts the delivery of Pia's order
      Then Pia's order is under way in all records

    Scenario: One of two couriers who accept at the same moment gets the delivery
      Given Pia's order is ready for delivery, after Rosa, Tess and Uma
      When Vic and Wim try to accept the delivery of Pia's order at the same moment
      Then one of them is accepted, and the other learns that someone else was quicker
      And Pia's order is under way in all records

    Scenario: Another courier cannot hand the order over
      Given Vic is delivering Pia's order, after Rosa, Tess and Uma
      When Wim tries to hand Pia's order over for 39.80
      Then Wim learns that Vic was quicker
      And Pia's order is under way in all records
      And Pia has paid nothing for the lamps

    @namesakes @house_rule
    Scenario: Another courier of the same name cannot hand it over
      Given Vic is delivering Pia's order, after Rosa, Tess and Uma
      When Vic Berg tries to hand Pia's order over for 39.80
      Then Vic Berg learns that Vic was quicker
      And Pia's order is under way in all records
      And Pia has paid nothing for the lamps

  Rule: The goods are handed over once, against their price

    @core @smoke @blocker
    Scenario: A courier delivers an order and collects the payment
      Given Vic is delivering Pia's order, after Rosa, Tess and Uma
      When Vic hands Pia's order over for 39.80
      Then Pia's order is delivered in all records
      And Pia has paid 39.80 for the lamps
      And 3 lamps are available, and 0 are reserved

    @blocker
    Scenario: Only the exact price is accepted
      Given Vic is delivering Pia's order, after Rosa, Tess and Uma
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
      Then Vic learns each time that the amount is wrong
      And Pia's order is under way in all records
      And Pia has paid nothing for the lamps

    @blocker
    Scenario: A paid order cannot be paid again
      Given Vic is delivering Pia's order, after Rosa, Tess and Uma
      And Vic has handed Pia's order over for 39.80
      When Vic tries to hand Pia's order over for 39.80
      Then Vic learns that this has been done before
      And Pia's order is delivered in all records
      And 3 lamps are available, and 0 are reserved

    Scenario: A courier completes a handover after a crash
      Given Vic is delivering Pia's order, after Rosa, Tess and Uma
      And Vic's program has crashed while handing Pia's order over
      When Vic hands Pia's order over for 39.80
      Then Pia's order is delivered in all records
      And Pia has paid 39.80 for the lamps

    Scenario: The customer pays the price at the time of the order
      Given a lamp costs 24.90 from now on
      And Vic is delivering Pia's order, after Rosa, Tess and Uma
      When Vic hands Pia's order over for 39.80
      Then Pia's order is delivered in all records
      And Pia has paid 39.80 for the lamps

    @blocker
    Scenario Outline: Only one of a courier's two simultaneous actions counts
      Given Quin has ordered 2 lamps at the portal
      And Rosa has reserved the goods for Quin's order
      And Vic is delivering Pia's order, after Rosa, Tess and Uma
      When Vic <does> at the same moment, at two terminals
      Then one of the two is accepted, and the other learns that this has been done before
      And all records agree on Pia's order
      And 2 lamps are reserved for Quin

      Examples:
        | does                                      |
        | hands Pia's order over twice              |
        | hands Pia's order over and brings it back |
        | brings Pia's order back twice             |

  Rule: Refused goods go back on the shelf

    @blocker
    Scenario: A customer refuses a delivery
      Given Vic is delivering Pia's order, after Rosa, Tess and Uma
      When Pia refuses what Vic brings
      Then Pia's order is refused in all records
      And every program shows Pia's order as recorded
      And Pia has paid nothing for the lamps
      And 5 lamps are available, and 0 are reserved

    Scenario: A reason for a refusal can be written in any script
      Given Vic is delivering Pia's order, after Rosa, Tess and Uma
      When Pia refuses what Vic brings, saying "Ça ne va pas: “grün” ≠ 緑"
      Then Pia's order is refused in all records

    @house_rule
    Scenario: A refusal without a reason is recorded as such
      Given Vic is delivering Pia's order, after Rosa, Tess and Uma
      When Pia refuses what Vic brings, without a reason
      Then Pia's order is refused in all records

    Scenario: Another courier cannot bring the order back
      Given Vic is delivering Pia's order, after Rosa, Tess and Uma
      When Wim tries to bring Pia's order back
      Then Wim learns that Vic was quicker
      And Pia's order is under way in all records
      And 3 lamps are available, and 2 are reserved

    Scenario: A delivered order cannot be brought back
      Given Vic is delivering Pia's order, after Rosa, Tess and Uma
      And Vic has handed Pia's order over for 39.80
      When Vic tries to bring Pia's order back
      Then Vic learns that this has been done before
      And Pia's order is delivered in all records
      And 3 lamps are available, and 0 are reserved

    Scenario: A refused order cannot be handed over
      Given Vic is delivering Pia's order, after Rosa, Tess and Uma
      And Pia has refused what Vic brought, saying "It is too dark."
      When Vic tries to hand Pia's order over for 39.80
      Then Vic learns that this has been done before
      And Pia has paid nothing for the lamps
