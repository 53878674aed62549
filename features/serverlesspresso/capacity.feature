@exclusive @critical @crowd
Feature: Capacity
  The shop handles a limited number of open orders. Further customers are told that it is full.

  Rule: A full shop takes no new orders

    @house_rule
    Scenario: The shop serves 20 orders at once
      Given Mo lets 30 more customers in
      And 20 customers have scanned the code
      When 101 more customers scan the code
      Then all of them are notified that the shop cannot take their orders

    @house_rule @embedded
    Scenario: A shop that is set up for fewer orders takes fewer
      Given a shop that is set up for 6 orders at once
      And 6 customers have scanned the code
      When Ada scans the code
      Then Ada is notified that the shop cannot take her order

    @house_rule
    Scenario: As many simultaneous customers get in as there are free places
      When half as many customers again as the shop can serve scan the code at the same moment
      Then exactly as many of them have an order as there are free places
      And the others are notified that the shop cannot take their orders

    Scenario: One order more than the shop can serve is refused
      Given the shop is full
      When Ada scans the code
      Then Ada is notified that the shop cannot take her order
      And Ada has no order

    Scenario: The last free place goes to the next customer
      Given the shop is full but for one place
      When Ada scans the code
      Then Ada's order waits for its drink

    Scenario: A place that becomes free goes to the next customer
      Given the shop is full
      And one of the orders is cancelled
      When Ada scans the code
      Then Ada's order waits for its drink
