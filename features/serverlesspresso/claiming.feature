@critical
Feature: Claiming an order
  A barista claims an order before making it, so that no drink is made twice.

  Rule: An order belongs to the barista who claims it

    @core @smoke
    Scenario: A claimed order shows who is making it
      Given Ada has ordered a drink
      When Ben claims Ada's order
      Then Ada's order is being made by Ben
      And everybody is told that Ben makes Ada's order

    @house_rule
    Scenario: A claimed order cannot be claimed by somebody else
      Given Ben has claimed Ada's order
      When Cleo tries to claim Ada's order
      Then Cleo is refused
      And Ada's order is being made by Ben

    @house_rule
    Scenario: Of two baristas who claim at the same moment one gets the order
      Given Ada has ordered a drink
      When Ben and Cleo claim Ada's order at the same moment
      Then one of the two is accepted and the other refused

    @house_rule
    Scenario: Nobody claims an order without saying who they are
      Given Ada has ordered a drink
      When somebody tries to claim Ada's order without saying who they are
      Then the attempt is refused
      And Ada's order is exactly as it was

    @house_rule
    Scenario: Nobody claims an order without any name at all
      Given Ada has ordered a drink
      When somebody tries to claim Ada's order without any name at all
      Then the attempt is refused
      And Ada's order is exactly as it was

    @house_rule
    Scenario: A barista may claim the own order again
      Given Ben has claimed Ada's order
      When Ben claims Ada's order
      Then Ben is not refused
      And Ada's order is being made by Ben

  Rule: A barista can give an order back

    Scenario: An order that is given back waits for a barista again
      Given Ben has claimed Ada's order
      When Ben gives Ada's order back
      Then nobody is making Ada's order
      And everybody is told that Ada's order is free again

    Scenario: Another barista can claim an order that was given back
      Given Ben has given Ada's order back
      When Cleo claims Ada's order
      Then Ada's order is being made by Cleo

    Scenario: A barista cannot give back what was never ordered
      When Ben tries to give back an order that does not exist
      Then no order has appeared

    @house_rule
    Scenario: Nobody can give back what somebody else is making
      Given Ben has claimed Ada's order
      When Cleo tries to give Ada's order back
      Then Cleo is refused
      And Ada's order is being made by Ben

    @house_rule
    Scenario Outline: Nobody gives back an order <how>
      Given Ben has given Ada's order back
      When somebody tries to give Ada's order back <how>
      Then the attempt is refused
      And Ada's order is exactly as it was

      Examples:
        | how                         |
        | without saying who they are |
        | without any name at all     |

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

    Scenario: A barista cannot claim what was never ordered
      When Ben tries to claim an order that does not exist
      Then no order has appeared
