@retail @critical
Feature: Enriched page views
  The shop is notified of every page view, and adds what it knows about the visitor and the page.
  Everything else that it does for its visitors builds on that.

  Rule: An enriched view contains the page view and the visitor's details

    @core @smoke @blocker
    Scenario: The visitor's plan is known
      Given Jo is on the Free plan
      When Jo goes to the checkout
      Then the enriched view has "PLANTYPE" equal to the text "Free"

    Scenario: All known details are added
      Given Lea from SE is on the Premium plan, and interested in Gardening
      When Lea goes to the checkout
      Then the enriched view has "PLANTYPE" not equal to the text "Free"
      And the enriched view has "PAGENAME" equal to the text "Checkout"
      And the enriched view has "COUNTRY" equal to the text "SE"
      And the enriched view has "INTERESTS" containing the text "Garden"

    Scenario Outline: Details are passed on unchanged: <country>
      Given Lea from "<country>" is on the "<plan>" plan, and interested in "<interests>"
      When Lea goes to the checkout
      Then the enriched view has "COUNTRY" equal to the text "<country>"
      And the enriched view has "PLANTYPE" equal to the text "<plan>"
      And the enriched view has "INTERESTS" equal to the text "<interests>"

      Examples:
        | country       | plan  | interests        |
        | 東京            | Team  | 茶道, 🎮            |
        | Côte d'Ivoire | Früh+ | Rock 'n' Roll    |
        | Ελλάδα        | FREE  | <b>bold</b> & \n |

    @house_rule
    Scenario: An empty detail is passed on unchanged
      Given Lea from SE is on the Team plan, and has no interests
      When Lea goes to the checkout
      Then the enriched view has "INTERESTS" equal to the text ""

    Scenario: Private details are not passed on
      Given Jo is on the Free plan
      When Jo goes to the checkout
      Then the enriched view has no "EMAIL"

    Scenario: A visitor known by number only is offered nothing
      Given Kim is known to the shop by number only
      When Kim goes to the checkout
      Then the enriched view has "PAGENAME" equal to the text "Checkout"
      And the enriched view has no "PLANTYPE"
      And Kim is offered nothing

    @house_rule
    Scenario: A visitor with a very long number is recognized
      Given Jo is on the Free plan, and has a very long number
      When Jo goes to the checkout
      Then the enriched view has "PLANTYPE" equal to the text "Free"
      And Jo is offered the Premium plan once

    @house_rule
    Scenario Outline: The <page> page is passed on by name
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

    Scenario: The content of the page view is kept
      Given Jo is on the Free plan
      When Jo looks at the home page
      Then the enriched view says who looked at which page and when, as the page view did

    @house_rule
    Scenario: Additional content of the page view is kept
      Given Jo is on the Free plan
      When Jo looks at the home page
      Then the enriched view has "REFERRER" equal to the text "newsletter: été, 東京"

    @house_rule
    Scenario: Nothing is added about an unknown visitor
      Given Kim is unknown to the shop
      When Kim goes to the checkout
      Then the enriched view has "PAGENAME" equal to the text "Checkout"
      And the enriched view has no "PLANTYPE"
      And the enriched view has no "COUNTRY"
      And the enriched view has no "INTERESTS"

    @house_rule
    Scenario: Nothing is added about a visitor of whom only the plan is known
      Given Jo is on the Free plan, and nothing else is known
      When Jo goes to the checkout
      Then the enriched view has "PLANTYPE" equal to the text "Free"
      And the enriched view has no "COUNTRY"
      And the enriched view has no "INTERESTS"

    @house_rule
    Scenario: A visitor cannot claim a plan
      Given Kim is unknown to the shop, and claims to be on the Free plan
      When Kim goes to the checkout
      Then the enriched view has no "PLANTYPE"
      And Kim is offered nothing

  @users_table @house_rule
  Rule: A detail that is not a text delays nobody

    Scenario Outline: A visitor whose interests are <what> is still offered the Premium plan
      Given Jo is on the Free plan, with <what> for interests
      When Jo goes to the checkout
      Then the enriched view has "PLANTYPE" equal to the text "Free"
      And the enriched view has no "INTERESTS"
      And Jo is offered the Premium plan once

      Examples:
        | what     |
        | a number |
        | a list   |
        | a set    |
        | nothing  |

  Rule: The latest details count

    @house_rule
    Scenario: A visitor's new plan counts
      Given Jo is on the Free plan
      And Jo has looked at the home page
      And Jo has changed to the Premium plan
      When Jo goes to the checkout
      Then the enriched view has "PLANTYPE" equal to the text "Premium"
      And Jo is offered nothing

    @house_rule
    Scenario: A visitor who has joined is recognized
      Given Kim is unknown to the shop
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

  Rule: Page views are not mixed up

    Scenario: Each visitor gets their own details among many
      Given Jo is on the Free plan
      And Lea is on the Premium plan
      When Jo and Lea go to the checkout, among 200 page views of other people
      Then Jo's enriched view has "PLANTYPE" equal to the text "Free"
      And Lea's enriched view has "PLANTYPE" equal to the text "Premium"

    @house_rule
    Scenario: An unknown visitor among many gets nobody else's details
      Given Kim is unknown to the shop
      And Lea is on the Premium plan
      When Kim and Lea go to the checkout, among 200 page views of other people
      Then Kim's enriched view has no "PLANTYPE"
      And Lea's enriched view has "PLANTYPE" equal to the text "Premium"
      And Kim is offered nothing
