Feature: The menu
  What is on it is what the shop sells, with the choices that go with each drink.

  @house_rule
  Rule: A new shop opens with its menu, its times and its limits

    Scenario: The drinks, their choices and their pictures
      When Mo looks at the menu
      Then these drinks are on it
        | drink      | choices                                       | picture                |
        | Cappuccino | Milk: Whole, Oat, Soy; Shots: Single, Double  | cappuccino-alternative |
        | Latte      | Milk: Whole, Oat, Soy; Shots: Single, Double  | cafe-latte             |
        | Flat White | Milk: Whole, Oat, Soy                         | flat-white-alternative |
        | Espresso   | Shots: Single, Double                         | espresso-alternative   |
        | Americano  | Shots: Single, Double                         | americano-alternative  |

    Scenario: How long people may take
      When Mo looks at the shop's times
      Then customers have 5 minutes to choose
      And baristas have 15 minutes to make a drink

    Scenario: How many orders the shop takes
      When Mo looks at the shop's limits
      Then the shop allows 1 open order to a customer
      And the shop takes 20 orders at once
