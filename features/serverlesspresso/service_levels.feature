@critical @service_level
Feature: Service levels
  People stand in line. Each promise of time is counted between two moments that the cloud itself has stamped,
  never by the clock of whoever looks; what was promised about the order is judged beside it, and apart from it.

  Rule: Whoever scans the code can choose within 2 seconds

    @judged_apart
    Scenario: A scan is acknowledged in time
      Given the shop is in full swing
      When Ada scans the code
      Then Ada can choose within 2 seconds of the scan
      And Ada's order waits for its drink

  Rule: The baristas see a drink within 1 second

    @judged_apart
    Scenario: A submitted drink reaches the baristas in time
      Given the shop is in full swing
      And Ada has scanned the code
      When Ada orders a drink
      Then the baristas see Ada's order within 1 second of the choice
      And the baristas are told about Ada's drink
      And Ada's order waits for a barista

  Rule: A claim is shown within half a second

    @judged_apart
    Scenario: Everybody sees in time who makes an order
      Given the shop is in full swing
      And Ada has ordered a drink
      When Ben claims Ada's order
      Then everybody sees within 500 milliseconds of the claim who makes Ada's order
      And Ada's order is being made by Ben

  Rule: An order that is given back is shown as free within half a second

    @judged_apart
    Scenario: Everybody sees in time that an order is free again
      Given the shop is in full swing
      And Ben has claimed Ada's order
      When Ben gives Ada's order back
      Then everybody sees within 500 milliseconds of its return that Ada's order is free again
      And nobody is making Ada's order

  Rule: The customer hears within half a second that the drink is ready, and its place is free within a second

    @judged_apart
    Scenario: A customer hears in time that the order is ready
      Given the shop is in full swing
      And Ben has claimed Ada's order
      When Ben completes Ada's order
      Then Ada hears within 500 milliseconds of its completion that the order is ready
      And everybody is told within 1 second of its completion that Ada's order is finished
      And Ada's order is completed

  Rule: A rush hour keeps every promise for 95 of 100 orders

    @exclusive @judged_apart @crowd
    Scenario: 20 orders that are open at once
      Given the shop is in full swing, with room for 20 more orders
      When 20 customers a second come, until all of them have got their drinks
      Then 95 % of them can choose within 2 seconds of the scan
      And the baristas see 95 % of the orders within 1 second of the choice
      And 95 % of the claims are shown within 500 milliseconds
      And 95 % of them hear within 500 milliseconds of its completion that the order is ready
      And no order is lost
      And no number is given twice
