@critical
Feature: Order numbers
  The number is called out when the drink is ready, so every accepted order has one,
  and no two have the same.

  Rule: An order gets its number when its drink is accepted

    Scenario: An order that waits for its drink has no number
      When Ada scans the code
      Then Ada's order waits for its drink
      And Ada's order has no number

    Scenario: A refused drink gets no number
      Given Ada has scanned the code
      When Ada tries to order a drink that is not on the menu
      Then Ada's order still waits for its drink
      And Ada's order has no number

    @core
    Scenario: The baristas are notified of the order's number
      Given Ada has scanned the code
      When Ada orders a drink
      Then the baristas are notified of the number of Ada's order

    @exclusive @house_rule
    Scenario: A cancelled order takes no number
      Given Eve has ordered a drink
      And Ada has cancelled her order before choosing a drink
      When Dev orders a drink after scanning the code
      Then Dev has the number that follows Eve's

  Rule: Numbers rise

    @core
    Scenario: A later order has a higher number
      Given Ada has ordered a drink
      When Dev orders a drink after scanning the code
      Then Dev's number is higher than Ada's

    @exclusive @house_rule @embedded
    Scenario: Numbers go on after 99
      Given a shop that has just opened
      And 98 order numbers have been used
      And 4 customers have scanned the code
      When they order a drink, one after the other
      Then they get the numbers that follow

    @exclusive @house_rule @embedded
    Scenario: Numbers go on after 999
      Given 998 order numbers have been used
      And 4 customers have scanned the code
      When they order a drink, one after the other
      Then they get the numbers that follow

    @exclusive @blocker @crowd
    Scenario: Many simultaneous orders get different numbers
      Given Ada has ordered a drink
      And as many others as the shop can serve have scanned the code
      When they all order a drink at the same moment
      Then each of them gets a number higher than Ada's, and no two have the same

    @exclusive @house_rule
    Scenario: Simultaneous orders get consecutive numbers
      Given Ada has ordered a drink
      And 5 customers have scanned the code
      When they all order a drink at the same moment
      Then they get the numbers that follow Ada's, and no two have the same
