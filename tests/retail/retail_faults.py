"""What may be wrong with the retail services, and the scenario that is there to notice it.

Each is a change of the programs: everything else stays as it is shipped.
"""

from dataclasses import dataclass

from house import Edit

USERS, PROMOTIONS, STREAM = (f"services/{name}.py" for name in ("user_service", "promotions_service", "stream"))
TOLD = '("COUNTRY", "PLANTYPE", "INTERESTS")'
ENRICHED = 'return {**view, **({"PAGENAME": page} if page else {}), **user}'
KNOWN = 'enriched(view, known.get(view["USERID"], {}))'
DESERVES = 'view.get("PLANTYPE") == PLAN and view.get("PAGENAME") == PAGE'
NEW = " and offered.is_new(message.partition(), seen_in(view))"
OFFERS = "                yield message, offer(view)\n"
SAYS = (
    "                    self._say(self.target, message, json.dumps(content).encode(), "
    '{"consumed-at": str(received)})\n'
)
RECEIVED = "                received = time.time_ns() // 1_000_000\n"
DEAD = "        self._say(self.dead_letters, message, message.value(), "
COMMITS = "            self._consumer.commit(offsets=offsets, asynchronous=False)\n"
REMEMBERS = (
    "                self._views[partition] = set(self._read(reader, TopicPartition(self._offers, partition)))\n"
)
SLOWED = OFFERS.replace("yield", "__import__('time').sleep({}); yield")


@dataclass(frozen=True)
class Fault:
    """A fault, the feature and scenario that notice it, and words of the message."""

    name: str
    edits: tuple[Edit, ...]
    feature: str
    scenario: str
    words: str


def _fault(name: str, *rest: object) -> Fault:
    *edits, feature, scenario, words = rest
    return Fault(name, tuple(edits), str(feature), str(scenario), str(words))


