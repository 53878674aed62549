@critical
Feature: Limits
  Mo decides how many orders a customer may have open, and how many orders the shop takes at once.

  Rule: A customer has no more open orders than the shop allows

    Scenario: A customer who has enough open orders gets no further one
      Given Ada has as many open orders as the shop allows
      When Ada scans another code
      Then Ada has no further order
      And Ada's order stays as it was

    Scenario: Codes that a customer scans at the same moment open no more orders than the shop allows
      When Ada scans one code more than the shop allows, all at the same moment
      Then Ada has as many orders as the shop allows, and no more

    @exclusive @house_rule
    Scenario: A customer has as many open orders as Mo allows
      Given Mo allows a customer 2 open orders
      When Ada scans one code more than the shop allows, all at the same moment
      Then Ada has as many orders as the shop allows, and no more

    @exclusive @house_rule
    Scenario: What Mo allows counts at once
      Given Dev has as many open orders as the shop allows
      And Dev has scanned another code in vain
      And Mo allows a customer 2 open orders
      And Ada has scanned the code
      When Ada scans another code
      Then Ada has a further order

    Scenario Outline: A customer whose order is <over> can order again
      Given <what has happened>
      When Ada scans the code
      Then Ada's order waits for its drink

      Examples:
        | over      | what has happened             |
        | completed | Ben has completed Ada's order |
        | cancelled | Ada has cancelled her order   |

    @house_rule
    Scenario: A customer who gets no further order is told so
      Given Ada has as many open orders as the shop allows
      When Ada scans another code
      Then Ada is told that the shop cannot take her order

    @house_rule @embedded
    Scenario: What the shop remembers of a customer is forgotten in the end
      When Ada scans the code
      Then Ada's order waits for its drink
      And what the shop remembers of Ada is forgotten 7 days later

  @exclusive
  Rule: The shop takes no more orders at once than Mo allows

    Scenario: One order more than Mo allows is refused
      Given Mo lets 2 more customers in
      And 2 customers have scanned the code
      When Ada scans the code
      Then Ada is told that the shop cannot take her order
      And Ada has no order

    @house_rule
    Scenario: Nobody is let in where Mo lets in nobody
      Given Mo lets in nobody
      When Ada scans the code
      Then Ada is told that the shop cannot take her order
      And Ada has no order
