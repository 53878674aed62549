@terminals @critical
Feature: Packing and planning
  The warehouse authorizes packing once the goods are reserved; logistics plans the delivery once that is authorized.

  Background:
    Given 5 lamps are on the shelf
    And Pia has ordered 2 lamps at the portal

  Rule: Only reserved goods are packed

    @blocker
    Scenario: The warehouse authorizes packing
      Given Rosa has reserved the goods for Pia's order
      When Tess authorizes packing for Pia's order
      Then Pia's order is approved in all records
      And 3 lamps are available, and 2 are reserved

    @house_rule
    Scenario: Only a yes authorizes packing
      Given Rosa has reserved the goods for Pia's order
      When Tess is asked to authorize packing Pia's order, and answers
        | answer  |
        | no      |
        | n       |
        | maybe   |
        | not yet |
        | nothing |
      Then none of these answers counts as a yes
      And Pia's order is allocated in all records

    Scenario: Packing cannot be authorized before the goods are reserved
      When Tess tries to authorize packing for Pia's order
      Then Tess learns that it is too early
      And Pia's order is placed in all records

    Scenario: Packing is authorized only once
      Given Pia's order is ready for planning, after Rosa and Tess
      When Theo tries to authorize packing for Pia's order
      Then Theo learns that Tess was quicker
      And Pia's order is approved in all records

  Rule: A program that crashes leaves nothing half done

    Scenario: A colleague can complete what a crashed program began
      Given Rosa has reserved the goods for Pia's order
      And Tess's program has crashed while authorizing packing for Pia's order
      When Theo authorizes packing for Pia's order
      Then Pia's order is approved in all records
      And 3 lamps are available, and 2 are reserved

  Rule: Only orders that may be packed are planned

    @blocker
    Scenario: Logistics plans a delivery
      Given Pia's order is ready for planning, after Rosa and Tess
      When Uma plans the delivery of Pia's order
      Then Pia's order is planned in all records

    Scenario: A route can be written in any script
      Given Pia's order is ready for planning, after Rosa and Tess
      When Uma plans the delivery of Pia's order along "東京, past O'Neill's 💡" for "mañana, 9:00"
      Then Pia's order is planned in all records

    @house_rule
    Scenario: Keys that write nothing are left out of a route
      Given Pia's order is ready for planning, after Rosa and Tess
      When Uma plans the delivery of Pia's order, pressing Escape within the route
      Then Pia's order is planned in all records, with nothing but what can be seen

    @lists @house_rule
    Scenario: A long route is kept and listed to its last word
      Given Pia's order is ready for planning, after Rosa and Tess
      When Uma plans the delivery of Pia's order along "North, past the mill, over the old bridge, then second left behind the church, blue gate" for "Monday between 9:00 and 11:30, or Tuesday in the late afternoon if it rains"
      Then Pia's order is planned in all records
      And Pia's order waits for Vic, and for nobody else

    Scenario: A delivery cannot be planned before packing is authorized
      Given Rosa has reserved the goods for Pia's order
      When Uma tries to plan the delivery of Pia's order
      Then Uma learns that it is too early
      And Pia's order is allocated in all records

    Scenario: A delivery is planned only once
      Given Pia's order is ready for delivery, after Rosa, Tess and Uma
      When Ugo tries to plan the delivery of Pia's order
      Then Ugo learns that Uma was quicker
      And Pia's order is planned in all records

    Scenario Outline: A delivery needs a route and a schedule
      Given Pia's order is ready for planning, after Rosa and Tess
      When Uma tries to plan the delivery of Pia's order without a <what>
      Then Uma is refused
      And Pia's order is approved in all records

      Examples:
        | what     |
        | route    |
        | schedule |
