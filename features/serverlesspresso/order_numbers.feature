@critical
Feature: Order numbers
  The number is called out when the drink is ready, so every accepted order has one,
  and no two have the same.

  Rule: An order gets its number when its drink is accepted

    Scenario: An order that waits for its drink has no number
      When Ada scans the code
      Then Ada's order waits for its drink
      And Ada's order has no number

    Scenario: A refused drink brings no number
      Given Ada has scanned the code
      When Ada tries to order a Milkshake
      Then Ada is refused
      And Ada's order has no number

    Scenario: The baristas are told the number that the order shows
      Given Ada has scanned the code
      When Ada orders a Cappuccino
      Then the baristas are told the number of Ada's order

    @exclusive
    Scenario: A cancelled order takes no number
      Given Eve has ordered a Cappuccino
      And Ada has cancelled her order before choosing a drink
      When Dev orders a Latte after scanning the code
      Then Dev has the very next number after Eve's

  Rule: Numbers rise

    Scenario: A later order has a higher number
      Given Ada has ordered a Cappuccino
      When Dev orders a Latte after scanning the code
      Then Dev's number is higher than Ada's

    @exclusive @blocker @crowd
    Scenario: Many orders at the same moment get the very next numbers, each once
      Given Ada has ordered a Cappuccino
      And as many others as the shop has room for have scanned the code
      When they all order a Cappuccino at the same moment
      Then each of them gets one of the next numbers after Ada's, and no number is given twice
