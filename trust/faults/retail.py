"""Planted faults of the retail services, and the scenario that must notice each.

Each is one change of the programs; everything else stays as shipped.
"""

from trust.faults.fault import faults_of
from trust.system_copy import Edit

USERS, PROMOTIONS, STREAM = (f"services/{name}.py" for name in ("user_service", "promotions_service", "stream"))
TOLD = '("COUNTRY", "PLANTYPE", "INTERESTS")'
ENRICHED = "return {**said, **({PAGE: page} if page else {}), **user}"
KNOWN = 'enriched(view, known.get(view["USERID"], {}))'
KNOWN_FIRST = 'enriched(view, vars(enriched).setdefault("first", known.get(view["USERID"], {})))'
DESERVES = 'view.get("PLANTYPE") == PLAN and view.get("PAGENAME") == PAGE'
NEW = " and offered.is_new(message.partition(), seen_in(view))"
OFFERS = "                yield message, offer(view)\n"
OFFER = 'return {"OFFERID": f"{user}-{page}-{at}", "USERID": user, "PAGEID": page, "TIMESTAMP": at, "PRODUCT": PRODUCT}'
ANSWERS = "                    for message, content in answers(list(self._readable(batch))):\n"
SAYS = (
    "                        self._say(self.target, message, json.dumps(content).encode(), "
    '{"consumed-at": str(received)})\n'
)
RECEIVED = "                    received = time.time_ns() // 1_000_000\n"
UNREADABLE = "    except ValueError as error:"
DEAD = "        self._say(self.dead_letters, message, message.value(), "
ASIDE = '        self.log(f"moved {origin} to the dead letters: {why}")\n'
FLUSHES = "        if self._producer.flush(FLUSH_SECONDS) or self._failed:\n"
COMMITS = "            self._consumer.commit(offsets=offsets, asynchronous=False)\n"
COMMITS_FIRST = (
    "        first = {one.partition(): one.offset() + 1 for one in batch}\n"
    "        offsets = [TopicPartition(self.source, partition, offset) for partition, offset in first.items()]\n"
    "        self._consumer.commit(offsets=offsets, asynchronous=False)\n"
)
REMEMBERS = (
    "                self._views[partition] = set(self._read(reader, TopicPartition(self._offers, partition)))\n"
)
FORGETS = "                self._views[partition] = set()\n"
BOUND = " or not 0 <= content[name] <= GREATEST"
PRODUCES = "self._producer.produce(name, value, about.key(), "
ELSEWHERE_OR_KNOWN = 'view["PAGEID"] != 200 or view["USERID"] in known'
REVERSED = ANSWERS.replace("answers(list(", "answers(list(reversed(list(").replace("))):", "))))):")
OTHERWISE = OFFERS.replace("offer(view)", '{**offer(view), "PRODUCT": PRODUCT if message is batch[0][0] else "None"}')
IDENTITY = 'return content["USERID"], content["PAGEID"], content["TIMESTAMP"]'
UNPACKED = "user, page, at = seen_in(view)"
PICKED = 'user, page, at = (view[one] for one in ("USERID", "PAGEID", "TIMESTAMP"))'
SLOWED = OFFERS.replace("yield", "__import__('time').sleep({}); yield")


_fault = faults_of("retail", "-D", "patience=5")


