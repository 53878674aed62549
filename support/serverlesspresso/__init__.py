"""The café's room: what the steps about Serverlesspresso lean on.

The cut goes by who acts and upon what, because that is how a sentence is built: somebody does something to something.

- `Scene` hands out whom and what a step names. It does nothing itself that one of these can do.
- `Customer`, `Barista`, `Owner` (Mo) and `Stranger` have the verbs: "Ben claims Ada's order" is
  `scene.barista("Ben").claims(scene.order_of("Ada"))`. A person holds no state but a name and an id, so nobody has to
  keep a customer and a barista of the same name in step.
- `TrackedOrder` is what a `Then` speaks of: how an order becomes, what is announced about it, what serves it, and how
  long that takes. It alone waits for an order, so no step polls.
- `Actions` is what was done last ("Ben is refused"), `App` what is done through the HTTP API and what it answers,
  `Crowd` and `Rush` many customers at once.
- `World` is what all these share in one scenario: the café, who is there, and whose order is whose.

Below them `Cafe` is the driver, cut by the doors of what is deployed: the event `bus`, the order `manager` and the
order `processor` (its two workflows), the order `table`, and the `shop` with its settings. `Cafe` itself keeps what
needs several of them: an order as people see it, its timeline, and taking everything away.

Steps see the scene, the matchers and the messages' names; the driver is seen by the classes above, and by no step.
"""
