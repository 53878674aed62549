"""The table of the weathers, and what a guest's run is counted as."""

from trust.weather.guest import Row
from trust.weather.table import HEAD, keep, markdown, read


def row(weather="rain", system="retail", **verdicts):
    return Row(weather, 7, system, verdicts, 12.3, "weather rain, seed 7: 3 answered", ["broken: A: lost"])


def test_table_has_the_latest_run_of_each_weather_and_system_in_their_order(tmp_path):
    for one in (row("storm", passed=3), row("aws", passed=1), row("aws", passed=5, broken=1, skipped=2)):
        table = keep(one, tmp_path)
    assert table.read_text(encoding="utf-8").splitlines() == [
        *HEAD.splitlines(),
        "| aws | 7 | retail | 6 | 5 | 0 | 1 | 2 | 12 |",
        "| storm | 7 | retail | 3 | 3 | 0 | 0 | 0 | 12 |",
    ]
    assert read(tmp_path)[0] == row("aws", passed=5, broken=1, skipped=2)


def test_table_without_rows_is_its_head():
    assert markdown([]) == f"{HEAD}\n"
