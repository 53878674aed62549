@exclusive @critical @crowd
Feature: Capacity
  The shop serves so many orders at once and no more. Who comes too late is told so.

  Rule: A full shop takes no new orders

    @house_rule
    Scenario: The shop serves 20 orders at once
      Given Mo lets 30 more customers in
      And 20 customers have scanned the code
      And 101 customers have been turned away
      When Ada scans the code
      Then Ada is told that the shop cannot take her order

    @house_rule
    Scenario: Of many who come at the same moment as many are let in as there is room for
      When half as many customers again as the shop has room for scan the code at the same moment
      Then as many of them have an order as there is room for, and no more
      And the others are told that the shop cannot take their orders

    Scenario: One order more than the shop can serve is refused
      Given the shop is full
      When Ada scans the code
      Then Ada is told that the shop cannot take her order
      And Ada has no order

    Scenario: The last free place is given away
      Given the shop is full but for one place
      When Ada scans the code
      Then Ada's order waits for its drink

    Scenario: A place that becomes free is given away
      Given the shop is full
      And one of the orders is cancelled
      When Ada scans the code
      Then Ada's order waits for its drink
