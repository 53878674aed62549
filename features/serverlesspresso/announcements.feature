Feature: What the café says
  Displays and apps listen, and show people what they hear. So everything that is told says in words what has
  happened, and to whose order.

  @house_rule
  Rule: Whatever is told is told in words, to the customer by name

    Scenario: From the code to the cup
      Given Ben has claimed Ada's order
      When Ben completes Ada's order
      Then Ada has been told all of this
        | words                          | state     |
        | The order may be submitted.    |           |
        | The order waits for a barista. |           |
        | An order waits for a barista.  | CREATED   |
        | A barista makes the order.     |           |
        | The order is ready.            | Completed |
        | The order is finished.         |           |

    Scenario: An order that is given back
      Given Ben has claimed Ada's order
      When Ben gives Ada's order back
      Then Ada has been told all of this
        | words                                | state |
        | The order waits for a barista again. |       |

    Scenario: An order that is cancelled
      Given Ada has ordered a Cappuccino
      When Ada cancels her order
      Then Ada has been told all of this
        | words                   | state     |
        | The order is cancelled. | Cancelled |

    Scenario: A customer who has an open order already
      Given Ada has as many open orders as the shop allows
      When Ada scans another code
      Then Ada has been told all of this
        | words                                                    | state |
        | The customer has as many open orders as the shop allows. |       |

    @exclusive
    Scenario: A shop that is closed
      Given Mo has closed the shop
      When Ada scans the code
      Then Ada has been told all of this
        | words                       | state |
        | The shop is closed or full. |       |

    @slow
    Scenario: An order that is not finished in time
      Given a shop that does not wait long for customers
      When Ada scans the code and does not choose in time
      Then Ada has been told all of this
        | words                                | state |
        | The order was not finished in time.  |       |

  @house_rule
  Rule: The baristas are told all that they need

    Scenario: Who ordered what, and since when they wait
      Given Ada has scanned the code
      When Ada orders a Cappuccino
      Then the baristas are told since when Ada waits
      And the baristas are told that it is Ada's, and are shown a Cappuccino

    Scenario: The baristas hear again of an order that they may have missed
      Given Ada has ordered a Cappuccino
      When the message that Ada's order waits for a barista is delivered again
      Then the baristas are told twice about Ada's order
