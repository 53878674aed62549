@retail @critical
Feature: Many page views
  Thousands of people look at pages at the same time. Nobody is forgotten, nobody gets an offer twice, and offers still
  come in time.

  Rule: A burst of page views is enriched, and answered in time

    @exclusive @service_level @judged_apart
    Scenario: A burst of 1,000 page views is answered in time
      When 1000 page views come at once
      Then each of them is enriched once
      And 95 % of the offers are made within 500 milliseconds of the enriched view
      And each offer that is due is made once, and no other

    Scenario: Page views that all arrive twice lead to one offer each
      When 200 page views come at once, each of them twice
      Then each of them is enriched
      And each offer that is due is made once, and no other

  Rule: A visitor's page views keep their order

    @house_rule
    Scenario: Each visitor's page views are enriched in their order
      When 200 page views come at once
      Then each of them is enriched
      And each visitor's page views are enriched in their order

  Rule: A service processes all page views

    @first_start
    Scenario: Page views from before the services' first start are processed
      Given 8 page views had come before the services were started for the first time
      Then each of them is enriched once
      And each offer that is due is made once, and no other

    @instances
    Scenario: A second instance of the Promotions Service shares the work
      When 80 page views arrive while another Promotions Service shares the work, and again after it has ended
      Then each of them is enriched
      And each offer that is due is made once, and no other

  Rule: A service can be run by hand, without being told the usual topics

    @instances @house_rule
    Scenario: A Promotions Service that is started by hand works until Ctrl-C
      When another Promotions Service is started by hand, and ended by Ctrl-C
      Then the Promotions Service has ended as it does when it is asked to

  Rule: A service that is set up wrongly reports an error

    @instances @house_rule
    Scenario Outline: A User Service whose <what> have no topic reports an error
      When another User Service is started whose <what> have no topic
      Then the User Service has reported an error to its supervisor
      And the reason that it printed names that topic

      Examples:
        | what           |
        | enriched views |
        | dead letters   |

    @instances @house_rule
    Scenario: A User Service that does not know its AWS region reports an error
      When another User Service is started without an AWS region
      Then the User Service has reported an error to its supervisor
      And the reason that it printed mentions the region

  Rule: A restarted service loses nothing

    @restart
    Scenario Outline: Restarting the <service> loses nothing
      When 400 page views come, and the <service> is restarted half-way
      Then each of them is enriched once
      And each offer that is due is made once, and no other

      Examples:
        | service            |
        | User Service       |
        | Promotions Service |

    @restart @outage
    Scenario: Restarting the User Service during a look-up loses nothing
      When 80 page views come, and the User Service is restarted while it looks up their visitors
      Then each of them is enriched once
      And each offer that is due is made once, and no other

    @restart @crash
    Scenario: A crash of the User Service loses nothing
      When 400 page views arrive, and the User Service crashes half-way and is restarted
      Then each of them is enriched
      And each offer that is due is made once, and no other

    @restart @crash
    Scenario: A crash of the Promotions Service loses nothing
      When 400 page views arrive, and the Promotions Service crashes half-way and is restarted
      Then each of them is enriched once
      And each offer that is due is made once, and no other

  Rule: An outage loses nothing

    @outage
    Scenario: An outage of Kafka loses nothing
      When 80 page views come while Kafka takes no messages for 4 seconds
      Then each of them is enriched once
      And each offer that is due is made once, and no other

    @outage
    Scenario: An outage of the user table loses nothing
      When 80 page views come while the users cannot be looked up for 4 seconds
      Then each of them is enriched
      And each offer that is due is made once, and no other

    @outage @house_rule
    Scenario: A service that gives up reports an error, and loses nothing
      When 80 page views come while the User Service may not look up users, until it gives up
      Then the User Service has reported an error to its supervisor
      And each of them is enriched
      And each offer that is due is made once, and no other

    @outage
    Scenario: A throttled user table loses nothing
      When 600 page views come while only some users are found at a time
      Then each of them is enriched once
      And each offer that is due is made once, and no other
