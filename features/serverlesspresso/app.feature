@app
Feature: The shop's app
  Customers and baristas use the shop's app, and sign in to it.

  Rule: The app serves only people who are signed in

    @critical
    Scenario: A visitor who is not signed in sees no order
      When a visitor who is not signed in looks at the orders
      Then the app asks them to sign in

    @critical
    Scenario: A visitor who is not signed in cannot order
      Given Ada has scanned the code in the app
      When a visitor who is not signed in orders a drink on Ada's order
      Then the app asks them to sign in
      And Ada's order still waits for its drink

  Rule: Customers order in the app

    @smoke
    Scenario: A drink ordered in the app reaches the baristas
      Given Ada has scanned the code in the app
      When Ada orders a drink in the app
      Then Ada's order waits for a barista

    Scenario: Choices made in the app count
      Given Ada has scanned the code in the app
      When Ada orders a drink in the app, with choices that the menu offers for it
      Then Ada's order is that drink with those choices

    Scenario: A customer cannot order in another customer's name
      Given Ada has scanned the code
      When Eve orders a drink in the app on Ada's order, in Ada's name
      Then Ada's order still waits for its drink

    Scenario: The app ignores an unknown action
      Given Ada has scanned the code in the app
      When Ada asks the app to sing for her order
      Then Ada's order still waits for its drink

    @house_rule
    Scenario: The app lists its actions when it is asked for an unknown one
      Given Ada has scanned the code in the app
      When Ada asks the app to sing for her order
      Then the app refuses, saying "action must be one of make, unmake, complete, cancel, or left out to submit"

    @house_rule
    Scenario Outline: The app refuses an order that is <what>
      Given Ada has scanned the code in the app
      When Ada sends the app <what>
      Then the app refuses, saying "the body must be a JSON object"
      And Ada's order still waits for its drink

      Examples:
        | what                       |
        | half an order              |
        | a list                     |
        | a value that is no number  |
        | boxes in boxes without end |

    @house_rule
    Scenario: The sign-in does not reveal who has an account
      When someone tries to sign in to an account that does not exist
      Then the app does not reveal whether that account exists

    @house_rule @embedded
    Scenario: A visitor cannot create an account
      When a visitor looks for a way to create an account
      Then the app lets only the shop create accounts

    @house_rule @embedded
    Scenario: People stay signed in to the app for longer than an hour
      When Ada signs in to the app
      Then the app can renew her sign-in without her password

    @critical
    Scenario: Another customer cannot cancel an order in the app
      Given Ada has ordered a drink
      When Eve, another customer, tries to cancel Ada's order in the app
      Then Ada's order stays as it was

    @house_rule
    Scenario: The barista who makes an order can cancel it in the app
      Given Ada has ordered a drink
      And Ben has claimed Ada's order in the app
      When Ben cancels Ada's order in the app
      Then Ada's order is cancelled

    Scenario: A customer cancels in the app
      Given Ada has ordered a drink in the app
      When Ada cancels her order in the app
      Then Ada's order is cancelled

  Rule: Customers look up orders in the app

    Scenario: The app shows an order
      Given Ada has ordered a drink in the app
      When Ada looks up her order in the app
      Then the app shows Ada's order

    Scenario: The app shows an order that has no drink yet
      Given Ada has scanned the code in the app
      When Ada looks up her order in the app
      Then the app shows Ada's order

    @house_rule
    Scenario: The app shows the current state of an order
      Given Ada has ordered a drink in the app
      And Ben has claimed Ada's order in the app
      When Ada looks up her order in the app
      Then the app shows Ada's order as it is
      And browsers are told not to store what the app shows

    @house_rule @embedded
    Scenario: The app shows the current state of an order although the tables show it late
      Given Ada has ordered a drink in the app
      And Ben has claimed Ada's order in the app
      And the shop's tables show Ada's order late
      When Ada looks up her order in the app
      Then the app shows Ada's order as it is

    @house_rule
    Scenario: The app lists the current state of orders
      Given Ada has ordered a drink in the app
      And Ben has claimed Ada's order in the app
      When Ada looks at her orders in the app
      Then the app shows Ada's order as it is

    Scenario: The app lists a customer's own orders
      Given Ada has ordered a drink in the app
      And Dev has ordered a drink
      When Ada looks at her orders in the app
      Then the app shows Ada's order
      But the app does not show Dev's order

    @critical
    Scenario: The app does not list another customer's orders
      Given Ada has ordered a drink
      When Eve looks at Ada's own orders in the app
      Then the app does not show Ada's order

    @house_rule
    Scenario Outline: The app also lists an order that is <over>
      Given Ada has ordered a drink in the app
      And Ada's order is <over> by now
      When Ada looks at her orders in the app
      Then the app shows Ada's order as it is

      Examples:
        | over      |
        | completed |
        | cancelled |

    @house_rule @embedded
    Scenario: The app lists an order that timed out before it was stored, with the reason
      Given Ada's order timed out in the app before it was stored
      When Ada looks at her orders in the app
      Then the app shows Ada's order as it is

    @critical
    Scenario Outline: An id that is <what> shows no order
      Given Ada has ordered a drink
      When Eve looks up an order whose id is <what> in the app
      Then the app shows no order

      Examples:
        | what                          |
        | a name with an apostrophe     |
        | a condition that always holds |
        | a name beyond the alphabet    |

    @house_rule
    Scenario: The app shows an order whose id contains special characters
      Given Ada has scanned the code of an order whose id ends with "+Zg==" in the app
      When Ada looks up her order in the app
      Then the app shows Ada's order

    @house_rule @embedded
    Scenario: The app lists all orders of a customer, however many they are
      Given Ada has 130 open orders in the app
      When Ada looks at her orders in the app
      Then the app shows all 130 orders of Ada

    @house_rule @embedded
    Scenario: The app does not reveal why it cannot show an order
      Given Ada has ordered a drink in the app
      When Ada looks up her order in the app while the shop cannot read it
      Then the app does not reveal what has failed

    @house_rule
    Scenario: The app says so when an order does not exist
      When Ada looks up an order that does not exist in the app
      Then the app says that there is no such order
      And it says "there is no such order"

    Scenario Outline: The app shows no confirmation code beside <what>
      Given Ada has ordered a drink in the app
      When Ada looks at <what> in the app
      Then the app shows Ada's order
      But the app does not show the confirmation code of Ada's order

      Examples:
        | what            |
        | her order       |
        | her orders      |
        | the open orders |

  Rule: Baristas work with the app

    Scenario: The baristas' display lists the open orders
      Given Ada has ordered a drink in the app
      When Ben looks at the open orders in the app
      Then the app shows Ada's order

    @house_rule
    Scenario: The baristas' display lists the current state of the open orders
      Given Ada has ordered a drink in the app
      And Ben has claimed Ada's order in the app
      When Cleo looks at the orders in the app
      Then the app shows Ada's order as it is

    @house_rule
    Scenario: The baristas' display lists the open orders when their state is left blank
      Given Ada has ordered a drink in the app
      When Ben looks at the orders in the app, leaving their state blank
      Then the app shows Ada's order

    @house_rule
    Scenario: The baristas' display can list the completed orders
      Given Ben has completed Ada's order
      When Ben looks at the completed orders in the app
      Then the app shows Ada's order

    @house_rule @embedded
    Scenario: The baristas' display lists all open orders, however many they are
      Given Ada has 130 open orders in the app
      When Ben looks at the open orders in the app
      Then the app shows all 130 orders of Ada

    @house_rule
    Scenario: A barista can look up a customer's order
      Given Ada has ordered a drink in the app
      When Ben looks up Ada's order in the app
      Then the app shows Ada's order

    Scenario: A barista cannot claim an order in a colleague's name
      Given Ada has ordered a drink in the app
      When Ben claims Ada's order in the app, in Cleo's name
      Then Cleo is never shown as making Ada's order

    Scenario: A barista returns an order in the app
      Given Ada has ordered a drink in the app
      And Ben has claimed Ada's order in the app
      When Ben gives Ada's order back in the app
      Then nobody is making Ada's order

    Scenario: A barista can claim an order in the app again after returning it
      Given Ada has ordered a drink in the app
      And Ben has claimed Ada's order in the app
      And Ben has given Ada's order back in the app
      When Ben claims Ada's order in the app
      Then Ada's order is being made by Ben

    Scenario: A barista claims and completes in the app
      Given Ada has ordered a drink in the app
      And Ben has claimed Ada's order in the app
      When Ben completes Ada's order in the app
      Then Ada's order is completed
      And Ada is notified that her order is ready
