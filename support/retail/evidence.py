"""The evidence of page views on a scenario's page."""

from acceptance.report.attachments import attach, attach_picture, or_why_not
from acceptance.report.pictures import latencies
from support.retail.pictures import way_of_view
from support.retail.promises import OFFER_MADE
from support.retail.scene import RetailScene

# Above this number, page views have no individual pictures.
MOST = 3


def keep(scene: RetailScene, *, failed: bool) -> None:
    """Attach each page view's way through the topics; if the scenario has failed, also the messages about it."""
    seen = [(name, view) for name, views in scene.visits.items() for view in views]
    for name, view in seen[:MOST]:
        with or_why_not(f"The way of {name}'s page view through the topics") as title:
            [timeline] = scene.retail.answers.timelines([view], scene.names)
            judgements = scene.judgements.get(name, [])
            picture = way_of_view(timeline, [OFFER_MADE], judgements=judgements, offset=scene.offset, unmet=scene.unmet)
            attach_picture(title, picture)
    if scene.judged:
        with or_why_not("How long the offers had to wait in the burst") as title:
            attach_picture(title, latencies(scene.judged))
    if failed:
        with or_why_not("What was said last in the topics") as title:
            attach(title, scene.retail.answers.said_last())
        if scene.retail.programs:
            with or_why_not("What the services have logged last") as title:
                attach(title, scene.retail.programs.last_words())
