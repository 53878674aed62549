@exclusive
Feature: Shop hours
  Mo closes the shop in the evening. Nobody new gets in, and everybody who is waiting gets their drink.

  Rule: A closed shop takes no new orders

    @critical
    Scenario: A scan at a closed shop is refused
      Given Mo has closed the shop
      When Ada scans the code
      Then Ada is notified that the shop cannot take her order
      And Ada has no order

    @house_rule
    Scenario: A refused scan leaves no work open
      Given Mo has closed the shop
      When Ada scans the code
      Then the café is done with Ada's order

    @house_rule
    Scenario: A shop whose opening state is unknown is closed
      Given Mo has removed the shop's opening state
      When Ada scans the code
      Then Ada is notified that the shop cannot take her order

    Scenario: A shop that opens again takes orders
      Given Mo has closed the shop
      And Mo has opened the shop
      When Ada scans the code
      Then Ada's order waits for its drink

  Rule: An update keeps the shop's menu, settings and order numbers

    @house_rule @embedded
    Scenario: Mo's changes and the order numbers survive an update
      Given a shop that has just opened
      And 98 order numbers have been used
      And Mo allows a customer 2 open orders
      And the shop has run out of Cappuccino
      And Mo has closed the shop
      When the shop is updated
      Then the shop's menu, settings and order numbers are unchanged

  Rule: A shop is set up as a whole, and removed as a whole

    @house_rule @embedded
    Scenario: A shop that cannot store its menu is not opened
      When Mo opens another shop, which cannot store its menu
      Then Mo learns that it could not be opened

    @house_rule @embedded
    Scenario: A shop that is given up is removed
      When Mo opens another shop and removes it
      Then that shop is gone

  Rule: Customers who are waiting when the shop closes are served

    Scenario: A customer who has scanned can still order after closing time
      Given Ada has scanned the code
      And Mo has closed the shop
      When Ada orders a drink
      Then Ada's order waits for a barista

    Scenario: A customer can still cancel after closing time
      Given Ada has ordered a drink
      And Mo has closed the shop
      When Ada cancels her order
      Then Ada's order is cancelled

    Scenario: A barista can still claim after closing time
      Given Ada has ordered a drink
      And Mo has closed the shop
      When Ben claims Ada's order
      Then Ada's order is being made by Ben

    Scenario: A submitted order is still completed after closing time
      Given Ada has ordered a drink
      And Mo has closed the shop
      When Ben completes Ada's order
      Then Ada's order is completed
      And the café is done with Ada's order
