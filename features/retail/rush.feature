@retail @critical
Feature: Many page views
  Thousands look at pages at the same time. Nobody is forgotten, nobody is told twice, and offers still come in time.

  Rule: A burst of page views is enriched, and answered in time

    @exclusive @service_level @judged_apart
    Scenario: 1,000 page views at once
      When 1000 page views come at once
      Then each of them is enriched once
      And 95 % of the offers are made within 500 milliseconds of the enriched view
      And each offer that is due is made once, and no other

  Rule: What a visitor did first is told first

    @house_rule
    Scenario: Each visitor's page views are told in their order
      When 200 page views come at once
      Then each of them is enriched
      And each visitor's page views are told in their order

  Rule: A service takes up all that has come

    @first_start
    Scenario: Page views that came before the services were first started
      Given 8 page views had come before the services were started for the first time
      Then each of them is enriched once
      And each offer that is due is made once, and no other

    @instances
    Scenario: Another instance of the Promotions Service comes and goes
      When 80 page views come while another Promotions Service shares the work, and again when it has ended
      Then each of them is enriched
      And each offer that is due is made once, and no other

  Rule: A service that is restarted loses nothing

    @restart
    Scenario Outline: The <service> is restarted half-way
      When 400 page views come, and the <service> is restarted half-way
      Then each of them is enriched once
      And each offer that is due is made once, and no other

      Examples:
        | service            |
        | User Service       |
        | Promotions Service |

    @restart @crash
    Scenario: The User Service breaks down half-way
      When 400 page views come, and the User Service breaks down half-way and is started again
      Then each of them is enriched
      And each offer that is due is made once, and no other

    @restart @crash
    Scenario: The Promotions Service breaks down half-way
      When 400 page views come, and the Promotions Service breaks down half-way and is started again
      Then each of them is enriched once
      And each offer that is due is made once, and no other

  Rule: Nothing is lost while something else is away

    @outage
    Scenario: Kafka takes no messages for a while
      When 80 page views come while Kafka takes no messages for 4 seconds
      Then each of them is enriched once
      And each offer that is due is made once, and no other

    @outage
    Scenario: The users cannot be looked up for a while
      When 80 page views come while the users cannot be looked up for 4 seconds
      Then each of them is enriched
      And each offer that is due is made once, and no other

    @outage
    Scenario: Only some users are found at a time
      When 80 page views come while only some users are found at a time
      Then each of them is enriched once
      And each offer that is due is made once, and no other
