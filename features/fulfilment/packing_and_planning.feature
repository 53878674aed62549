@terminals @critical
Feature: Packing and planning
  The warehouse authorizes packing once the goods are set aside; logistics plans the delivery once that is authorized.

  Background:
    Given 5 lamps are on the shelf
    And Pia has ordered 2 lamps at the portal

  Rule: Only what is set aside is packed

    @blocker
    Scenario: Packing is authorized
      Given Pia's order has passed through the hands of Rosa
      When Tess authorizes packing for Pia's order
      Then Pia's order is approved in all books
      And 3 lamps can be sold, and 2 are set aside

    @house_rule
    Scenario: Only a yes authorizes packing
      Given Pia's order has passed through the hands of Rosa
      When Tess answers for Pia's order, asked whether it may be packed
        | answer  |
        | no      |
        | n       |
        | maybe   |
        | not yet |
        | nothing |
      Then none of this is taken for a yes
      And Pia's order is allocated in all books

    Scenario: Nothing is set aside yet
      When Tess tries to authorize packing for Pia's order
      Then Tess hears that it is not time for this yet
      And Pia's order is placed in all books

    Scenario: Somebody else has authorized it
      Given Pia's order has passed through the hands of Rosa and Tess
      When Theo tries to authorize packing for Pia's order
      Then Theo hears that Tess was quicker
      And Pia's order is approved in all books

  Rule: A program that breaks down half-way leaves nothing half done

    Scenario: A colleague goes on
      Given Pia's order has passed through the hands of Rosa
      And Tess's program has broken down in the middle of authorizing packing for Pia's order
      When Theo authorizes packing for Pia's order
      Then Pia's order is approved in all books
      And 3 lamps can be sold, and 2 are set aside

  Rule: Only what may be packed is delivered

    @blocker
    Scenario: The delivery is planned
      Given Pia's order has passed through the hands of Rosa and Tess
      When Uma plans the delivery of Pia's order
      Then Pia's order is planned in all books

    Scenario: A route beyond the usual letters
      Given Pia's order has passed through the hands of Rosa and Tess
      When Uma plans the delivery of Pia's order along "東京, past O'Neill's 💡" for "mañana, 9:00"
      Then Pia's order is planned in all books

    Scenario: Packing is not authorized yet
      Given Pia's order has passed through the hands of Rosa
      When Uma tries to plan the delivery of Pia's order
      Then Uma hears that it is not time for this yet
      And Pia's order is allocated in all books

    Scenario: Somebody else has planned it
      Given Pia's order has passed through the hands of Rosa, Tess and Uma
      When Ugo tries to plan the delivery of Pia's order
      Then Ugo hears that Uma was quicker
      And Pia's order is planned in all books

    Scenario Outline: A delivery needs a route and a schedule
      Given Pia's order has passed through the hands of Rosa and Tess
      When Uma tries to plan the delivery of Pia's order without a <what>
      Then Uma is refused that
      And Pia's order is approved in all books

      Examples:
        | what     |
        | route    |
        | schedule |