FAULTS = (
    _fault(
        "the plan is not told",
        Edit(USERS, TOLD, '("COUNTRY", "INTERESTS")'),
        "enrichment", "The visitor's plan is known", "it is missing",
    ),
    _fault(
        "everybody is on the Free plan",
        Edit(USERS, ENRICHED, ENRICHED.replace("**user}", '**user, "PLANTYPE": "Free"}')),
        "enrichment", "All known details are added", 'it is the text "Free"',
    ),
    _fault(
        "the page's name is not told",
        Edit(USERS, ENRICHED, "return {**said, **user}"),
        "enrichment", "All known details are added", "it is missing",
    ),
    _fault(
        "the country is told otherwise",
        Edit(USERS, ENRICHED, ENRICHED.replace("**user}", '**user, "COUNTRY": "US"}')),
        "enrichment", "All known details are added", 'it is the text "US"',
    ),
    _fault(
        "the interests are forgotten",
        Edit(USERS, TOLD, '("COUNTRY", "PLANTYPE")'),
        "enrichment", "All known details are added", "it is missing",
    ),
    _fault(
        "the time of the page view is replaced",
        Edit(USERS, ENRICHED, ENRICHED.replace("**said,", '**said, "TIMESTAMP": 1652012999698,')),
        "enrichment", "The content of the page view is kept", "it is the number 1652012999698",
    ),
    _fault(
        "the user is told as a text",
        Edit(USERS, ENRICHED, ENRICHED.replace("**said,", '**said, "USERID": str(view["USERID"]),')),
        "enrichment", "The content of the page view is kept", 'it is the text "1',
    ),
    _fault(
        "somebody unknown is told to be on a plan",
        Edit(USERS, KNOWN, KNOWN.replace("{}", '{"PLANTYPE": "Free"}')),
        "enrichment", "Nothing is added about an unknown visitor", 'it is the text "Free"',
    ),
    _fault(
        "everybody is taken for the first one who came",
        Edit(USERS, KNOWN, KNOWN_FIRST),
        "enrichment", "Each visitor gets their own details among many", '"PLANTYPE" equal to the text',
    ),
    _fault(
        "the Premium plan is offered to those who have it",
        Edit(PROMOTIONS, DESERVES, 'view.get("PAGENAME") == PAGE and "PLANTYPE" in view'),
        "offers", "A visitor on the Premium plan", "never an offer · but: there is one",
    ),
    _fault(
        "the Premium plan is offered on every page",
        Edit(PROMOTIONS, DESERVES, 'view.get("PLANTYPE") == PLAN'),
        "offers", "A visitor on the Free plan is offered nothing on the", "never an offer · but: there is one",
    ),
    _fault(
        "the Premium plan is offered to whom nobody knows",
        Edit(PROMOTIONS, DESERVES, 'view.get("PLANTYPE", PLAN) == PLAN and view.get("PAGENAME") == PAGE'),
        "offers", "An unknown visitor is offered nothing", "never an offer · but: there is one",
    ),
    _fault(
        "a page view that comes again is answered again",
        Edit(PROMOTIONS, NEW, ""),
        "offers", "A page view that arrives twice leads to one offer", "never more than one offer · but: there are 2",
    ),
    _fault(
        "nothing is offered",
        Edit(PROMOTIONS, OFFERS, "                yield from ()\n"),
        "offers", "The offer comes in time", "an offer · but: there is none",
    ),
    _fault(
        "the offer comes late",
        Edit(PROMOTIONS, OFFERS, SLOWED.format(0.9)),
        "offers", "The offer comes in time", "the service level is 500 ms, so that is ",
    ),
    _fault(
        "something else is offered",
        Edit(PROMOTIONS, '"PRODUCT": PRODUCT', '"PRODUCT": PLAN'),
        "offers", "The offer names the plan", 'it is the text "Free"',
    ),
    _fault(
        "what is no JSON ends the service",
        Edit(STREAM, UNREADABLE, "    except KeyError as error:"),
        "dead_letters",
        "A message that is a text is moved to the dead letters",
        "the User Service: it has ended with status 1",
    ),
    _fault(
        "what is no page view holds up the next ones",
        (Edit(STREAM, ASIDE, "        self._consumer.pause([TopicPartition(self.source, message.partition())])\n"),),
        # If the service reads the next page view in one batch with the text, the sentinels behind it are held up first.
        "dead_letters", "A visitor's next page view is answered after a", "enriched", verdicts=("failed", "broken"),
    ),
    _fault(
        "what cannot be read is lost",
        Edit(STREAM, DEAD, "        print("),
        "dead_letters", "A message that is half a page view is moved to the dead letters", "there are 0",
    ),
    _fault(
        "a dead letter does not say why it is one",
        Edit(STREAM, '{"error": why, "origin"', '{"origin"'),
        "dead_letters",
        "A message that is nothing at all is moved to the dead letters",
        "its headers are",
    ),
    _fault(
        "a list is taken for a page view",
        Edit(STREAM, "    if not isinstance(content, dict):", "    if content is None:"),
        "dead_letters",
        "A message that is a list is moved to the dead letters",
        "the User Service: it has ended with status 1",
    ),
    _fault(
        "a page view of nobody is taken",
        Edit(STREAM, 'NUMBERS = ("USERID", ', "NUMBERS = ("),
        "dead_letters",
        "A message that is a page view of nobody is moved to the dead letters",
        "the User Service: it has ended with status 1",
    ),
    _fault(
        "a page view by a name ends the service",
        Edit(STREAM, "type(content.get(name)) is not int or not 0 <= content[name] <= GREATEST", "name not in content"),
        "dead_letters",
        "A message that is a page view by a name is moved to the dead letters",
        "the User Service: it has ended with status 1",
    ),
    _fault(
        "bytes of no text end the service",
        Edit(STREAM, UNREADABLE, "    except json.JSONDecodeError as error:"),
        "dead_letters",
        "A message that is bytes of no text is moved to the dead letters",
        "the User Service: it has ended with status 1",
    ),
    _fault(
        "a page view is lost now and then",
        Edit(STREAM, SAYS, f"                        if message.offset() % 50 != 49:\n    {SAYS}"),
        "rush", "A burst of 1,000 page views is answered in time", "of 1000 are missing",
    ),
    _fault(
        "a page view is enriched twice now and then",
        Edit(STREAM, SAYS, f"{SAYS}                        if message.offset() % 50 == 49:\n    {SAYS}"),
        "rush", "A burst of 1,000 page views is answered in time", "came more than once",
    ),
    _fault(
        "in a burst offers come late",
        Edit(PROMOTIONS, OFFERS, SLOWED.format(0.012)),
        "rush", "A burst of 1,000 page views is answered in time", "An offer is made: 95 % of 125 offers took",
    ),
    _fault(
        "a service says that it has read what it has not answered",
        Edit(STREAM, RECEIVED, f"                    self._done(batch)\n{RECEIVED}"),
        "rush", "A crash of the User Service loses nothing", "are missing",
    ),
    _fault(
        "a service says that it has read what is not safely answered",
        Edit(STREAM, FLUSHES, f"{COMMITS_FIRST}{FLUSHES}"),
        "rush", "A crash of the Promotions Service loses nothing", "are missing",
    ),
    _fault(
        "what came while a service was down is not read",
        (
            Edit(STREAM, '"auto.offset.reset": "earliest"', '"auto.offset.reset": "latest"'),
            Edit(STREAM, '"group.id": name,', '"group.id": f"{name}-{time.time_ns()}",'),
        ),
        "rush", "Restarting the User Service loses nothing", "are missing",
    ),
    _fault(
        "a service does not say what it has read",
        Edit(STREAM, COMMITS, ""),
        "rush", "Restarting the User Service loses nothing", "came more than once",
    ),
    _fault(
        "what was offered is forgotten with a restart",
        Edit(PROMOTIONS, REMEMBERS, FORGETS),
        "offers",
        "A page view that arrives again after a restart leads to one offer",
        "never more than one offer · but: there are 2",
    ),
    _fault(
        "an offer does not tell what it answers",
        Edit(PROMOTIONS, OFFER, 'return {"PRODUCT": PRODUCT}'),
        "offers",
        "A page view that arrives again after a restart leads to one offer",
        "never more than one offer · but: there are 2",
    ),
    _fault(
        "nobody is offered anything twice",
        (
            Edit(PROMOTIONS, IDENTITY, 'return content["USERID"]'),
            Edit(PROMOTIONS, UNPACKED, PICKED),
        ),
        "offers", "A second visit to the checkout leads to a second offer", "an offer · but: there is none",
    ),
    _fault(
        "somebody unknown is forgotten at the checkout",
        Edit(USERS, "for message, view in batch]", f"for message, view in batch if {ELSEWHERE_OR_KNOWN}]"),
        "enrichment", "Nothing is added about an unknown visitor", "an enriched view · but: there is none",
    ),
    _fault(
        "somebody unknown is told to be from a country",
        Edit(USERS, KNOWN, KNOWN.replace("{}", '{"COUNTRY": "US"}')),
        "enrichment", "Nothing is added about an unknown visitor", 'it is the text "US"',
    ),
    _fault(
        "somebody is taken at their word about their plan",
        Edit(USERS, "if name not in (*TOLD, PAGE)", "if name != PAGE"),
        "enrichment", "A visitor cannot claim a plan", 'it is the text "Free"',
    ),
    _fault(
        "what else the page view said is dropped",
        Edit(USERS, "if name not in (*TOLD, PAGE)", 'if name in ("USERID", "PAGEID", "TIMESTAMP")'),
        "enrichment", "Additional content of the page view is kept", "it is missing",
    ),
    _fault(
        "what is nested too deeply ends the service",
        Edit(STREAM, "    except RecursionError:", "    except ZeroDivisionError:"),
        "dead_letters",
        "A message that is a page view without an end is moved to the dead letters",
        "the User Service: it has ended with status 1",
    ),
    _fault(
        "a number that no table takes ends the service",
        Edit(STREAM, BOUND, ""),
        "dead_letters",
        "A message that is a page view by a number beyond all is moved to the dead letters",
        "the User Service: it has ended with status 1",
    ),
    _fault(
        "a dead letter is written twice",
        Edit(STREAM, ASIDE, f"{ASIDE}        time.sleep(0.1)\n{DEAD}" + '{"error": why, "origin": origin})\n'),
        "dead_letters", "A message that is a list is moved to the dead letters", "dead letter",
    ),
    _fault(
        "what is no page view is passed on too",
        Edit(STREAM, ASIDE, f"{ASIDE}        self._say(self.target, message, message.value(), {{}})\n"),
        "dead_letters",
        "A message that is a text is moved to the dead letters",
        ("dead letter", "but: there are 2"),
    ),
    _fault(
        "page views are told in another order",
        Edit(STREAM, ANSWERS, REVERSED),
        "rush", "Each visitor's page views are enriched in their order", "they came in another order",
    ),
    _fault(
        "in a burst something else is offered",
        Edit(PROMOTIONS, OFFERS, OTHERWISE),
        "rush", "A burst of 1,000 page views is answered in time", "offers of “Premium”",
    ),
    _fault(
        "a late offer hands on the time stamp of what it answers",
        (
            Edit(STREAM, PRODUCES, f"{PRODUCES}timestamp=about.timestamp()[1], "),
            Edit(PROMOTIONS, OFFERS, SLOWED.format(0.9)),
        ),
        "offers", "The offer comes in time", "has the same time stamp as the enriched view",
        verdicts=("broken",),
    ),
    _fault(
        "a service does not end when it is asked to",
        Edit(STREAM, "        self._stopping = True\n", "        pass\n"),
        "rush", "Restarting the Promotions Service loses nothing", "was asked to end: its exit status",
    ),
)  # fmt: skip
