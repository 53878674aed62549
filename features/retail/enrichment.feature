@retail @critical
Feature: Enriched page views
  The shop hears of every page that somebody looks at, and adds what it knows of the visitor and the page.
  Everything else that it does for its visitors builds on that.

  Rule: A page view tells who looked at what, and what is known of them

    @smoke @blocker
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

    Scenario: What the page view said is kept
      Given Jo is on the Free plan
      When Jo looks at the home page
      Then the enriched view tells who "USERID", what "PAGEID" and when "TIMESTAMP" as the page view did

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

  Rule: A page view is not taken for another one

    Scenario: The right one among many
      Given Jo is on the Free plan
      And Lea is on the Premium plan
      When Jo and Lea go to the checkout, among 200 page views of other people
      Then Jo's enriched view has "PLANTYPE" equal to the text "Free"
      And Lea's enriched view has "PLANTYPE" equal to the text "Premium"
