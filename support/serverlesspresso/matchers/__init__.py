"""Hamcrest matchers for the café. Each describes what was expected and, when it fails, what was received.

There is a module for each subject of a `Then`: an order (`orders`) and its end (`ends`), several orders
(`many_orders`), people's actions (`actions`), announcements (`messages`), the workflows behind an order (`workflows`),
the `app`, and the `shop`.
"""
