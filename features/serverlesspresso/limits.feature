@critical
Feature: Limits
  Mo decides how many orders a customer may have open, and how many orders the shop takes at once.

  Rule: A customer has no more open orders than the shop allows

    Scenario: A customer with too many open orders gets no further one
      Given Ada has as many open orders as the shop allows
      When Ada scans another code
      Then Ada has no second order
      And Ada's order stays as it was

    Scenario Outline: An order counts as open while it <is>
      Given Ada has as many open orders as the shop allows
      And Ada's order <is> by now
      When Ada scans another code
      Then Ada has no second order

      Examples:
        | is               |
        | awaits a barista |
        | is being made    |

    Scenario: Simultaneous scans by one customer open no more orders than the shop allows
      When Ada scans one code more than the shop allows, all at the same moment
      Then Ada has as many orders as the shop allows, and no more

    @exclusive @house_rule
    Scenario: A customer has as many open orders as Mo allows
      Given Mo allows a customer 6 open orders
      When Ada scans one code more than the shop allows, all at the same moment
      Then Ada has as many orders as the shop allows, and no more

    @exclusive @house_rule
    Scenario: A new limit takes effect at once
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

    @house_rule @embedded
    Scenario: The shop's records about a customer hold no order that is over
      Given Ben has completed Ada's order
      When Ada scans the code
      Then Ada's order waits for its drink
      And the shop's records about Ada mention none of her earlier orders

    @house_rule
    Scenario Outline: Customers whose ids differ in <what> are told apart
      Given Dev's id differs from Ada's in <what>
      And Ada has as many open orders as the shop allows
      When Dev scans the code
      Then Dev's order waits for its drink

      Examples:
        | what                    |
        | its first letter's case |
        | a blank before it       |

    @house_rule
    Scenario: A customer who gets no further order is notified
      Given Ada has as many open orders as the shop allows
      When Ada scans another code
      Then Ada is notified that the shop cannot take her order

    @house_rule @embedded
    Scenario: The shop's records about a customer expire
      When Ada scans the code
      Then Ada's order waits for its drink
      And the shop's records about Ada expire 7 days later

    @house_rule @embedded
    Scenario: A further scan keeps the shop's records about a customer for another week
      Given Ben has completed Ada's order
      And the shop's records about Ada expire tomorrow
      When Ada scans the code
      Then Ada's order waits for its drink
      And the shop's records about Ada expire 7 days later

  @exclusive
  Rule: The shop has no more open orders than Mo allows

    Scenario: One order more than Mo allows is refused
      Given Mo lets 2 more customers in
      And 2 customers have scanned the code
      When Ada scans the code
      Then Ada is notified that the shop cannot take her order
      And Ada has no order

    @house_rule
    Scenario: A shop without limits lets a customer have a further order
      Given Ada has scanned the code
      And Mo has removed the shop's limits
      When Ada scans another code
      Then Ada has a further order

    @house_rule
    Scenario: A limit of 0 refuses every order
      Given Mo has limited the open orders to 0
      When Ada scans the code
      Then Ada is notified that the shop cannot take her order
      And Ada has no order
