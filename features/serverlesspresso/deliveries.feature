@critical
Feature: Messages that arrive twice
  The café's messages are promised at least once. One that arrives twice must leave
  the same order behind as one that arrives once.

  Rule: A scan that arrives twice opens one order

    Scenario: The order is served once
      Given Ada has scanned the code
      When Ada's scan is delivered again
      Then Ada's order was begun twice and is served once
      And Ada's order stays as it was

    @house_rule
    Scenario: The second delivery comes to a good end
      Given Ada has scanned the code
      When Ada's scan is delivered again
      Then Ada's order was begun twice, and nothing has gone wrong with it

    Scenario: The order can be submitted as usual
      Given Ada's scan was delivered twice
      When Ada orders a Cappuccino
      Then Ada's order of a Cappuccino waits for a barista

    Scenario: Somebody else's scan of the same code does not take the order over
      Given Ada has scanned the code
      When Eve scans the code of Ada's order
      Then Ada's order was begun twice and is served once
      And Ada's order stays as it was

  Rule: A message that arrives again later changes nothing

    Scenario: The start of a waiting order
      Given Ada has scanned the code
      When the message that Ada can choose is delivered again
      Then Ada's order stays as it was
      And Ada's order is still being served

    Scenario: The start of an order that was submitted since
      Given Ada has ordered a Cappuccino
      When the message that Ada can choose is delivered again
      Then Ada's order stays as it was
      And Ada's order is still being served

    Scenario: The message to the baristas
      Given Ada has ordered a Cappuccino
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
