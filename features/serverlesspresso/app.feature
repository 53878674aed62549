@app
Feature: The shop's app
  Customers and baristas do not stand behind the counter's machinery: they use an app, and sign in to it.

  Rule: Only people who are signed in are served

    @critical
    Scenario: Somebody who is not signed in sees no order
      When somebody who is not signed in looks at the orders
      Then the app asks them to sign in

    @critical
    Scenario: Somebody who is not signed in cannot order
      Given Ada has scanned the code in the app
      When somebody who is not signed in orders a Cappuccino on Ada's order
      Then the app asks them to sign in
      And Ada's order still waits for its drink

  Rule: Customers order in the app

    @smoke
    Scenario: A drink that is ordered in the app reaches the baristas
      Given Ada has scanned the code in the app
      When Ada orders a Cappuccino in the app
      Then Ada's order of a Cappuccino waits for a barista

    Scenario: Nobody orders in somebody else's name
      Given Ada has scanned the code
      When Eve orders a Cappuccino in the app on Ada's order, in Ada's name
      Then Eve is refused
      And Ada's order still waits for its drink

    Scenario: The app refuses what it does not know
      Given Ada has scanned the code in the app
      When Ada asks the app to sing for her order
      Then the app refuses
      And Ada's order still waits for its drink

  Rule: Customers look up orders in the app

    Scenario: The app shows an order
      Given Ada has ordered a Cappuccino in the app
      When Ada looks up her order in the app
      Then the app shows Ada's order

    Scenario: The app lists a customer's own orders
      Given Ada has ordered a Cappuccino in the app
      And Dev has ordered a Latte
      When Ada looks at her orders in the app
      Then the app shows Ada's order
      But the app does not show Dev's order

    Scenario: The app does not know an order that does not exist
      When Ada looks up an order that does not exist in the app
      Then the app says there is no such order

    Scenario: The app never shows a pass
      Given Ada has ordered a Cappuccino in the app
      When Ada looks up her order in the app
      Then the app shows Ada's order
      But the app does not show the pass of Ada's order

  Rule: Baristas work with the app

    Scenario: The baristas' display lists the orders that are open
      Given Ada has ordered a Cappuccino in the app
      When Ben looks at the open orders in the app
      Then the app shows Ada's order

    Scenario: A barista claims and completes in the app
      Given Ada has ordered a Cappuccino in the app
      And Ben has claimed Ada's order in the app
      When Ben completes Ada's order in the app
      Then Ada's order is completed
      And Ada is told that her order is ready
