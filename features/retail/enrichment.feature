@retail @critical
Feature: Enriched page views
  The shop hears of every page that somebody looks at, and adds what it knows of the visitor and the page.
  Everything else that it does for its visitors builds on that.

  Rule: A page view tells who looked at what, and what is known of them

    @core @smoke @blocker
    Scenario: The visitor's plan is known
      Given Jo is on the Free plan
      When Jo goes to the checkout
      Then the enriched view has "PLANTYPE" equal to the text "Free"

    Scenario: Everything that is known is added
      Given Lea from SE is on the Premium plan, and fond of Gardening
      When Lea goes to the checkout
      Then the enriched view has "PLANTYPE" not equal to the text "Free"
      And the enriched view has "PAGENAME" equal to the text "Checkout"
      And the enriched view has "COUNTRY" equal to the text "SE"
      And the enriched view has "INTERESTS" containing the text "Garden"

    Scenario Outline: What is known is told letter by letter: <country>
      Given Lea from "<country>" is on the "<plan>" plan, and fond of "<interests>"
      When Lea goes to the checkout
      Then the enriched view has "COUNTRY" equal to the text "<country>"
      And the enriched view has "PLANTYPE" equal to the text "<plan>"
      And the enriched view has "INTERESTS" equal to the text "<interests>"

      Examples:
        | country       | plan   | interests         |
        | 東京          | Team   | 茶道, 🎮          |
        | Côte d'Ivoire | Früh+  | Rock 'n' Roll     |
        | Ελλάδα        | FREE   | <b>bold</b> & \n |

    Scenario: Nothing private is told
      Given Jo is on the Free plan
      When Jo goes to the checkout
      Then the enriched view has no "EMAIL"

    Scenario: A visitor of whom nothing but the number is known
      Given Kim is known to the shop by number only
      When Kim goes to the checkout
      Then the enriched view has "PAGENAME" equal to the text "Checkout"
      And the enriched view has no "PLANTYPE"
      And Kim is offered nothing

    @house_rule
    Scenario: A visitor with a very long number
      Given Jo is on the Free plan, by a very long number
      When Jo goes to the checkout
      Then the enriched view has "PLANTYPE" equal to the text "Free"
      And Jo is offered the Premium plan once

    @house_rule
    Scenario Outline: The <page> page is told by its name
      Given Jo is on the Free plan
      When Jo looks at the <page> page
      Then the enriched view has "PAGENAME" equal to the text "<name>"

      Examples:
        | page    | name    |
        | home    | Home    |
        | product | Product |
        | basket  | Basket  |

    @house_rule
    Scenario: A page that the shop does not list has no name
      Given Jo is on the Free plan
      And Jo claims to be at the checkout
      When Jo looks at a page that the shop does not list
      Then the enriched view has "PLANTYPE" equal to the text "Free"
      And the enriched view has no "PAGENAME"
      And Jo is offered nothing

    Scenario: What the page view said is kept
      Given Jo is on the Free plan
      When Jo looks at the home page
      Then the enriched view tells who has looked at what and when, as the page view did

    @house_rule
    Scenario: What else the page view said is kept
      Given Jo is on the Free plan
      When Jo looks at the home page
      Then the enriched view has "REFERRER" matching the text "news.*"

    @house_rule
    Scenario: Of somebody unknown only the page view is told
      Given Kim is nobody whom the shop knows
      When Kim goes to the checkout
      Then the enriched view has "PAGENAME" equal to the text "Checkout"
      And the enriched view has no "PLANTYPE"
      And the enriched view has no "COUNTRY"
      And the enriched view has no "INTERESTS"

    @house_rule
    Scenario: Nobody gets a plan by claiming it
      Given Kim is nobody whom the shop knows, and claims to be on the Free plan
      When Kim goes to the checkout
      Then the enriched view has no "PLANTYPE"
      And Kim is offered nothing

  Rule: What counts is what is known now

    @house_rule
    Scenario: A visitor who has changed the plan
      Given Jo is on the Free plan
      And Jo has looked at the home page
      And Jo has changed to the Premium plan
      When Jo goes to the checkout
      Then the enriched view has "PLANTYPE" equal to the text "Premium"
      And Jo is offered nothing

    @house_rule
    Scenario: A visitor who has joined
      Given Kim is nobody whom the shop knows
      And Kim has looked at the home page
      And Kim has joined on the Free plan
      When Kim goes to the checkout
      Then the enriched view has "PLANTYPE" equal to the text "Free"
      And Kim is offered the Premium plan once

  Rule: A page view is enriched within a second

    @service_level
    Scenario Outline: A view of the <page> page is enriched in time
      Given Jo is on the Free plan
      When Jo looks at the <page> page
      Then Jo's page view is enriched within 1 second

      Examples:
        | page     |
        | home     |
        | product  |
        | basket   |
        | checkout |

  Rule: A page view is not taken for another one

    Scenario: The right one among many
      Given Jo is on the Free plan
      And Lea is on the Premium plan
      When Jo and Lea go to the checkout, among 200 page views of other people
      Then Jo's enriched view has "PLANTYPE" equal to the text "Free"
      And Lea's enriched view has "PLANTYPE" equal to the text "Premium"
