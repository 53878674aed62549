"""What the bench says and draws of load."""

from bench.load import Row, picture


def row(workers, ms, late):
    return Row(workers, {"worker_ms_for_each": ms, "late_ms": {"p95": late}})


def test_the_picture_shows_both_figures_of_each_number_of_workers():
    drawn = picture([row(1, 50.4, 2), row(8, 61.0, 1204)])
    for words in ("1 worker<", "8 workers<", ">50<", ">61<", ">2<", ">1,204<", "50 with 1, 61 with 8"):
        assert words in drawn
