"""Pictures for the pages of the report: an order's way through the café, how long a rush hour's orders took,
the steps of an online order over time, a page view's way through the topics, and an order's way through people at
programs.

Each is the text of an SVG that stands alone: it carries and fetches nothing, is legible on a light and on a dark page,
tells nothing by a colour only, and says in words what it shows.
"""

from acceptance.report.pictures.distribution import latencies
from support.durable_orders.pictures import steps_over_time
from support.fulfilment.pictures import Stay, way_through_people
from support.retail.pictures import way_of_view
from support.serverlesspresso.pictures.way import way_of_order

__all__ = ["Stay", "latencies", "steps_over_time", "way_of_order", "way_of_view", "way_through_people"]
