"""The support of the steps about Serverlesspresso.

The classes follow the parts of a sentence: who acts, and upon what.

- `Scene` returns the people and things that a step names. It leaves all actions to these.
- `Customer`, `Barista`, `Owner` (Mo) and `Stranger` have the verbs: "Ben claims Ada's order" is
  `scene.barista("Ben").claims(scene.order_of("Ada"))`. A person's only state is a name and an id, so no code must
  keep a customer and a barista of the same name in step.
- `TrackedOrder` is the subject of a `Then`: an order's states, and how long it takes. `messages` is what the café
  announces about it, and `workflows` is what works on it. They alone wait for an order, so no step polls.
- `FurtherOrders` are a customer's orders besides the own one, `Menu` is what can be chosen, `Actions` are the last
  actions ("Ben is refused"), `App` the requests to the HTTP API and their responses, `SameMoment` what overlaps,
  `Crowd` and `RushHour` many customers at once.
- `World` is their shared state in one scenario: the café, the people, and their orders.
- `matchers` are the expectations: a module for each subject of a `Then`.

`Cafes` are the cafés that a session enters: the deployed one, and on the embedded account those with short time limits.

Below them `Cafe` is the driver, divided by the deployed interfaces: the event `bus`, the order `manager` and the
order `processor` (its two workflows), the order `table`, and the `shop` with its settings. `Cafe` itself keeps what
needs several of them: an order as people see it, its timeline, and the clean-up.

Steps use the scene, the matchers and the messages' names; only the classes above use the driver.
"""
