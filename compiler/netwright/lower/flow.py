"""The control flow and the calls of one run on symbols."""

from netwright.lower.calls import Calls
from netwright.lower.conditions import Conditions
from netwright.lower.loops import Loops


class Flow(Loops, Conditions, Calls):
    """Loops, conditions and calls of one `lower.trace.Trace`, on its state."""
