Feature: Malformed scans
  Anyone can print a code. A malformed scan must cost the shop nothing.

  Rule: A malformed scan opens no order and leaves no work open

    Scenario Outline: A scan with <what> opens no order
      When someone scans a code with <what>
      Then the scan has opened no order
      And it leaves no work open

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
        | what                        |
        | a blank order               |
        | an order of 65 letters      |
        | a customer of 65 letters    |
        | the first half of a letter  |
        | the second half of a letter |

    @house_rule
    Scenario: Ids of 64 letters are accepted
      When Ada scans a code with 64 letters, and her own id has as many
      Then an order waits for her drink

    Scenario: A malformed scan leaves the other orders alone
      Given Ada has ordered a drink
      When someone scans the code of Ada's order without giving a name
      Then Ada's order stays as it was
      And it leaves no work open
      And Ada's order is still being served
