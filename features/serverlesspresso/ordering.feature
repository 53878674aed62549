@critical
Feature: Ordering a drink
  A customer scans the shop's code and chooses a drink from the menu.
  Nobody else can choose for them, and nobody gets what the shop does not offer.

  Rule: A scan opens an order

    @core @smoke @blocker
    Scenario: A customer who scans the code can choose a drink
      When Ada scans the code
      Then Ada's order waits for its drink
      And Ada is notified that she can choose

    @core
    Scenario: Each customer who scans has their own order
      Given Ada has scanned the code
      When Dev scans the code
      Then Dev's order waits for its drink
      And Ada's order still waits for its drink

    @house_rule
    Scenario Outline: Codes that differ in <what> open two orders
      When Ada and Dev scan codes that differ in <what>
      Then Ada's order waits for its drink
      And Dev's order waits for its drink

      Examples:
        | what                   |
        | the last letter's case |
        | a blank at the end     |

    @house_rule
    Scenario Outline: A customer whose name has <what> is served by that name
      When <who> scans the code
      Then <who>'s order waits for its drink
      And <who> is notified that she can choose

      Examples:
        | what                      | who             |
        | an apostrophe             | "Renée O'Neill" |
        | letters of another script | "東京 花子"         |
        | a letter beyond 16 bits   | "Zoë 🍵"         |

  Rule: A drink on the menu is accepted

    @core @smoke @blocker
    Scenario: A submitted drink reaches the baristas
      Given Ada has scanned the code
      When Ada orders a drink
      Then Ada's order waits for a barista
      And the baristas are notified of Ada's drink

    Scenario: Everything on the menu can be ordered
      When customers order each drink on the menu, with all of its choices
      Then each of these orders waits for a barista
      And the baristas are notified of each order, with its choices

    Scenario: A customer can choose how the drink is made
      Given Ada has scanned the code
      When Ada orders a drink with choices that the menu offers for it
      Then Ada's order is that drink with those choices

    @house_rule
    Scenario: A choice made twice counts twice
      Given Ada has scanned the code
      When Ada orders a drink with each of its choices twice
      Then Ada's order is that drink with exactly those choices

    @house_rule
    Scenario: What an app sends besides the choice is not passed on
      Given Ada has scanned the code
      When Ada orders a drink, and her app sends a note besides
      Then Ada's order waits for a barista
      And the baristas are notified of Ada's drink
      And neither Ada's order nor what the café announces of it contains the note

    @house_rule
    Scenario: A customer whose name is in another script is notified that the drink is ready
      Given "花子 O'Neill 🍵" has ordered a drink
      When Ben completes "花子 O'Neill 🍵"'s order
      Then "花子 O'Neill 🍵"'s order is completed
      And "花子 O'Neill 🍵" is notified that her order is ready

    @exclusive @house_rule @embedded
    Scenario: A drink without choices can be ordered
      Given Mo has put a Tea without choices on the menu
      And Ada has scanned the code
      When Ada orders a Tea
      Then Ada's order waits for a barista

    @exclusive @house_rule @embedded
    Scenario Outline: A line of the menu without <what> spoils no other drink
      Given Mo has put a line without <what> at the top of the menu
      And Ada has scanned the code
      When Ada orders a Cappuccino
      Then Ada's order waits for a barista

      Examples:
        | what             |
        | its name         |
        | its availability |
        | anything         |

  Rule: Only what is on the menu can be ordered

    Scenario Outline: <what> is refused
      Given Ada has scanned the code
      When Ada tries to order <order>
      Then Ada's order still waits for its drink

      Examples:
        | what                        | order                                               |
        | A drink off the menu        | a drink that is not on the menu                     |
        | A choice off the menu       | a drink with a choice that is not on the menu       |
        | A last choice off the menu  | a drink whose last choice is not on the menu        |
        | A choice for another drink  | a drink with a choice offered for other drinks only |
        | A drink without a name      | a drink without a name                              |
        | An order that names nothing | nothing                                             |

      @house_rule
      Examples: What the shipped café refuses as well
        | what                            | order                                    |
        | A drink written in small letters | a drink written in small letters        |
        | A blank behind a drink's name   | a drink with a blank behind its name     |
        | Text in place of choices        | a drink with a text in place of choices  |
        | Nothing in place of choices     | a drink with nothing in place of choices |

    Scenario: A customer who was refused can still order
      Given Ada has tried to order a drink that is not on the menu
      When Ada orders a drink
      Then Ada's order waits for a barista

    @exclusive @house_rule
    Scenario: A drink that has run out is refused
      Given Dev has ordered a Cappuccino
      And Ada has scanned the code
      And the shop has run out of Cappuccino
      When Ada tries to order a Cappuccino
      Then Ada is refused
      And Ada's order still waits for its drink

    @exclusive @house_rule @embedded
    Scenario: A drink of unknown availability is refused
      Given Mo has put a line without its availability at the top of the menu
      And Ada has scanned the code
      When Ada tries to order the drink of that line
      Then Ada's order still waits for its drink

    @exclusive @house_rule
    Scenario: A drink that is on the menu again can be ordered
      Given the shop has run out of Cappuccino
      And Ada has tried to order a Cappuccino
      And the shop has Cappuccino again
      When Ada orders a Cappuccino
      Then Ada's order waits for a barista

  Rule: Only the customer who scanned can choose the drink

    Scenario: A customer cannot choose a drink for another customer
      Given Ada has scanned the code
      When Eve tries to order a drink on Ada's order
      Then Ada's order still waits for its drink

  Rule: A drink is chosen only once

    Scenario: Submitting the same drink again changes nothing
      Given Ada has ordered a drink
      When Ada tries to order the same drink again
      Then Ada's order stays as it was

    Scenario: A submitted drink cannot be changed
      Given Ada has ordered a drink
      When Ada tries to order another drink
      Then Ada's order stays as it was

    Scenario: Submitting again does not finish the order
      Given Ada has ordered a drink
      When Ada tries to order the same drink again
      Then Ada's order stays as it was
      And Ada's order is still being served
      And nobody is notified that Ada's order is finished

    Scenario: Only one of two simultaneous submissions counts
      Given Ada has scanned the code
      When Ada submits two drinks at the same moment
      Then Ada's order is one of the two drinks
      And the baristas are notified of Ada's order once
      And the baristas are notified of the drink in Ada's order

    @house_rule
    Scenario: One of two simultaneous submissions is accepted and the other refused
      Given Ada has scanned the code
      When Ada submits two drinks at the same moment
      Then one of the two is accepted and the other refused
      And Ada's order is the drink that was accepted

    Scenario: A completed order takes no other drink
      Given Ben has completed Ada's order
      When Ada tries to order another drink
      Then Ada's order stays as it was

  Rule: Nothing can be ordered without a scan

    Scenario: An order that does not exist cannot be submitted
      When Ada tries to order a drink on an order that does not exist
      Then no new order exists
