@exclusive
Feature: Shop hours
  Mo closes the shop in the evening. Nobody new gets in, and everybody who is waiting gets their drink.

  Rule: A closed shop takes no new orders

    @critical
    Scenario: A scan at a closed shop is refused
      Given Mo has closed the shop
      When Ada scans the code
      Then Ada is told that the shop cannot take her order
      And Ada has no order

    @house_rule
    Scenario: A refused scan keeps nobody busy
      Given Mo has closed the shop
      When Ada scans the code
      Then the café is done with Ada's order

    @house_rule
    Scenario: A shop that does not say whether it is open is closed
      Given Mo has taken the sign off the door
      When Ada scans the code
      Then Ada is told that the shop cannot take her order

    Scenario: A shop that opens again takes orders
      Given Mo has closed the shop
      And Mo has opened the shop
      When Ada scans the code
      Then Ada's order waits for its drink

  Rule: A shop that is set up anew goes on as it was

    @house_rule @embedded
    Scenario: What Mo has changed and the numbers that were given outlast an update
      Given a shop that has just opened
      And 98 numbers were given before
      And Mo allows a customer 2 open orders
      And the shop has run out of Cappuccino
      And Mo has closed the shop
      When the shop is updated
      Then nothing in the shop is set otherwise than before

  Rule: Whoever is waiting when the shop closes is served

    Scenario: A customer who has scanned can still order
      Given Ada has scanned the code
      And Mo has closed the shop
      When Ada orders a drink
      Then Ada's order waits for a barista

    Scenario: A customer can still cancel
      Given Ada has ordered a drink
      And Mo has closed the shop
      When Ada cancels her order
      Then Ada's order is cancelled

    Scenario: A barista can still claim
      Given Ada has ordered a drink
      And Mo has closed the shop
      When Ben claims Ada's order
      Then Ada's order is being made by Ben

    Scenario: A submitted order is still completed
      Given Ada has ordered a drink
      And Mo has closed the shop
      When Ben completes Ada's order
      Then Ada's order is completed
      And the café is done with Ada's order
