@chaos @critical @house_rule
Feature: Failing parts
  Any part of the shop may fail for a moment, or be stopped. No order is lost by that, and nobody waits in vain.

  @embedded
  Rule: An order survives a function that fails for a moment

    Scenario Outline: A scan survives a function that fails <how often>
      Given the shop's functions fail <how often> for Ada
      When Ada scans the code
      Then Ada's order waits for its drink

      Examples:
        | how often |
        | once      |
        | twice     |

    Scenario: A choice survives a function that fails twice
      Given Ada has scanned the code
      And the shop's functions fail twice for Ada
      When Ada orders a drink
      Then Ada's order waits for a barista

    Scenario: The baristas are notified although the bus refuses the first message
      Given Ada has scanned the code
      And the bus refuses the first message to the baristas about Ada's order
      When Ada orders a drink
      Then Ada's order waits for a barista
      And the baristas are notified of Ada's drink

  @embedded
  Rule: An order continues within 10 seconds although the tables are throttled for 3 seconds

    Scenario: A scan survives throttled tables
      Given the shop's tables are throttled for 3 seconds
      When Ada scans the code
      Then Ada can choose within 10 seconds of the scan, despite the failure

    Scenario: A choice survives throttled tables
      Given Ada has scanned the code
      And the shop's tables are throttled for 3 seconds
      When Ada orders a drink
      Then the baristas see Ada's order within 10 seconds of the choice, despite the failure

    Scenario: An order gets its number although the numbers are throttled
      Given Ada has scanned the code
      When Ada orders a drink, and the numbers are throttled for 2 seconds
      Then Ada's order waits for a barista
      And the baristas are notified of the number of Ada's order

    Scenario: A completed drink survives throttled tables
      Given Ben has claimed Ada's order
      And the shop's tables are throttled for 3 seconds
      When Ben completes Ada's order
      Then Ada is notified within 10 seconds of its completion that the order is ready, despite the failure

  @embedded
  Rule: Every action takes effect although each service refuses the shop's first request

    Scenario Outline: <what> takes effect although each service refuses the first request
      Given <what has happened>
      And each service refuses the shop's next request for Ada
      When <who does>
      Then Ada's order is <state>
      And <what follows>

      Examples:
        | what            | what has happened           | who does                  | state             | what follows                                         |
        | A claim         | Ada has ordered a drink     | Ben claims Ada's order    | being made by Ben | everybody is notified that Ben is making Ada's order |
        | A completion    | Ben has claimed Ada's order | Ben completes Ada's order | completed         | everybody is notified that Ada's order is finished   |
        | A cancellation  | Ada has ordered a drink     | Ada cancels her order     | cancelled         | the café is done with Ada's order                    |

    Scenario: A scan takes effect although each service refuses the first request
      Given each service refuses the shop's next request for Ada
      When Ada scans the code
      Then Ada's order waits for its drink
      And Ada is notified that she can choose

    Scenario: A choice takes effect although each service refuses the first request
      Given Ada has scanned the code
      And each service refuses the shop's next request for Ada
      When Ada orders a drink
      Then Ada's order waits for a barista
      And the baristas are notified of Ada's drink

  @embedded
  Rule: A change counts at once, although the tables show it late

    Scenario: A customer's new order counts although the tables show it late
      Given Ada has as many open orders as the shop allows
      And the shop's tables show Ada's order late
      When Ada scans another code
      Then Ada has no second order

    Scenario: A customer whose order is over can order again although the tables show its end late
      Given Ben has completed Ada's order
      And the shop's tables show Ada's order late
      When Ada scans another code
      Then Ada has a further order

    @exclusive
    Scenario: A shop that has just closed takes no order although the tables show that late
      Given Mo has closed the shop
      And the shop's tables show Mo's changes late
      When Ada scans the code
      Then Ada is notified that the shop cannot take her order
      And Ada has no order

    @exclusive
    Scenario: A drink that has just run out is refused although the tables show that late
      Given Ada has scanned the code
      And the shop has run out of Cappuccino
      And the shop's tables show Mo's changes late
      When Ada tries to order a Cappuccino
      Then Ada is refused
      And Ada's order still waits for its drink

  @embedded
  Rule: A message that cannot be served is kept

    Scenario: A scan that nothing receives is kept
      Given nothing in the shop receives scans
      When Ada scans the code
      Then Ada's scan is kept among the dead letters
      And dead letters are kept for at least 4 days

    Scenario: A scan that is sent again opens its order
      Given Ada's scan is a dead letter
      When Mo sends Ada's dead letter again
      Then Ada's order waits for its drink

    Scenario: A message is kept when its function fails three times
      Given the shop's functions fail three times for Ada
      When Ada scans the code
      Then the message that Ada can choose is kept among the dead letters

    Scenario: The stop of an order that nothing receives is kept
      Given Ada has scanned the code
      And nothing in the shop receives that Ada's order is stopped
      When an operator stops Ada's order
      Then the message that Ada's order was stopped is kept among the dead letters

    Scenario: An alarm tells Mo about dead letters and failed cancellations
      When Mo looks at the shop's alarms
      Then an alarm goes off as soon as a message is among the dead letters
      And an alarm goes off as soon as a stopped order cannot be cancelled

  @embedded
  Rule: A late message revives no order

    Scenario: A cancelled order stays cancelled when the baristas are notified late
      Given Ada has ordered a drink that the baristas are notified of late
      When Ada cancels her order before the late notification
      Then Ada's order is cancelled
      And the café is done with Ada's order

    Scenario: A late message that arrives again is ignored
      Given Ada has cancelled her order before the baristas were notified of it
      When the message that Ada's order waits for a barista is delivered again
      Then Ada's order is exactly as it was

  Rule: Nobody waits for an order that was stopped or has failed

    Scenario: A customer is notified that her order was stopped
      Given Ada has scanned the code
      When an operator stops Ada's order
      Then Ada's order is cancelled because of "Order stopped"
      And Ada is notified that her order is cancelled

    Scenario: A claimed order that is stopped is cancelled
      Given Ben has claimed Ada's order
      When an operator stops Ada's order
      Then Ada's order is cancelled
      And Ada is notified that her order is cancelled

    Scenario: A customer whose order was stopped can order again
      Given Ada has as many open orders as the shop allows
      And an operator has stopped Ada's order
      When Ada scans another code
      Then Ada has a further order

    @embedded
    Scenario: An order goes on when the work on its duplicate scan is stopped
      Given Ada's scan was delivered again, and the café is slow to notice
      When an operator stops the work on Ada's duplicate scan
      Then Ada's order still waits for its drink

    @embedded
    Scenario: An order that gets no number is cancelled
      Given Ada has scanned the code
      When Ada orders a drink, and the shop cannot number her order
      Then Ada's order is cancelled
      And Ada is notified that her order is cancelled
