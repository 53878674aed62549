"""A few faults are tried in every run of the tests, the others when asked for: `pytest -m every_fault`."""


def pytest_collection_modifyitems(config, items):
    """Leave the rarer faults out, unless they are asked for by the marker or by name (`-k`)."""
    if "every_fault" in config.option.markexpr or config.option.keyword:
        return
    rare = [item for item in items if item.get_closest_marker("rare")]
    items[:] = [item for item in items if item not in rare]
    config.hook.pytest_deselected(items=rare)
