"""The topics of the retail system."""

TOPICS = ("pageviews", "pageviews_enriched", "upsell_events", "retail_dead_letters")
