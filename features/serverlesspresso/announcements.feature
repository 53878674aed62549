Feature: Notifications
  Displays and apps show people the café's notifications. So each of them says in plain words what has happened,
  and to whose order.

  @house_rule
  Rule: Every notification names the customer and says in plain words what happened

    Scenario: From the code to the cup
      Given Ben has claimed Ada's order
      When Ben completes Ada's order
      Then Ada has received these notifications
        | words                          | state     |
        | The order may be submitted.    |           |
        | The order waits for a barista. |           |
        | An order waits for a barista.  | CREATED   |
        | A barista makes the order.     |           |
        | The order is ready.            | Completed |
        | The order is finished.         |           |

    Scenario: A returned order is announced as waiting again
      Given Ben has claimed Ada's order
      When Ben gives Ada's order back
      Then Ada has received these notifications
        | words                                | state |
        | The order waits for a barista again. |       |

    Scenario: A cancelled order is announced as cancelled
      Given Ada has ordered a Cappuccino
      When Ada cancels her order
      Then Ada has received these notifications
        | words                   | state     |
        | The order is cancelled. | Cancelled |

    Scenario: A customer with too many open orders is notified of the reason
      Given Ada has as many open orders as the shop allows
      When Ada scans another code
      Then Ada has received these notifications
        | words                                                    | state |
        | The customer has as many open orders as the shop allows. |       |

    @exclusive
    Scenario: A customer at a closed shop is notified of the reason
      Given Mo has closed the shop
      When Ada scans the code
      Then Ada has received these notifications
        | words                       | state |
        | The shop is closed or full. |       |

    @slow
    Scenario: An order that timed out is announced as such
      Given a shop with a short time limit for customers
      When Ada scans the code and does not choose in time
      Then Ada has received these notifications
        | words                               | state |
        | The order was not finished in time. |       |

  @house_rule
  Rule: The baristas get all that they need

    Scenario: The baristas see who ordered what, and since when they have been waiting
      Given Ada has scanned the code
      When Ada orders a Latte
      Then the baristas can see since when Ada has been waiting
      And the baristas can see that it is Ada's, and that it is a Latte

    Scenario: The baristas can tell which of two orders is the older one
      Given 3 customers have scanned the code
      When they order a drink, one after the other
      Then it is known to the millisecond since when they have been waiting

    Scenario: A repeated message notifies the baristas again
      Given Ada has ordered a Cappuccino
      When the message that Ada's order waits for a barista is delivered again
      Then the baristas are notified of Ada's order twice
