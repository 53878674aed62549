@critical
Feature: Messages that arrive twice
  The café's messages are delivered at least once. A message that arrives twice must have
  the same effect as one that arrives once.

  Rule: A scan that arrives twice opens one order

    Scenario: A duplicate scan is served once
      Given Ada has scanned the code
      When Ada's scan is delivered again
      Then Ada's order stays as it was
      And Ada's order is served once

    @house_rule
    Scenario: Only one of two simultaneous deliveries of a scan opens the order
      When Ada scans the code, and the scan arrives twice at the same moment
      Then Ada's order waits for its drink
      And Ada's duplicate scan has ended without an error

    @house_rule
    Scenario: A duplicate scan ends without an error
      Given Ada has scanned the code
      When Ada's scan is delivered again
      Then Ada's duplicate scan has ended without an error

    Scenario: An order whose scan arrived twice can be submitted
      Given Ada's scan was delivered twice
      When Ada orders a drink
      Then Ada's order waits for a barista

    Scenario: A second customer's scan of the same code does not take the order over
      Given Ada has scanned the code
      When Eve scans the code of Ada's order
      Then Ada's order stays as it was
      And Ada's order is served once

    Scenario: A repeated scan of a completed order opens no order
      Given Ben has completed Ada's order
      When Ada's scan is delivered again
      Then Ada's order stays as it was

    @house_rule
    Scenario Outline: A repeated scan of a <what> order leaves no trace
      Given <what has happened>
      When Ada's scan is delivered again
      Then Ada's order is exactly as it was
      And Ada's order leaves no work open

      Examples:
        | what      | what has happened           |
        | completed | Ben has made Ada's order    |
        | cancelled | Ada has cancelled her order |

  Rule: A message that arrives again later changes nothing

    Scenario: A repeated start of a waiting order is ignored
      Given Ada has scanned the code
      When the message that Ada can choose is delivered again
      Then Ada's order stays as it was
      And Ada's order is still being served

    Scenario: A repeated start of a submitted order is ignored
      Given Ada has ordered a drink
      When the message that Ada can choose is delivered again
      Then Ada's order stays as it was
      And Ada's order is still being served

    Scenario: An order whose start arrived twice can be completed
      Given Ben has claimed Ada's order
      And the message that Ada can choose was delivered again
      When Ben completes Ada's order
      Then Ada's order is completed
      And the café is done with Ada's order

    Scenario: A repeated message to the baristas is ignored
      Given Ada has ordered a drink
      When the message that Ada's order waits for a barista is delivered again
      Then Ada's order stays as it was
      And Ada's order is still being served

    Scenario: A repeated message about a claimed order is ignored
      Given Ben has claimed Ada's order
      When the message that Ada's order waits for a barista is delivered again
      Then Ada's order stays as it was

    Scenario: A repeated message about a completed order is ignored
      Given Ben has completed Ada's order
      When the message that Ada's order waits for a barista is delivered again
      Then Ada's order stays as it was
      And the baristas are notified of Ada's order once

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
