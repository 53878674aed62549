@critical
Feature: Claiming an order
  A barista claims an order before making it, so that no drink is made twice.

  Rule: An order belongs to the barista who claims it

    @core @smoke
    Scenario: A claimed order shows who is making it
      Given Ada has ordered a drink
      When Ben claims Ada's order
      Then Ada's order is being made by Ben
      And everybody is notified that Ben is making Ada's order

    @house_rule
    Scenario: A claimed order cannot be claimed by another barista
      Given Ben has claimed Ada's order
      When Cleo tries to claim Ada's order
      Then Cleo is refused
      And Ada's order is being made by Ben

    @house_rule
    Scenario: One of two baristas who claim at the same moment gets the order
      Given Ada has ordered a drink
      When Ben and Cleo claim Ada's order at the same moment
      Then one of the two is accepted and the other refused

    @house_rule
    Scenario: A claim with an empty name is rejected
      Given Ada has ordered a drink
      When someone tries to claim Ada's order with an empty name
      Then the attempt is refused
      And Ada's order is exactly as it was

    @house_rule
    Scenario: A claim without a barista's name is rejected
      Given Ada has ordered a drink
      When someone tries to claim Ada's order without giving a name
      Then the attempt is refused
      And Ada's order is exactly as it was

    @house_rule
    Scenario: A barista can claim their own order again
      Given Ben has claimed Ada's order
      When Ben claims Ada's order
      Then Ben is not refused
      And Ada's order is being made by Ben

  Rule: A barista can give an order back

    Scenario: A returned order waits for a barista again
      Given Ben has claimed Ada's order
      When Ben gives Ada's order back
      Then nobody is making Ada's order
      And everybody is notified that Ada's order is available again

    Scenario: Another barista can claim a returned order
      Given Ben has given Ada's order back
      When Cleo claims Ada's order
      Then Ada's order is being made by Cleo

    Scenario: An order that does not exist cannot be given back
      When Ben tries to give back an order that does not exist
      Then no new order exists

    @house_rule
    Scenario: A barista cannot give back a colleague's order
      Given Ben has claimed Ada's order
      When Cleo tries to give Ada's order back
      Then Cleo is refused
      And Ada's order is being made by Ben

    @house_rule
    Scenario: A refused claim stays refused when the order is returned
      Given Ben has claimed Ada's order
      When Cleo tries to claim Ada's order in vain, and Ben gives it back
      Then one of the two is accepted and the other refused
      And nobody is making Ada's order

    @house_rule
    Scenario Outline: A return <how> is rejected
      Given Ben has given Ada's order back
      When someone tries to give Ada's order back <how>
      Then the attempt is refused
      And Ada's order is exactly as it was

      Examples:
        | how                   |
        | with an empty name    |
        | without giving a name |

    @house_rule
    Scenario: A completed order cannot be given back
      Given Ben has made Ada's order
      When Ben tries to give Ada's order back
      Then Ben is refused
      And Ada's order is exactly as it was

  Rule: Only an order that waits for a barista can be claimed

    Scenario: An order without a drink cannot be claimed
      Given Ada has scanned the code
      When Ben tries to claim Ada's order
      Then Ada's order still waits for its drink

    Scenario: A completed order cannot be claimed
      Given Ben has completed Ada's order
      When Cleo tries to claim Ada's order
      Then Ada's order stays as it was

    Scenario: A cancelled order cannot be claimed
      Given Ada has cancelled her order
      When Ben tries to claim Ada's order
      Then Ada's order stays as it was

    Scenario: An order that does not exist cannot be claimed
      When Ben tries to claim an order that does not exist
      Then no new order exists
