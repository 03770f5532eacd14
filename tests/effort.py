"""How many cases the property tests try: ``NETWRIGHT_EFFORT=50`` tries fifty times as many.

Without it the cases are the same in each run, so that a change is judged by itself; with it they
are new ones, which is how bugs are hunted.
"""

import os

from hypothesis import HealthCheck, settings

FACTOR = float(os.environ.get("NETWRIGHT_EFFORT", "1"))


def cases(number: int) -> settings:
    """Settings for this many cases, times the effort."""
    return settings(
        max_examples=max(1, round(number * FACTOR)),
        deadline=None,
        derandomize=FACTOR == 1,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
