@terminals @critical
Feature: Logging in
  Everybody has a program of their own, and a password that nobody else gets to see.

  Rule: Only known people are let in

    @smoke @blocker
    Scenario Outline: Everybody can log in to their own program
      When <person> logs in to their program
      Then <person> is let in

      Examples:
        | person |
        | Pia    |
        | Rosa   |
        | Tess   |
        | Uma    |
        | Vic    |

    @blocker
    Scenario: A wrong password is rejected
      When Rosa tries to log in with a wrong password
      Then Rosa is not let in

    @blocker
    Scenario: A nearly correct password is rejected
      When Rosa tries to log in with a password
        | password                                 |
        | without its last letter                  |
        | with one letter more                     |
        | with capital and small letters exchanged |
        | that is empty                            |
      Then none of them lets Rosa in

    @house_rule
    Scenario: A program ends after three wrong passwords
      When Rosa tries three wrong passwords
      Then the program of Rosa has ended, saying "Nobody was let in."

    @house_rule
    Scenario: A rejected login does not reveal who has an account
      When Rosa tries to log in with a wrong password, and someone unknown tries too
      Then both are rejected in the same words

    @blocker
    Scenario: A failed login does not affect the next person's orders
      Given 5 lamps are on the shelf
      When Pia logs in where Quin has failed to, and orders 2 lamps
      Then Pia's order is placed in all records
      And Pia finds Pia's order, and Quin does not

    @house_rule
    Scenario Outline: Nobody can log in to a colleague's program
      When <person> tries to log in to <colleague>'s program
      Then <person> is not let in

      Examples:
        | person | colleague |
        | Pia    | Rosa      |
        | Rosa   | Tess      |
        | Tess   | Uma       |
        | Uma    | Vic       |
        | Vic    | Pia       |

  Rule: A password is never shown

    @blocker
    Scenario: A password is not shown while it is typed
      When Rosa is asked for their password
      Then nothing that Rosa types is shown

    Scenario: Typing is shown again after the password
      When Rosa logs in to their program
      Then what Rosa types is shown again

    Scenario: Typing is shown again after a cancelled password prompt
      When Rosa gives up when asked for their password
      Then what Rosa types is shown again

    @embedded @house_rule
    Scenario: The records do not show who has the same password
      When Rosa and Saul log in with the same password
      Then the records of Rosa and Saul do not show that it is the same

  @house_rule
  Rule: A program that is left in the middle says so, and ends

    Scenario Outline: A program that is left by <key> at the password prompt says so
      When Rosa presses <key> when asked for their password
      Then the program of Rosa has ended, saying "<words>"
      And what Rosa types is shown again

      Examples:
        | key    | words                |
        | Ctrl-C | Interrupted.         |
        | Ctrl-D | The input has ended. |

    Scenario Outline: A program that is left by <key> in the middle of an order orders nothing
      Given 5 lamps are on the shelf
      When Pia presses <key> in the middle of ordering 2 lamps
      Then the program of Pia has ended, saying "<words>"
      And nothing is ordered

      Examples:
        | key    | words                |
        | Ctrl-C | Interrupted.         |
        | Ctrl-D | The input has ended. |

  @menus
  Rule: Only choices on the menu are accepted

    Scenario Outline: An unknown menu choice is rejected
      When <person> makes a choice that their menu does not offer
        | choice  |
        | 9       |
        | 6       |
        | -1      |
        | x       |
        | ²       |
        | nothing |
      Then <person> learns each time that there is no such choice

      Examples:
        | person |
        | Pia    |
        | Vic    |
