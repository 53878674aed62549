@terminals @critical
Feature: Logging in
  Everybody has a program of their own, and a password that nobody else gets to see.

  Rule: Whoever is known is let in, and nobody else

    @smoke @blocker
    Scenario Outline: Everybody has a program of their own
      When <person> logs in at their program
      Then <person> is let in

      Examples:
        | person |
        | Pia    |
        | Rosa   |
        | Tess   |
        | Uma    |
        | Vic    |

    @blocker
    Scenario: A wrong password
      When Rosa tries to log in with a wrong password
      Then Rosa is not let in

    @blocker
    Scenario: A password that is nearly right
      When Rosa tries to log in with a password
        | password                                   |
        | without its last letter                    |
        | with one letter more                       |
        | with capital and small letters exchanged   |
        | that is empty                              |
      Then Rosa is let in by none of them

    @house_rule
    Scenario: Whoever tries three wrong passwords has to start anew
      When Rosa tries three wrong passwords
      Then the program of Rosa has ended, saying "Nobody was let in."

    @blocker
    Scenario: Somebody else has failed to log in before
      Given 5 lamps are on the shelf
      When Pia logs in where Quin has failed to, and orders 2 lamps
      Then Pia's order is placed in all books
      And Pia finds Pia's order, and Quin does not

    @house_rule
    Scenario Outline: The program of somebody else
      When <person> tries to log in at the program of <colleague>
      Then <person> is not let in

      Examples:
        | person | colleague |
        | Pia    | Rosa      |
        | Rosa   | Tess      |
        | Tess   | Uma       |
        | Uma    | Vic       |
        | Vic    | Pia       |

  Rule: A password is not shown, and everything else is

    @blocker
    Scenario: A password is not shown while it is typed
      When Rosa is asked for their password
      Then nothing that Rosa types is shown

    Scenario: Typing is shown again after the password
      When Rosa logs in at their program
      Then what Rosa types is shown again

    Scenario: Typing is shown again for somebody who gives up at the password
      When Rosa gives up when asked for their password
      Then what Rosa types is shown again

  @menus
  Rule: A choice that the menu does not have is refused

    Scenario Outline: A choice that the menu does not have
      When <person> chooses what their menu does not have
        | choice  |
        | 9       |
        | 6       |
        | -1      |
        | x       |
        | ²       |
        | nothing |
      Then <person> hears each time that there is no such choice

      Examples:
        | person |
        | Pia    |
        | Vic    |
