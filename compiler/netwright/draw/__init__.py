"""Pictures of nets: one drawing model, and a template for each format.

`draw` reads a net's instance into boxes (`graph`, `fuse`), folds what repeats (`fold`), finds the
structure (`structure`) and places everything by it (`lay`, `ushape`, `page`); `dot` and `mermaid`
print the finished `Drawing`, and Graphviz draws it.
"""

from netwright.draw.graphviz import CannotDraw
from netwright.draw.picture import FORMATS, draw

__all__ = ["FORMATS", "CannotDraw", "draw"]
