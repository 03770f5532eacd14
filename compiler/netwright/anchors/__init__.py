"""Sizes of the anchors of a detector, found in the boxes of a data set."""
