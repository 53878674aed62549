@critical @service_level
Feature: Service levels
  People stand in line. Each service level is measured between two timestamps of the cloud itself, never by the clock
  of the test. What else was promised about the order is checked separately.

  Rule: A customer can choose within 2 seconds of the scan

    @judged_apart
    Scenario: A scan is acknowledged in time
      Given the shop is warmed up
      When Ada scans the code
      Then Ada can choose within 2 seconds of the scan
      And Ada's order waits for its drink

  Rule: The baristas see a drink within 1 second

    @judged_apart
    Scenario: A submitted drink reaches the baristas in time
      Given the shop is warmed up
      And Ada has scanned the code
      When Ada orders a drink
      Then the baristas see Ada's order within 1 second of the choice
      And the baristas are notified of Ada's drink
      And Ada's order waits for a barista

  Rule: A claim is announced within half a second

    @judged_apart
    Scenario: A claim is announced in time
      Given the shop is warmed up
      And Ada has ordered a drink
      When Ben claims Ada's order
      Then everybody is notified within 500 milliseconds of the claim who is making Ada's order
      And Ada's order is being made by Ben

  Rule: A returned order is announced within half a second

    @judged_apart
    Scenario: A returned order is announced in time
      Given the shop is warmed up
      And Ben has claimed Ada's order
      When Ben gives Ada's order back
      Then everybody is notified within 500 milliseconds of its return that Ada's order is available again
      And nobody is making Ada's order

  Rule: The customer is notified within half a second that the drink is ready, and its place is free within a second

    @judged_apart
    Scenario: A customer is notified in time that the order is ready
      Given the shop is warmed up
      And Ben has claimed Ada's order
      When Ben completes Ada's order
      Then Ada is notified within 500 milliseconds of its completion that the order is ready
      And everybody is notified within 1 second of its completion that Ada's order is finished
      And Ada's order is completed

  Rule: In a rush hour 95 of 100 orders meet every service level

    @exclusive @judged_apart @crowd
    Scenario: 20 orders open at once meet the service levels
      Given the shop is warmed up, with room for 20 more orders
      When 20 customers arrive per second, until all of them have their drinks
      Then 95 % of them can choose within 2 seconds of the scan
      And the baristas see 95 % of the orders within 1 second of the choice
      And 95 % of the claims are shown within 500 milliseconds
      And 95 % of them are notified within 500 milliseconds of its completion that the order is ready
      And no order is lost
      And no two orders have the same number
