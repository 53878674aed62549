@load @exclusive @service_level
Feature: Load
  Customers keep coming, however many are still waiting. Each one scans, chooses at once, and a barista serves the
  order. What they have to wait counts from when they meant to come, so that a queue at the door is seen.

  Rule: While a customer a second comes, 95 of 100 meet every service level

    @judged_apart
    Scenario: Customers who keep coming are served in time
      When a customer a second keeps coming for 20 seconds
      Then 95 % of those who came can choose within 2 seconds of the scan
      And the baristas see the orders of 95 % of those who came within 1 second of the choice
      And the claims for 95 % of those who came are shown within 500 milliseconds
      And 95 % of those who came are notified within 500 milliseconds of its completion that the order is ready

  Rule: While 2 customers a second come, each of them gets what they ordered, once

    @judged_apart
    Scenario: Every one of the customers who keep coming is served once
      When 2 customers a second keep coming for 20 seconds
      Then every customer who came is served
      And nothing is announced twice to those who came
      And no two open orders of those who came have the same number
      And every order of those who came is stored as it was ordered
