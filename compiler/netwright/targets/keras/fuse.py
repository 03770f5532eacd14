"""Activations that stand directly behind a convolution or a linear layer become its argument."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from netwright.lower import model
from netwright.ops.base import Role
from netwright.record import record
from netwright.targets.variables import every, inputs_of

# Names of activations in Keras that compute what ours do with their defaults.
ACTIVATIONS = {
    "relu": "relu",
    "relu6": "relu6",
    "elu": "elu",
    "selu": "selu",
    "gelu": "gelu",
    "silu": "silu",
    "mish": "mish",
    "softplus": "softplus",
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "hard_sigmoid": "hard_sigmoid",
    "hard_swish": "hard_silu",
}

SOFTMAX = "softmax"  # over the channels; in Keras over the last axis
FUSING = ("conv", "linear", "conv_transpose", "depthwise_conv", "separable_conv")


@record
class Skip:
    """A member that is no layer of its own in Keras, and still takes its number."""

    place: model.Place | None


def fuse(statements: Sequence[Any], results: set[int]) -> tuple[Any, ...]:
    """The body with each such activation inside the layer before it."""
    return _fuse(statements, readers(statements, results))


def readers(statements: Sequence[Any], results: set[int]) -> Counter[int]:
    """How often each value is read; a name counts where somebody reads it."""
    uses: Counter[int] = Counter(results)
    named = []
    for statement in every(statements):
        if isinstance(statement, model.Alias | model.Store):
            named.append(statement)
            continue
        uses.update(inputs_of(statement))
        for phi in getattr(statement, "phis", ()):
            uses.update((phi.before, phi.end))
    loaded = {s.name for s in every(statements) if isinstance(s, model.Load)}
    for statement in reversed(named):
        outputs = statement.outputs if isinstance(statement, model.Alias) else (statement.output,)
        if any(uses[v] for v in outputs) or (
            isinstance(statement, model.Store) and statement.name in loaded
        ):
            uses.update(inputs_of(statement))
    return uses


def _fuse(statements: Sequence[Any], uses: Counter[int]) -> tuple[Any, ...]:
    found: list[Any] = []
    for statement in statements:
        last = _last_layer(found)
        if last is not None and isinstance(statement, model.Layer) and _fits(last, statement, uses):
            place = found.index(last)
            words = {**(last.words or {}), "activation": statement.op.name}
            found[place] = type(last)(
                **{**last.__dict__, "output": statement.output, "words": words}
            )
            del found[place + 1 :]
            found.append(Skip(statement.place))
            continue
        found.append(inside(statement, lambda body: _fuse(body, uses)))
    return tuple(found)


def _last_layer(found: list[Any]) -> model.Layer | None:
    """The layer that a body ends in; names do not count, as who reads one is asked apart."""
    for statement in reversed(found):
        if isinstance(statement, model.Layer):
            return statement
        if not isinstance(statement, model.Alias | model.Store):
            return None
    return None


def _fits(layer: model.Layer, activation: model.Layer, uses: Counter[int]) -> bool:
    place = activation.place
    if (
        layer.op.name not in FUSING
        or (activation.op.name not in ACTIVATIONS and not _over_last(layer, activation))
        or (layer.words or {}).get("activation")
    ):
        return False
    if (
        activation.op.role is not Role.ACTIVATION
        or activation.inputs != (layer.output,)
        or activation.args
    ):
        return False
    named = place is None or (place.label is not None and place.user)
    shared = layer.place is not None and layer.place.kind == "shared"  # for its other uses too
    return not (named or shared) and layer.first and uses[layer.output] == 1


def _over_last(layer: model.Layer, activation: model.Layer) -> bool:
    """Whether an activation is the softmax over the axis that a layer makes, Keras's last."""
    made = layer.result
    return activation.op.name == SOFTMAX and (layer.op.name != "linear" or made.rank == 1)


def inside(statement: Any, change: Callable[[Sequence[Any]], tuple[Any, ...]]) -> Any:
    """A statement with the statements in it changed."""
    changes: dict[str, Any] = {}
    match statement:
        case model.Loop() | model.Group() | model.Side():
            changes = {"body": change(statement.body)}
        case model.Arms():
            changes = {"then": change(statement.then), "otherwise": change(statement.otherwise)}
        case model.Gather():
            branches = tuple(
                type(b)(**{**b.__dict__, "body": change(b.body)}) for b in statement.branches
            )
            changes = {"branches": branches}
    return type(statement)(**{**statement.__dict__, **changes}) if changes else statement
