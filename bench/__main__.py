"""Measure the suite: `python -m bench` prints ratios from one run on one machine, and the numbers behind them.

Everything runs on the emulator, so the numbers say nothing about the speed of AWS.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from acceptance.aws.account import Account
from acceptance.aws.deployment import deploy
from acceptance.aws.embedded import EmbeddedAccount
from acceptance.root import ROOT
from acceptance.service_levels.percentiles import percentile
from acceptance.target import ACCOUNT_ID
from bench import load, noticing, raining, reading, terminals
from bench.bare import BareCafe, walk
from bench.recording import RECORDING
from support.durable_orders.settings import DurableOrdersSettings
from support.serverlesspresso.cafes import IMPATIENT_SHOPS, TEMPLATE

STARTS = 5
# An order's way through the café, without the features that break its parts or wait for its time limits.
ORDINARY = [
    f"features/serverlesspresso/{name}.feature"
    for name in ("ordering", "menu", "claiming", "completing", "cancelling", "refusals", "journeys", "announcements")
]
RAINY_SEEDS = (1, 2)


def main() -> None:
    """Run the measurements and print them."""
    with tempfile.TemporaryDirectory() as folder:
        print(
            "(a) an order's way in the café's features, one process, against a bare boto3 script with the same calls",
            flush=True,
        )
        _features_against_bare(Path(folder))
        print("(b) from a fact in the cloud to the step that waits for it", flush=True)
        for what, delays in noticing.measure().items():
            median, last = statistics.median(delays), percentile(delays, 99)
            print(f"    {what}: median {median:.1f} ms, 99th percentile {last:.1f} ms ({len(delays)} samples)")
        print("(c) from `behave` to its first step", flush=True)
        starts = [_start_up(Path(folder)) for _ in range(STARTS)]
        print(f"    median {statistics.median(starts):.2f} s of {', '.join(f'{s:.2f}' for s in starts)}")
        print("(d) the durable orders' features, four side by side, beyond the 10 s that an order waits", flush=True)
        print(f"    {_beyond_the_wait(Path(folder)):.1f} s")
        print("(e) from producing a page view to seeing it enriched, in turns", flush=True)
        _reading()
        print("(f) the fulfilment journey against bare pexpect; ten flows side by side against one", flush=True)
        _terminals(Path(folder))
        print("(g) the same features by one worker, and by four side by side", flush=True)
        _side_by_side(Path(folder))
        print("(h) a handful of scenarios in rain, against the same beside them in the weather of AWS", flush=True)
        _in_rain()
        print("(i) load: orders and page views, from one worker to eight", flush=True)
        load.main()


def _in_rain() -> None:
    took = [both for seed in RAINY_SEEDS for both in raining.measure(seed).values()]
    ratios = sorted(rain / usual for usual, rain in took)
    usual, rain = (sum(times) for times in zip(*took, strict=True))
    print(f"    all {len(took)}: {rain:.0f} s against {usual:.0f} s, {rain / usual:.2f} times (at most {raining.MOST})")
    print(f"    each: median {statistics.median(ratios):.2f} times, the longest {ratios[-1]:.2f} times")


def _terminals(folder: Path) -> None:
    journey = terminals.overhead(_behave, folder)
    print(f"    the suite's steps {journey.suite:.2f} s, bare script {journey.bare:.2f} s: ", end="")
    print(f"{journey.each_ms:.1f} ms more for each of {journey.steps} steps", flush=True)
    one, ten = terminals.side_by_side()
    times = statistics.median(ten) / statistics.median(one)
    print(f"    one flow {_listed(one)} s, {terminals.SIDE_BY_SIDE} side by side {_listed(ten)} s: ", end="")
    print(f"{times:.2f} times as long")


def _listed(seconds: list[float]) -> str:
    return ", ".join(f"{one:.2f}" for one in seconds)


def _beyond_the_wait(folder: Path) -> float:
    began = time.monotonic()
    _behave("features/durable_orders", "-D", f"results={folder / 'orders'}", "-j", "4")
    return time.monotonic() - began - DurableOrdersSettings().wait


def _reading() -> None:
    took = reading.measure()
    medians = {who: statistics.median(times) for who, times in took.items()}
    for who, times in took.items():
        last = percentile(times, 99)
        print(f"    {who}: median {medians[who]:.1f} ms, 99th percentile {last:.1f} ms ({len(times)} samples)")
    print(f"    the suite adds {medians['the suite'] - medians['the bare loop']:.1f} ms in the median")


def _side_by_side(folder: Path) -> None:
    took = {}
    for jobs in (1, 4):
        began = time.monotonic()
        _behave(*ORDINARY, "-D", f"results={folder / 'results'}", "-j", str(jobs))
        took[jobs] = time.monotonic() - began
        print(f"    {jobs}: {took[jobs]:.1f} s", flush=True)
    print(f"    {took[1] / took[4]:.2f} times as fast")


def _features_against_bare(folder: Path) -> None:
    recording, results = folder / "recording.json", folder / "results"
    _behave(
        *ORDINARY,
        "-D",
        f"results={results}",
        "-r",
        "bench.recording:RecordingRunner",
        environment={RECORDING: str(recording)},
    )
    scenarios = [json.loads(path.read_text()) for path in results.glob("*-result.json")]
    passed = sum(scenario["status"] == "passed" for scenario in scenarios)
    features = (max(s["stop"] for s in scenarios) - min(s["start"] for s in scenarios)) / 1000
    rows = json.loads(recording.read_text())
    bare = _walk_bare(rows)
    orders = sum(row["kind"] == "scan" for row in rows)
    print(f"    {passed} of {len(scenarios)} scenarios passed; {orders} scans and {len(rows) - orders} actions each")
    print(f"    features {features:.1f} s, bare script {bare:.1f} s: {features / bare:.2f} times")


def _walk_bare(rows: list[dict[str, object]]) -> float:
    with EmbeddedAccount() as embedded:
        cafes = {}
        for name, (account_id, parameters) in {"patient": (ACCOUNT_ID, {}), **IMPATIENT_SHOPS}.items():
            account = Account("us-east-1", embedded.url, account_id)
            deploy(account, TEMPLATE, parameters)
            cafes[name] = BareCafe(account)
        return walk(rows, cafes)


def _start_up(folder: Path) -> float:
    told = folder / "first-step"
    began = time.time()
    journey = "features/serverlesspresso/journeys.feature"
    _behave(journey, "-D", f"results={folder / 'start'}", "-f", "bench.first_step:FirstStep", "-o", str(told))
    return float(told.read_text()) - began


def _behave(*arguments: str, environment: dict[str, str] | None = None) -> None:
    command = [sys.executable, "-m", "behave", "-D", "report=no", *arguments]
    done = subprocess.run(  # noqa: S603 - our own program
        command, cwd=ROOT, env={**os.environ, **(environment or {})}, capture_output=True, text=True, check=False
    )
    if done.returncode not in (0, 1):
        raise SystemExit(done.stdout + done.stderr)


if __name__ == "__main__":
    main()
