"""What a dynamic size may be, derived from the shape rules: ``H`` is a multiple of 32, at least 64.

`numbers` puts numbers into sizes and tells after how many cells they repeat, `conditions` are what
the layers and the spec ask of them, `paths` what is asked on each way through the conditions of a
spec, `solve` asks for all numbers that matter, and `constraint` says what came out.
"""

from netwright.dynamic.constraint import Constraint, Constraints
from netwright.dynamic.solve import constraints

__all__ = ["Constraint", "Constraints", "constraints"]
