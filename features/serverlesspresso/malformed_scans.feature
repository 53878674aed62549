Feature: Malformed scans
  Anybody can print a code. What is not a proper scan must cost the shop nothing.

  Rule: A malformed scan opens no order and keeps nobody busy

    Scenario Outline: A scan with <what> is worth nothing
      When somebody scans a code with <what>
      Then no order has come of that scan
      And nobody is kept busy by it

      Examples:
        | what                           |
        | no order                       |
        | no customer                    |
        | a number as its order          |
        | a number as its customer       |
        | an empty order                 |
        | an empty customer              |
        | an order of 5000 letters       |
        | a customer of 5000 letters     |
        | a list in place of its content |
        | a text in place of its content |

      @house_rule
      Examples: What the shipped café refuses as well
        | what                           |
        | a blank order                  |
        | an order of 65 letters         |
        | a customer of 65 letters       |
        | the first half of a letter     |
        | the second half of a letter    |

    @house_rule
    Scenario: Ids of 64 letters are proper ones
      When Ada scans a code with 64 letters, and has as many in her own name
      Then an order waits for her drink

    Scenario: A malformed scan leaves the other orders alone
      Given Ada has ordered a drink
      When somebody scans the code of Ada's order without saying who they are
      Then Ada's order stays as it was
      And nobody is kept busy by it
      And Ada's order is still being served
