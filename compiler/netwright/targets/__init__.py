"""Targets: each turns routines into the text of one file, in the way of its framework."""
