"""Layers with arguments, and tensors for them, as the tests of layers make them."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from netwright.ops import find
from netwright.ops.base import Op
from netwright.tensor import IMAGE_AXES, Tensor

OPS = find.every()
Draw = Callable[[st.SearchStrategy[Any]], Any]
Drawn = tuple[Any, ...]  # a layer and its inputs

small = st.integers(1, 4)
flags = st.booleans()


def make(name: str, **given: Any) -> Op:
    """A layer with some arguments, the others at their defaults."""
    values = {key: spec.default for key, spec in OPS[name].params.items()} | given
    assert not [key for key, value in values.items() if value is ...], f"{name}: missing arguments"
    return OPS[name](**values)


def image(*sizes: Any) -> Tensor:
    axes = {**IMAGE_AXES, 2: ("channels", "length")}
    return Tensor(sizes, axes[len(sizes)])
