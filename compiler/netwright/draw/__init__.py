"""Pictures of nets: one drawing model, and a template for each format.

`compose` chooses what is shown. A body's steps become `atoms`, chains of them boxes (`fuse`,
`build`); `finder` finds what follows each other and what runs side by side, `fold` what
repeats. By that `lay` places the boxes (`column`, `beside`, `lanes`, `comb`, `tangle`), or
`ushape`; `page` puts the net and the panels of its blocks together to a `model.Drawing`. `dot` and
`mermaid` print it, and Graphviz draws it, every box and wire at the place that it was given.

A `difference` is a page of its own: `marks` says of each box what changed in it, and `unchanged`
folds the rest. `nest` lays out what every box opens to, for the page that `html` prints.
"""

from netwright.draw.graphviz import CannotDraw
from netwright.draw.picture import FORMATS, draw

__all__ = ["FORMATS", "CannotDraw", "draw"]
