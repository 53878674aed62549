"""The steps of a very small café: one keeps a picture, one breaks a promise, one cannot be checked."""

import allure
from behave import step

PICTURE = """\
<svg xmlns="http://www.w3.org/2000/svg" width="320" height="80" viewBox="0 0 320 80">
  <rect width="320" height="80" fill="#fff"/>
  <path d="M20 40 H300" stroke="#333"/>
  <text x="20" y="30">Ada orders a Latte</text>
</svg>
"""


@step("the café is open")
def cafe_is_open(context):
    pass


@step("the café cannot be reached")
def cafe_cannot_be_reached(context):
    raise ConnectionError("nobody answers")


@step("Ada orders a {drink}")
def ada_orders(context, drink):
    pass


@step("the way of her order is drawn")
def way_is_drawn(context):
    allure.attach(PICTURE, name="The way of Ada's order", attachment_type=allure.attachment_type.SVG)


@step("her order is completed, and its way can be seen")
def order_is_completed(context):
    context.add_cleanup(way_is_drawn, context)
    raise AssertionError('Expected: a completed order\n     but: it has the unknown state "COMPLETE"')
