"""What a good reviewer says of a net: rules that measure, each with its reason and its paper.

`graph` is a net as its layers and who reads whom; a `rule` finds lines to speak of. `order`,
`shrinking`, `factors`, `geometry`, `depth`, `hardware`, `idle`, `names` and `unread` hold the
rules, `allow` the comments that say where one does not apply, and `findings` makes diagnostics
of them.
"""

from netwright.lint.findings import MARKS, UNUSED, lint
from netwright.lint.rule import RULES

__all__ = ["MARKS", "RULES", "UNUSED", "lint"]
