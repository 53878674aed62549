"""The pictures on the report's pages, read as a browser reads them: the SVG's texts, their places and their shapes."""

import cProfile
import pstats
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from xml.etree import ElementTree

import pytest

from acceptance.report.pictures import latencies
from acceptance.report.pictures.course import course_of
from acceptance.report.pictures.label_placement import Label, place_labels
from acceptance.report.pictures.night import by_night
from acceptance.report.pictures.swimlanes import Mark, merged
from acceptance.report.pictures.text_width import width_of
from acceptance.report.pictures.theme import INK, LIMIT, MISSED
from acceptance.report.pictures.words import duration, shortened, time_of
from acceptance.service_levels.levels import HIGHEST, Distribution, Latency, judge
from acceptance.service_levels.timeline import LOGS, QUEUE, STEP_FUNCTIONS, STREAM, Moment, Stamp, Timeline
from acceptance.service_levels.timeline import WAITS as WAITS_FOR_SOMEBODY
from acceptance.waiting import Unmet
from support.serverlesspresso import pictures as drawn
from support.serverlesspresso.messages import (
    CLAIMED,
    COMPLETED,
    FINISHED,
    SCANNED,
    SECOND_WAIT,
    STARTED,
    TIMED_OUT,
    WAITS,
)
from support.serverlesspresso.promises import CLAIM, DRINK, PROMISES, READY, SCAN

T0 = 1_790_000_000_000
TOKEN = "AQCg7pass"
SVG = "{http://www.w3.org/2000/svg}"
SUBMITTED = ("Decide Action", "get menu", "Sanitize order", "Drink submitted")
CLAIMED_IT = ("Decide Action", "Claim Order", "Order claimed")
NOT_NOW = ("Decide Action", "Claim Order", "Order refuses action")


# --- timelines ----------------------------------------------------------------------------------------


def at(ms, clock=STEP_FUNCTIONS):
    return Stamp(T0 + ms, clock)


def span(kind, lane, what, began, ended, note="", **detail):
    return Moment(kind, lane, what, at(began), None if ended is None else at(ended), note, detail)


def event(what, ms, **detail):
    return Moment("event", "bus", what, at(ms, QUEUE), detail={"TaskToken": TOKEN, "orderId": "o-1", **detail})


def person(name, does, action, ms, **detail):
    return Moment(
        "person",
        name,
        does,
        at(ms, QUEUE if action == "scan" else STEP_FUNCTIONS),
        None,
        "",
        {"action": action, **detail},
    )


def scanned(name="Ada"):
    states = [("Is the scan valid?", 40, 41), ("Shop Open?", 41, 42), ("Is capacity available?", 42, 45)]
    return [
        person(name, "scans the code", "scan", 0),
        event(SCANNED, 0),
        *(span("state", "order workflow", what, began, ended) for what, began, ended in states),
        event(STARTED, 50),
        Moment("record", "record", "stored", at(60)),
    ]


def served(until, wait, states=()):
    """The order's workflow, which waits from 45 ms on for `wait` ms, and what it does then."""
    return [
        span("execution", "order workflow", "order workflow", 0, until),
        span("state", "order workflow", "Emit - Workflow Started TT", 45, wait, WAITS_FOR_SOMEBODY),
        *(span("state", "order workflow", what, began, ended, note) for what, began, ended, note in states),
    ]


def acts(name, does, action, ms, states, took=120, note="", **detail):
    end, first = ms + took, ms + took - 2 * len(states)
    return [
        person(name, does, action, ms, **detail),
        span("execution", "action workflow", "action workflow", ms, end, note, **detail),
        *(
            span("state", "action workflow", what, first + 2 * number, first + 2 * number + 2, **detail)
            for number, what in enumerate(states)
        ),
    ]


