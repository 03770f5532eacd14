"""What changed between two nets, as an architect would say it, and what a checkpoint makes of it.

`parts` sees an instance as a tree of layers, blocks and labelled groups, `pairs` matches the parts
of two such trees, `changes` says how they differ, `wires` what is read from elsewhere, and
`checkpoint` whether weights still fit.
"""

from netwright.compare.changes import Change, compare
from netwright.compare.checkpoint import Checkpoint, checkpoint

__all__ = ["Change", "Checkpoint", "checkpoint", "compare"]
