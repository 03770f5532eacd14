"""A layer that is passed as a `norm` or an `activation`: what makes the layer when it is called."""

from typing import Any

from netwright.evaluate import NotGeneral
from netwright.lower import model
from netwright.lower.model import Argument
from netwright.lower.text import Text
from netwright.source import Source, Span
from netwright.targets.keras.view import KerasView
from netwright.targets.spell import spell
from netwright.tensor import CHANNELS, FEATURES, HEIGHT, LENGTH, WIDTH, Tensor
from netwright.values import Partial

IMAGE = Tensor((2, 2, 2), (CHANNELS, HEIGHT, WIDTH))
SEQUENCE = Tensor((2, 2), (LENGTH, FEATURES))

NOWHERE = Span(Source("", ""), 0, 0)


def passed_layer(file: Any, value: Partial) -> str:
    """``BatchNorm``, or ``partial(layers.GroupNormalization, 8)`` for one with arguments."""
    view = KerasView(_layer(value), _plain, ["x"], "x", file=file, function=None)
    lines = spell("keras", value.name, view)
    file.use_helpers(view.helpers)
    if len(lines) != 1 or "$" in lines[0]:
        raise NotGeneral(None)
    name, _, given = lines[0].removesuffix(")").partition("(")
    return f"partial({name}, {given})" if given else name


def _layer(value: Partial) -> model.Layer:
    """The layer at work on an image, or on a sequence where it normalises the last axis."""
    op = value.target(**dict(value.args))
    last = op.name == "rms_norm" or (op.name == "layer_norm" and op.axis != 0)
    tensor = SEQUENCE if last else IMAGE
    args = {name: Argument(arg, text, False) for name, arg, text in _worded(value)}
    return model.Layer(op, None, args, (0,), (tensor,), ((),), {}, 1, tensor, NOWHERE)


def _worded(value: Partial) -> list[tuple[str, Any, Text]]:
    """The arguments that have texts of their own."""
    known = dict(value.args)
    return [(name, known[name], text) for name, text in value.words if isinstance(text, Text)]


def _plain(text: Text) -> str:
    return text.plain
