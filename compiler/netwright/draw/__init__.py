"""Pictures of nets: one drawing model, and a template for each format."""

from netwright.draw.picture import FORMATS, draw

__all__ = ["FORMATS", "draw"]
