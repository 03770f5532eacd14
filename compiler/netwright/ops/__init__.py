"""The layers of the language, one frozen class each, by family; `netwright.ops.base` explains."""