def change(ms, what):
    return Moment("change", "record", what, Stamp((T0 + ms) // 1000 * 1000, STREAM))


def journey(*more, told=470):
    """Ada scans, orders, and gets her drink from Ben; the baristas are notified of it after `told` ms."""
    later = told + 10
    moments = [
        *scanned(),
        *served(
            later + 330,
            260,
            [
                ("Generate Order Number", 260, 261, ""),
                ("Emit - Awaiting Completion TT", 261, later + 325, WAITS_FOR_SOMEBODY),
                ("Order finished", later + 326, later + 330, ""),
            ],
        ),
        *acts("Ada", "orders", "", 140, SUBMITTED),
        event(SECOND_WAIT, 265),
        event(WAITS, told),
        *acts("Ben", "claims it", "make", later, CLAIMED_IT),
        event(CLAIMED, later + 119, baristaUserId="Ben-12345678"),
        *acts("Ben", "completes it", "complete", later + 200, ("Complete Order", "Order completed")),
        event(COMPLETED, later + 319),
        event(FINISHED, later + 328),
        change(0, "stored"),
        change(0, "drinkOrder changed"),
        change(0, "pass, orderNumber changed"),
    ]
    return Timeline.of("o-1", [*moments, *more])


def with_runs():
    return journey(
        Moment("function", "functions", "WorkflowStarted", at(52, LOGS), at(66, LOGS)),
        Moment("function", "functions", "WaitingCompletion", at(267, LOGS), at(1810, LOGS)),
        told=1800,
    )


def timed_out():
    ends = [("Customer timedout", 300_045, 300_046, ""), ("Order timed out", 300_046, 300_060, "")]
    late = acts("Ada", "orders", "", 302_000, ("Sanitize order", "Order refuses action"), 180, "ExecutionFailed")
    return Timeline.of("o-1", [*scanned(), *served(300_060, 300_045, ends), event(TIMED_OUT, 300_055), *late])


def open_order():
    return Timeline.of("o-1", [*scanned(), *served(None, None)])


def two_claims(tells_runs=False):
    """Cleo and Dee claim at the same millisecond, just after Ben; Cleo is refused."""
    cleo, dee = ({"run": "1"}, {"run": "2"}) if tells_runs else ({}, {})
    refused = acts("Cleo", "claims it", "make", 481, NOT_NOW, 121, "ExecutionFailed", **cleo)
    claimed = acts("Dee", "claims it", "make", 481, CLAIMED_IT, 121, **dee)
    return journey(*refused[:2], *claimed, *refused[2:])


def crowded(number):
    return Timeline.of("o-1", [*scanned(), *(event(f"Something.New{n % 17}", 70 + 13 * n) for n in range(number))])


TIMELINES = {
    "a journey": journey(),
    "a slow function": with_runs(),
    "a time-out": timed_out(),
    "an open order": open_order(),
    "two claims": two_claims(),
    "a crowd of messages": crowded(60),
    "nothing but a scan": Timeline.of("o-1", scanned()),
}


# --- reading an SVG -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Text:
    words: str
    left: float
    right: float
    base: float
    size: float
    colour: str

    @property
    def top(self):
        return self.base - self.size * 0.75

    def covers(self, other):
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.base, other.base) - max(self.top, other.top)
        return across > 0 and down > 0


def way_of_order(timeline, promises, people=None, *, judgements=(), offset=0):
    """The picture of an order whose promises have all been checked."""
    judged = [made for promise in promises if (made := judge(promise, timeline, offset))]
    return drawn.way_of_order(timeline, promises, people, judgements=[*judged, *judgements], offset=offset)


def parsed(svg):
    return ElementTree.fromstring(svg)  # noqa: S314 - our own


def style_of(element):
    return dict(part.split(": ") for part in element.get("style", "").split("; ") if part)


def texts(svg):
    found = []
    for element in parsed(svg).iter(f"{SVG}text"):
        style, x, size = style_of(element), float(element.get("x")), float(style_of(element)["font-size"][:-2])
        width = width_of(element.text, size, bold=style.get("font-weight") == "700")
        left = {"start": x, "middle": x - width / 2, "end": x - width}[style["text-anchor"]]
        colour = style.get("fill", "#000000")
        found.append(Text(element.text, left, left + width, float(element.get("y")), size, colour))
    return found


def words(svg):
    return [text.words for text in texts(svg)]


def one(svg, pattern):
    found = [text for text in texts(svg) if re.search(pattern, text.words)]
    assert len(found) == 1, f"{pattern} is there {len(found)} times in {words(svg)}"
    return found[0]


def shapes(svg, colour, attribute="fill") -> Iterator[list[tuple[float, float]]]:
    """The pieces of all paths that have a colour."""
    for element in parsed(svg).iter(f"{SVG}path"):
        if style_of(element).get(attribute) == colour:
            yield from corners_of(element)


def corners_of(path):
    for piece in path.get("d").split("M")[1:]:
        numbers = [float(number) for number in re.findall(r"-?[\d.]+", piece)]
        yield list(zip(numbers[::2], numbers[1::2], strict=True))


def described(svg):
    root = parsed(svg)
    return root.find(f"{SVG}title").text, root.find(f"{SVG}desc").text


def contrast_of(svg, seen=str):
    """The lowest contrast of any text with what is behind it, as WCAG computes it; `seen`: how a colour is shown."""
    areas = [("#fffdf9", [(0, 0), (760, 9999)])]
    for element in parsed(svg).iter(f"{SVG}path"):
        fill = style_of(element).get("fill", "#000000")
        areas += [(fill, corners) for corners in corners_of(element) if fill != "none"]
    contrasts = []
    for text in texts(svg):
        middle = ((text.left + text.right) / 2, text.base - 4)
        behind = [fill for fill, corners in areas if is_within(corners, middle)][-1]
        lighter, darker = sorted((luminance(seen(behind)), luminance(seen(text.colour))), reverse=True)
        contrasts.append((lighter + 0.05) / (darker + 0.05))
    return min(contrasts)


def is_within(corners, point):
    xs, ys = zip(*corners, strict=True)
    return min(xs) <= point[0] <= max(xs) and min(ys) <= point[1] <= max(ys)


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


# --- an order's way: who, what, when --------------------------------------------------------------------


def test_each_part_of_the_cafe_has_a_lane_from_the_customer_down_to_the_barista():
    svg = way_of_order(with_runs(), PROMISES)

    lanes = ["Ada", "Messages", "The order", "The actions", "Functions", "The record", "Ben"]
    places = [one(svg, f"^{lane}$").base for lane in lanes]
    assert places == sorted(places)
    assert {"customer", "barista"} <= set(words(svg))


def test_there_is_no_lane_for_functions_that_nobody_asked_about():
    assert "Functions" not in words(way_of_order(journey(), PROMISES))


def test_what_happened_is_told_in_the_cafes_words_in_the_lane_of_who_did_it():
    svg = way_of_order(journey(), PROMISES)

    for lane, happened in (
        ("Ada", "scans the code"),
        ("Ada", "orders"),
        ("Messages", "the baristas are notified"),
        ("The order", "waits for a barista"),
        ("The actions", "claim noted · 120 ms"),
        ("The record", "stored"),
        ("Ben", "completes it"),
    ):
        tops = [
            (one(svg, f"^{name}$").top, name)
            for name in ("Ada", "Messages", "The order", "The actions", "The record", "Ben")
        ]
        label = one(svg, f"^{happened}$")
        assert max(top for top in tops if top[0] <= label.base)[1] == lane, happened
    assert not [text for text in words(svg) if re.search(r"OrderManager|OrderProcessor|Emit|TT$", text)]


def test_what_the_cafe_is_not_known_for_keeps_its_name():
    svg = way_of_order(journey(event("Loyalty.PointsGiven", 300)), PROMISES)

    assert one(svg, "^Loyalty.PointsGiven$")


def test_who_acts_as_a_barista_is_one_even_if_they_also_ordered():
    svg = way_of_order(journey(person("Ada", "gives it back", "unmake", 900)), PROMISES)

    assert one(svg, "^customer and barista$")
    assert "customer" not in words(svg)


def test_a_person_whom_the_timeline_knows_by_an_id_is_called_by_their_name():
    ada = "4f1c0a1e-0000-4000-8000-123456789abc"
    svg = way_of_order(Timeline.of("o-1", scanned(ada)), PROMISES, {ada: "Ada"})

    assert one(svg, "^Ada$")
    assert one(svg, "^Ada’s order$")
    assert ada not in svg


def test_short_steps_are_one_bar_called_by_the_one_that_tells_most():
    svg = way_of_order(journey(), PROMISES)

    assert one(svg, "^checks the shop$")
    assert not [text for text in words(svg) if text in ("checks the scan", "gets the menu", "Decide Action")]


def test_short_steps_of_another_cafe_are_counted():
    steps = [Mark("works", n, n + 1, f"Step {n}", telling=False) for n in range(9)]

    assert [mark.words for mark in merged(steps, lambda began, ended: ended - began)] == ["9 short steps"]
    assert len(merged(steps, lambda began, ended: 50.0 * (ended - began))) == 9


def test_an_action_that_was_refused_says_so_with_a_sign_and_the_reason():
    svg = way_of_order(timed_out(), PROMISES)

    refused = one(svg, "✗ refused: the order does not allow it")
    assert refused.colour == MISSED
    assert list(shapes(svg, MISSED))


def test_an_action_that_failed_for_another_reason_is_not_called_refused():
    broken = acts("Cleo", "claims it", "make", 1200, ("Decide Action", "Claim Order"), 90, "ExecutionFailed")
    svg = way_of_order(journey(*broken), PROMISES)

    assert one(svg, "✗ failed")
    assert "refused" not in svg


@pytest.mark.parametrize("tells_runs", [True, False])
def test_of_actions_at_the_same_moment_it_is_told_whose_was_refused(tells_runs):
    svg = way_of_order(two_claims(tells_runs), PROMISES)

    assert one(svg, "^Ben: claim noted")
    # A timeline that does not say whose state it was still shows who failed, but not why.
    assert one(svg, "^Cleo: ✗ refused" if tells_runs else "^Cleo: ✗ failed")
    assert one(svg, "^Dee: claim noted" if tells_runs else "^Dee: done")


def test_what_is_not_over_ends_in_an_arrow_at_the_edge():
    def at_the_edge(svg):
        return [corner for bar in shapes(svg, "#f7e9c8") for corner in set(bar) if corner[0] == 744]

    assert len(at_the_edge(way_of_order(open_order(), PROMISES))) == 1
    assert not at_the_edge(way_of_order(journey(), PROMISES))


def test_what_a_clock_of_whole_seconds_stamped_is_listed_and_not_drawn():
    svg = way_of_order(journey(), PROMISES)

    assert one(svg, "whole seconds only.*: stored · drink · pass and number$").base > one(svg, "^since the scan$").base


def test_an_order_of_which_nothing_is_known_is_said_to_be_so():
    assert words(way_of_order(Timeline.of("o-1", [change(0, "stored")]), PROMISES)) == [
        "Nothing is known about this order."
    ]


# --- service levels -----------------------------------------------------------------------------------


def test_each_promise_is_shown_with_its_budget_and_a_word_and_a_sign():
    svg = way_of_order(journey(), PROMISES)

    assert one(svg, "^✓ A scan is acknowledged: 60 ms of 2 s, met$")
    assert one(svg, "^✓ A drink reaches the baristas: 330 ms of 1 s, met$")
    assert one(svg, "^✓ A claim is shown: 119 ms of 500 ms, met$")
    assert one(svg, "^✓ The customer is notified: 119 ms of 500 ms, met$")
    assert one(svg, "^✓ all 4 service levels were met$")


def test_a_missed_promise_says_by_how_much_and_where_the_time_went():
    svg = way_of_order(with_runs(), PROMISES)

    assert one(svg, "^✗ A drink reaches the baristas: 1,660 ms of 1 s, missed by 660 ms$").colour == MISSED
    assert one(svg, "of it passed in the function that notifies the baristas$")
    assert one(svg, "^✗ 1 of 4 service levels was missed$")


def test_where_the_time_went_is_told_in_the_cafes_words():
    svg = way_of_order(journey(told=1800), [DRINK])
    slow_check = [
        span("execution", "action workflow", "action workflow", 140, 1700),
        *acts("Ada", "orders", "", 140, ())[:1],
    ]
    slow_check.append(span("state", "action workflow", "Sanitize order", 200, 1650))
    checked = way_of_order(Timeline.of("o-1", [*scanned(), *slow_check, event(WAITS, 1710)]), [DRINK])

    assert one(svg, "^1,535 ms of it passed between “it has a number” and “the baristas are notified”$")
    assert one(checked, "^1,450 ms of it passed in the step “checks the drink” of the action workflow$")


def test_the_end_of_a_budget_is_marked_where_it_is_in_sight():
    svg = way_of_order(with_runs(), [DRINK])

    [bar] = [piece for piece in shapes(svg, MISSED)]
    limits = [piece[0][0] for piece in shapes(svg, INK, "stroke") if piece[0][1] < bar[0][1] + 10]
    share = (limits[0] - bar[0][0]) / (max(bar)[0] - bar[0][0])
    assert share == pytest.approx(1000 / 1660, abs=0.01)
    assert not [piece for piece in shapes(way_of_order(journey(), [SCAN]), INK, "stroke") if piece[0][1] < 80]


def test_the_budget_that_the_scenario_judged_by_wins():
    timeline = journey()
    judgement = judge(CLAIM.within(100), timeline)

    svg = way_of_order(timeline, PROMISES, judgements=[judgement])

    assert one(svg, "^✗ A claim is shown: 119 ms of 100 ms, missed by 19 ms$")
    assert one(svg, "^✓ The customer is notified: 119 ms of 500 ms")


def test_what_stamps_of_two_clocks_cannot_tell_is_said_to_be_so():
    svg = way_of_order(journey(), [CLAIM.within(120)], offset=30)

    assert one(svg, r"^\? A claim is shown: 88–150 ms of 120 ms, inconclusive$")
    assert one(svg, r"^\? 1 of 1 service level is inconclusive$")


def test_a_promise_whose_end_is_not_there_is_not_shown():
    svg = way_of_order(open_order(), PROMISES)

    assert not [text for text in words(svg) if DRINK.title in text or READY.title in text]
    assert one(svg, "^✓ the service level was met$")


# --- time -----------------------------------------------------------------------------------------------


def test_minutes_in_which_nobody_does_anything_are_cut_out_and_named():
    svg = way_of_order(timed_out(), PROMISES)

    assert one(svg, "^… 5 min …$")
    assert one(svg, "^… 1.94 s …$")
    assert [text for text in words(svg) if re.match(r"5 min \d", text)], "ticks go on after the cut"
    begun, ended = one(svg, "^scans the code$"), one(svg, "^the order timed out$")
    assert ended.left - begun.left > 100


def test_a_function_that_is_slow_is_not_cut_out():
    svg = way_of_order(with_runs(), PROMISES)

    assert "…" not in "".join(words(svg))
    bar = max((piece for piece in shapes(svg, "#7a5236")), key=lambda piece: max(piece)[0] - min(piece)[0])
    assert max(bar)[0] - min(bar)[0] > 400


def test_what_would_squeeze_all_the_rest_is_cut_out_though_somebody_works():
    assert one(way_of_order(journey(told=60_000), PROMISES), r"^… 59\.7 s …$")


def test_time_is_counted_from_the_scan():
    svg = way_of_order(journey(), PROMISES)

    zero, scan = one(svg, "^0$"), one(svg, "^scans the code$")
    assert abs((zero.left + zero.right) / 2 - scan.left) < 20
    assert {"200 ms", "400 ms", "600 ms", "800 ms"} <= set(words(svg))


@pytest.mark.parametrize(
    ("ms", "short", "full"),
    [
        (0, "0 ms", "0"),
        (173, "173 ms", "173 ms"),
        (2531, "2.53 s", "2.531 s"),
        (59_990, "1 min", "59.99 s"),
        (300_150, "5 min", "5 min 0.15 s"),
        (-3, "-3 ms", "-3 ms"),
    ],
)
def test_a_time_is_written_as_people_do(ms, short, full):
    assert (duration(ms), time_of(ms)) == (short, full)


# --- legible, for everybody -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", TIMELINES)
def test_no_text_covers_another_or_leaves_the_card(name):
    svg = way_of_order(TIMELINES[name], PROMISES)

    all_texts = texts(svg)
    assert not [(one.words, other.words) for one, other in combinations(all_texts, 2) if one.covers(other)]
    height = float(parsed(svg).get("height"))
    assert not [text.words for text in all_texts if text.left < 0 or text.right > 760 or text.base > height]


def test_labels_and_threads_never_cross_however_they_fall():
    dice = random.Random(7)  # noqa: S311
    for _ in range(200):
        shapes = [(x - 5, x + 5) for x in (dice.uniform(140, 740) for _ in range(dice.randint(1, 14)))]
        labels = [Label(shape, dice.uniform(30, 180)) for shape in shapes]
        for got, there in combinations([found for found in place_labels(labels, shapes, (136, 744)) if found], 2):
            apart = got.right <= there.left or there.right <= got.left
            assert got.line != there.line or apart
            for label, thread in ((got, there), (there, got)):
                passes = 0 < label.line < thread.line
                assert not passes or not label.left < thread.at < label.right


def test_a_label_without_room_is_counted_and_still_told():
    svg = way_of_order(crowded(200), PROMISES)

    assert one(svg, r"^\+ \d+ without a label$")
    assert described(svg)[1].count("Something.New") == 200


@pytest.mark.parametrize("name", TIMELINES)
def test_every_text_stands_out_from_what_is_behind_it(name):
    svg = way_of_order(TIMELINES[name], PROMISES)

    assert contrast_of(svg) >= 4.5
    assert contrast_of(svg, by_night) >= 4.5


def test_who_cannot_see_it_is_told_the_same():
    svg = way_of_order(with_runs(), PROMISES)

    root, (title, description) = parsed(svg), described(svg)
    assert (
        (root.get("role"), root.get("aria-label")) == ("img", title) == ("img", "Ada’s order: its way through the café")
    )
    for fact in (
        "A drink reaches the baristas: 1,660 ms of 1 s, missed by 660 ms",
        "Ada, customer: scans the code (0); orders (140 ms)",
        "the baristas are notified (1.8 s)",
        "Functions, the café’s helpers: stores the order (52 ms); notifies the baristas (267 ms)",
    ):
        assert fact in description


# --- safe to send -----------------------------------------------------------------------------------------


def pictures():
    judged = [(promise, Distribution([Latency(100, 101)])) for promise in PROMISES]
    return [*(way_of_order(timeline, PROMISES) for timeline in TIMELINES.values()), latencies(judged)]


def test_a_picture_fetches_nothing_and_names_nobody_outside():
    for svg in pictures():
        parsed(svg)
        outside = svg.replace('xmlns="http://www.w3.org/2000/svg"', "")
        assert not re.search(r"https?:|//|<!|href|url\(|@import|<script|<image|<foreignObject|<metadata", outside), svg[
            :600
        ]


def test_no_pass_is_shown():
    assert TOKEN in str(journey().moments[1].detail)
    assert not [svg for svg in pictures() if TOKEN in svg]


def test_names_that_mean_something_in_a_picture_are_only_shown():
    strange = journey(event("<b>&$x^2$</b>", 300), event("a\x00b\nc", 330), event("long " * 40, 360))
    svg = way_of_order(strange, PROMISES)

    assert one(svg, r"^<b>&\$x\^2\$</b>$")
    assert one(svg, "^a b c$")
    assert one(svg, "^long long .*…$").words == shortened("long " * 40)


def test_the_same_order_makes_the_same_picture():
    assert way_of_order(journey(), PROMISES) == way_of_order(journey(), PROMISES)


def test_a_run_that_draws_nothing_reads_no_widths_of_texts():
    code = """import sys
from acceptance.report import pictures
from acceptance.report.pictures import text_width
sys.exit(text_width._widths.cache_info().currsize)"""

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_ten_times_as_many_moments_do_not_take_much_more_than_ten_times_as_many_calls():
    """Calls are counted, not seconds: they are the same on every machine, however busy it is."""

    def calls(timeline):
        profile = cProfile.Profile()
        profile.runcall(way_of_order, timeline, PROMISES)
        return pstats.Stats(profile).total_calls

    calls(crowded(5))
    assert calls(crowded(200)) < 20 * calls(crowded(20))


# --- many orders ------------------------------------------------------------------------------------------


def waits(*all_ms):
    return Distribution(Latency(ms, ms + 1) for ms in all_ms)


def test_each_promise_has_a_row_with_its_verdict_and_its_figures():
    svg = latencies([(SCAN, waits(*range(100, 300, 10))), (CLAIM, waits(*range(300, 700, 20)))])

    assert one(svg, "^A scan is acknowledged, 20 orders$").base < one(svg, "^A claim is shown, 20 orders$").base
    assert one(svg, "^✓ 95 % within 281 ms of 2 s, met$")
    assert one(svg, "^✗ 95 % within 661 ms of 500 ms, missed by 161 ms$").colour == MISSED
    assert {"half 191 ms", "95 % 281 ms", "the slowest 291 ms", "promised: 2 s"} <= set(words(svg))
    assert one(svg, "^✗ 1 of 2 service levels was missed$")


def test_what_is_beyond_the_budget_lies_right_of_its_mark():
    svg = latencies([(CLAIM, waits(100, 200, 300, 700))])

    [limit] = {piece[0][0] for piece in shapes(svg, LIMIT.stroke, "stroke")}
    assert all(max(bar)[0] <= limit + 1 for bar in shapes(svg, "#7a5236"))
    assert [min(bar)[0] for bar in shapes(svg, MISSED)] == pytest.approx([16 + (limit - 16) * 700 / 500], abs=6)


def test_an_order_that_was_lost_is_counted_apart_and_not_drawn_as_an_hour():
    lost = Latency(HIGHEST, HIGHEST)
    usual = Distribution([Latency(150, 151)] * 599 + [lost])
    svg = latencies([(READY, usual), (CLAIM, Distribution([Latency(150, 151)] * 18 + [lost, lost]))])

    assert one(svg, "^1 lost$")
    assert one(svg, "^2 lost$")
    assert one(svg, "^✓ 95 % within 151 ms of 500 ms, met$")
    assert one(svg, "^✗ missed: 2 of 20 lost$")
    assert "3,600" not in svg
    assert {min(bar)[0] for bar in shapes(svg, MISSED)} == {700}
    assert "squeezed" not in svg


def test_one_that_took_far_too_long_does_not_squeeze_the_others():
    svg = latencies([(CLAIM, waits(100, 200, 300, 30_000))])

    bars = [min(bar)[0] for bar in shapes(svg, "#7a5236")]
    assert max(bars) - min(bars) > 100
    assert one(svg, "Right of the promised time the scale is squeezed")


def test_a_figure_that_is_not_exact_is_shown_from_to():
    svg = latencies([(CLAIM, Distribution([Latency(470, 530)]))])

    assert one(svg, r"^\? 95 % within 470–530 ms of 500 ms, inconclusive$")


def test_nothing_judged_is_said_to_be_so():
    assert "No items were checked." in words(latencies([]))
    assert "No orders were checked." in words(latencies([(CLAIM, Distribution())]))


def test_a_distribution_is_legible_too():
    dice = random.Random(3)  # noqa: S311
    judged = [
        (
            promise,
            Distribution(Latency(ms, ms + 9) for ms in (dice.uniform(80, 1.4 * promise.budget) for _ in range(20))),
        )
        for promise in PROMISES
    ]
    judged.append((replace(CLAIM, key="other"), Distribution([Latency(10, 11)] * 3 + [Latency(HIGHEST, HIGHEST)])))
    svg = latencies(judged)

    assert not [(one.words, other.words) for one, other in combinations(texts(svg), 2) if one.covers(other)]
    assert contrast_of(svg) >= 4.5
    assert contrast_of(svg, by_night) >= 4.5
    title, description = described(svg)
    assert title == "How long the orders had to wait"
    assert "A claim is shown, 4 orders: ✗ missed: 1 of 4 lost; half 11 ms, 1 lost" in description


def test_a_promise_that_nobody_has_judged_is_drawn_without_a_verdict():
    svg = drawn.way_of_order(journey(), [promise.within(1) for promise in PROMISES])
    assert "A drink reaches the baristas: " in svg
    for word in (", kept", "missed", "✗", "✓"):
        assert word not in svg


def test_what_was_late_stands_out_even_if_the_scenario_does_not_check_it():
    late = one(drawn.way_of_order(with_runs(), [DRINK]), "^A drink reaches the baristas: ")
    assert late.words.endswith("1,660 ms of 1 s, 660 ms over (not checked here)")
    assert late.colour == MISSED
    in_time = one(drawn.way_of_order(journey(), [DRINK]), "^A drink reaches the baristas: ")
    assert in_time.words.endswith("330 ms of 1 s")
    assert in_time.colour != MISSED


# --- what never came, and what came in turn ---------------------------------------------------------------


def test_what_never_came_is_a_hollow_mark_where_the_wait_ended():
    before = Unmet("another order to be ready", T0 - 5_000)
    svg = drawn.way_of_order(open_order(), [], unmet=[before, Unmet("the baristas to be told", T0 + 5_000)])
    told, lane = one(svg, "^the baristas to be told$"), one(svg, "^Expected$")
    [mark] = shapes(svg, MISSED, "stroke")
    assert lane.top <= min(y for _, y in mark) < lane.base + 14
    assert told.colour == MISSED
    assert not [text for text in words(svg) if "another order" in text], "it was over before this order began"
    assert "Expected, and did not come: the baristas to be told (5 s)" in described(svg)[1]


def test_where_everything_came_nothing_is_expected():
    assert "Expected" not in words(drawn.way_of_order(journey(), []))


def test_the_course_is_what_the_picture_shows_with_its_times():
    rows = course_of(journey(), drawn.CAFE)
    assert rows[0] == ("0", "Ada", "scans the code", "")
    assert ("330 ms", "Messages") not in [row[:2] for row in rows]
    assert ("470 ms", "Messages", "the baristas are notified", "") in rows
    assert [row for row in rows if row[1] == "The order"][-1][3] == "4 ms"
    assert course_of(Timeline.of("o-1", []), drawn.CAFE) == []
    assert [row[3] for row in course_of(open_order(), drawn.CAFE) if row[1] == "The order"][-1] == "lasts"


# --- by night ---------------------------------------------------------------------------------------------


def test_a_picture_is_dark_on_a_dark_screen_and_light_in_print():
    svg = way_of_order(with_runs(), PROMISES)
    sheet = parsed(svg).find(f"{SVG}style").text
    assert sheet.startswith("@media screen and (prefers-color-scheme: dark)")
    shown = {style_of(element)["fill"] for element in parsed(svg).iter() if "fill" in style_of(element)} - {"none"}
    assert {colour for colour in shown if f"fill: {by_night(colour)} !important" in sheet} == shown
    assert parsed(svg).get("class") == "picture", "its rules concern no page that it lies in"


@pytest.mark.parametrize(("by_day", "dark"), [("#ffffff", True), ("#fffdf9", True), ("#000000", False), (INK, False)])
def test_by_night_what_was_light_is_dark(by_day, dark):
    assert (luminance(by_night(by_day)) < 0.05) == dark