FAULTS = (
    _fault(
        "the plan is not told",
        Edit(USERS, TOLD, '("COUNTRY", "INTERESTS")'),
        "enrichment", "The visitor's plan is known", "it is missing",
    ),
    _fault(
        "everybody is on the Free plan",
        Edit(USERS, ENRICHED, ENRICHED.replace("**user}", '**user, "PLANTYPE": "Free"}')),
        "enrichment", "Everything that is known", 'it is the text "Free"',
    ),
    _fault(
        "the page's name is not told",
        Edit(USERS, ENRICHED, "return {**view, **user}"),
        "enrichment", "Everything that is known", "it is missing",
    ),
    _fault(
        "the country is told otherwise",
        Edit(USERS, ENRICHED, ENRICHED.replace("**user}", '**user, "COUNTRY": "USA"}')),
        "enrichment", "Everything that is known", 'it is the text "USA"',
    ),
    _fault(
        "the interests are forgotten",
        Edit(USERS, TOLD, '("COUNTRY", "PLANTYPE")'),
        "enrichment", "Everything that is known", "it is missing",
    ),
    _fault(
        "the time of the page view is replaced",
        Edit(USERS, ENRICHED, ENRICHED.replace("**view,", '**view, "TIMESTAMP": 1652012999698,')),
        "enrichment", "What the page view said is kept", "an enriched view · but: there is none",
    ),
    _fault(
        "the user is told as a text",
        Edit(USERS, ENRICHED, ENRICHED.replace("**view,", '**view, "USERID": str(view["USERID"]),')),
        "enrichment", "What the page view said is kept", "an enriched view · but: there is none",
    ),
    _fault(
        "somebody unknown is told to be on a plan",
        Edit(USERS, KNOWN, KNOWN.replace("{}", '{"PLANTYPE": "Free"}')),
        "enrichment", "Of somebody unknown", 'it is the text "Free"',
    ),
    _fault(
        "people are taken for each other",
        Edit(USERS, KNOWN, "enriched(view, next(iter(known.values()), {}))"),
        "enrichment", "The right one among many", '"PLANTYPE" equal to the text',
    ),
    _fault(
        "the Premium plan is offered to those who have it",
        Edit(PROMOTIONS, DESERVES, 'view.get("PAGENAME") == PAGE and "PLANTYPE" in view'),
        "offers", "A visitor on the Premium plan", "never an offer · but: there is one",
    ),
    _fault(
        "the Premium plan is offered on every page",
        Edit(PROMOTIONS, DESERVES, 'view.get("PLANTYPE") == PLAN'),
        "offers", "A visitor on the Free plan on another page", "never an offer · but: there is one",
    ),
    _fault(
        "the Premium plan is offered to whom nobody knows",
        Edit(PROMOTIONS, DESERVES, 'view.get("PLANTYPE", PLAN) == PLAN and view.get("PAGENAME") == PAGE'),
        "offers", "A visitor whom nobody knows", "never an offer · but: there is one",
    ),
    _fault(
        "a page view that comes again is answered again",
        Edit(PROMOTIONS, NEW, ""),
        "offers", "A page view that arrives twice", "more than one offer · but: there are 2",
    ),
    _fault(
        "nothing is offered",
        Edit(PROMOTIONS, OFFERS, "                yield from ()\n"),
        "offers", "The offer comes in time", "an offer · but: there is none",
    ),
    _fault(
        "the offer comes late",
        Edit(PROMOTIONS, OFFERS, SLOWED.format(0.9)),
        "offers", "The offer comes in time", "the promise is 500 ms, so that is 4",
    ),
    _fault(
        "something else is offered",
        Edit(PROMOTIONS, '"PRODUCT": PRODUCT', '"PRODUCT": PLAN'),
        "offers", "The offer says what is offered", 'it is the text "Free"',
    ),
    _fault(
        "what is no JSON ends the service",
        Edit(STREAM, "    except ValueError as error:", "    except KeyError as error:"),
        "dead_letters", "a text is put aside", "the User Service: it has ended with status 1",
    ),
    _fault(
        "what is half a page view holds up the next ones",
        Edit(STREAM, "    except ValueError as error:", "    except KeyError as error:"),
        "dead_letters", "The next visitor is served", "the User Service: it has ended with status 1",
    ),
    _fault(
        "what cannot be read is lost",
        Edit(STREAM, DEAD, "        print("),
        "dead_letters", "half a page view is put aside", "there are 0",
    ),
    _fault(
        "a dead letter does not say why it is one",
        Edit(STREAM, '{"error": why, "origin"', '{"origin"'),
        "dead_letters", "nothing at all is put aside", "there are 1, with these headers",
    ),
    _fault(
        "a list is taken for a page view",
        Edit(STREAM, "    if not isinstance(content, dict):", "    if content is None:"),
        "dead_letters", "a list is put aside", "the User Service: it has ended with status 1",
    ),
    _fault(
        "a page view of nobody is taken",
        Edit(STREAM, 'NUMBERS = ("USERID", ', "NUMBERS = ("),
        "dead_letters", "a page view of nobody is put aside", "the User Service: it has ended with status 1",
    ),
    _fault(
        "a page view by a name is taken",
        Edit(STREAM, "type(content.get(name)) is not int", "name not in content"),
        "dead_letters", "a page view by a name is put aside", "a dead letter that says why it is one · but:",
    ),
    _fault(
        "bytes of no text end the service",
        Edit(STREAM, "    except ValueError as error:", "    except json.JSONDecodeError as error:"),
        "dead_letters", "bytes of no text is put aside", "the User Service: it has ended with status 1",
    ),
    _fault(
        "a page view is lost now and then",
        Edit(STREAM, SAYS, f"                    if message.offset() % 50 != 49:\n    {SAYS}"),
        "rush", "1,000 page views at once", "of 1000 are missing",
    ),
    _fault(
        "a page view is enriched twice now and then",
        Edit(STREAM, SAYS, f"{SAYS}                    if message.offset() % 50 == 49:\n    {SAYS}"),
        "rush", "1,000 page views at once", "came more than once",
    ),
    _fault(
        "in a burst offers come late",
        Edit(PROMOTIONS, OFFERS, SLOWED.format(0.012)),
        "rush", "1,000 page views at once", "An offer is made: 95 % of 125 offers took",
    ),
    _fault(
        "a service says that it has read what it has not answered",
        Edit(STREAM, RECEIVED, f"                self._done(batch); time.sleep(0.3)\n{RECEIVED}"),
        "rush", "The User Service breaks down", "are missing",
    ),
    _fault(
        "what came while a service was down is not read",
        Edit(STREAM, '"auto.offset.reset": "earliest"', '"auto.offset.reset": "latest"'),
        Edit(STREAM, '"group.id": name,', '"group.id": f"{name}-{time.time_ns()}",'),
        "rush", "The User Service is restarted", "are missing",
    ),
    _fault(
        "a service does not say what it has read",
        Edit(STREAM, COMMITS, ""),
        "rush", "The User Service is restarted", "came more than once",
    ),
    _fault(
        "what was offered is forgotten with a restart",
        Edit(STREAM, COMMITS, ""),
        Edit(PROMOTIONS, REMEMBERS, "                self._views[partition] = set()\n"),
        "rush", "The Promotions Service breaks down", "came more than once",
    ),
    _fault(
        "a service does not end when it is asked to",
        Edit(STREAM, "        self._stopping = True\n", "        pass\n"),
        "rush", "The Promotions Service is restarted", "was asked to end: its exit status",
    ),
)  # fmt: skip
