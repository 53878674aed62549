Feature: The menu
  The menu lists what the shop sells, with the choices for each drink.

  @house_rule
  Rule: A new shop opens with its menu, its times and its limits

    Scenario: The menu shows the drinks with their choices and pictures
      When Mo looks at the menu
      Then these drinks are on it
        | drink      | choices                                      | picture                |
        | Cappuccino | Milk: Whole, Oat, Soy; Shots: Single, Double | cappuccino-alternative |
        | Latte      | Milk: Whole, Oat, Soy; Shots: Single, Double | cafe-latte             |
        | Flat White | Milk: Whole, Oat, Soy                        | flat-white-alternative |
        | Espresso   | Shots: Single, Double                        | espresso-alternative   |
        | Americano  | Shots: Single, Double                        | americano-alternative  |

    Scenario: Customers and baristas have a time limit
      When Mo looks at the shop's times
      Then customers have 5 minutes to choose
      And baristas have 15 minutes to make a drink

    Scenario: The shop limits open orders
      When Mo looks at the shop's limits
      Then the shop allows 1 open order to a customer
      And the shop takes 20 orders at once
