@critical
Feature: Messages that arrive twice
  The café's messages are promised at least once. One that arrives twice must leave
  the same order behind as one that arrives once.

  Rule: A scan that arrives twice opens one order

    Scenario: The order is served once
      Given Ada has scanned the code
      When Ada's scan is delivered again
      Then Ada's order stays as it was
      And Ada's order is served once

    @house_rule
    Scenario: Of two deliveries at the same moment one opens the order
      When Ada scans the code, and the scan arrives twice at the same moment
      Then Ada's order waits for its drink
      And Ada's order was begun twice, and nothing has gone wrong with it

    @house_rule
    Scenario: The second delivery comes to a good end
      Given Ada has scanned the code
      When Ada's scan is delivered again
      Then Ada's order was begun twice, and nothing has gone wrong with it

    Scenario: The order can be submitted as usual
      Given Ada's scan was delivered twice
      When Ada orders a drink
      Then Ada's order waits for a barista

    Scenario: Somebody else's scan of the same code does not take the order over
      Given Ada has scanned the code
      When Eve scans the code of Ada's order
      Then Ada's order stays as it was
      And Ada's order is served once

    Scenario: The scan of a completed order opens nothing
      Given Ben has completed Ada's order
      When Ada's scan is delivered again
      Then Ada's order stays as it was

    @house_rule
    Scenario Outline: The scan of an order that is over leaves no trace: <what>
      Given <what has happened>
      When Ada's scan is delivered again
      Then Ada's order is exactly as it was
      And nobody is kept busy by Ada's order

      Examples:
        | what      | what has happened           |
        | completed | Ben has made Ada's order    |
        | cancelled | Ada has cancelled her order |

  Rule: A message that arrives again later changes nothing

    Scenario: The start of a waiting order
      Given Ada has scanned the code
      When the message that Ada can choose is delivered again
      Then Ada's order stays as it was
      And Ada's order is still being served

    Scenario: The start of an order that was submitted since
      Given Ada has ordered a drink
      When the message that Ada can choose is delivered again
      Then Ada's order stays as it was
      And Ada's order is still being served

    Scenario: An order whose start was delivered again can be completed
      Given Ben has claimed Ada's order
      And the message that Ada can choose was delivered again
      When Ben completes Ada's order
      Then Ada's order is completed
      And the café is done with Ada's order

    Scenario: The message to the baristas
      Given Ada has ordered a drink
      When the message that Ada's order waits for a barista is delivered again
      Then Ada's order stays as it was
      And Ada's order is still being served

    Scenario: The message to the baristas, after a barista has claimed the order
      Given Ben has claimed Ada's order
      When the message that Ada's order waits for a barista is delivered again
      Then Ada's order stays as it was

    Scenario: The message to the baristas, after the order is completed
      Given Ben has completed Ada's order
      When the message that Ada's order waits for a barista is delivered again
      Then Ada's order stays as it was
      And the baristas are told once about Ada's order

    @house_rule
    Scenario Outline: <message> leaves no trace when it arrives again
      Given <what has happened>
      When <message again> is delivered again
      Then Ada's order is exactly as it was

      Examples:
        | message                             | what has happened             | message again                                    |
        | The start of a waiting order        | Ada has scanned the code      | the message that Ada can choose                  |
        | The start of a submitted order      | Ada has ordered a drink       | the message that Ada can choose                  |
        | The start of a claimed order        | Ben has claimed Ada's order   | the message that Ada can choose                  |
        | The start of a completed order      | Ben has made Ada's order      | the message that Ada can choose                  |
        | The start of a cancelled order      | Ada has cancelled her order   | the message that Ada can choose                  |
        | The message about a submitted order | Ada has ordered a drink       | the message that Ada's order waits for a barista |
        | The message about a completed order | Ben has completed Ada's order | the message that Ada's order waits for a barista |
        | The message about a cancelled order | Ada has cancelled her order   | the message that Ada's order waits for a barista |
