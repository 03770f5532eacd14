"""Weights in a Keras model that was built: put in, and taken out, by the names of its layers."""

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from netwright.weights import layout
from netwright.weights.creation import by_creation
from netwright.weights.state import WeightsError, present
from netwright.weights.table import Slot, Table, table

if TYPE_CHECKING:
    from netwright.api import Net


def to_keras_model(net: "Net", state: Mapping[str, Any], model: Any) -> tuple[str, ...]:
    """Put weights under PyTorch's names into the Keras model of a net.

    Gives the names that have no place in it: of side outputs, if it was built without, and of what
    no output depends on. What ``state`` lacks stays as it is.
    """
    known = table(net.name, net.instance)
    arrays = {name: _array(value) for name, value in present(state, known).items()}
    layers = named(known, model)
    homeless: list[str] = []
    for slot in known.slots:
        given = {w.name: arrays[name] for name, w in slot.names.items() if name in arrays}
        variables = variables_of(slot, layers, known)
        if variables is None:
            homeless += slot.names
        elif given:
            _assign(slot, given, variables)
    return tuple(homeless)


def _array(value: Any) -> Any:
    import numpy

    return numpy.asarray(value)


def _assign(slot: Slot, given: dict[str, Any], variables: list[Any]) -> None:
    if len(given) < len(slot.weights):
        given = {**_taken(slot, variables), **given}
    arrays = layout.to_keras(slot.op, given, slot.tensors, order=slot.order)
    for variable, array in zip(variables, arrays, strict=True):
        variable.assign(array.reshape(variable.shape))


def to_state_dict(net: "Net", model: Any, *, only: Collection[str] | None = None) -> dict[str, Any]:
    """The weights of the Keras model of a net as arrays, by PyTorch's names and in their order.

    Those of side outputs lack if it was built without, and those that no output depends on;
    ``only`` names the layers to take.
    """
    known = table(net.name, net.instance)
    layers = named(known, model)
    found: dict[str, Any] = {}
    for slot in known.slots:
        variables = variables_of(slot, layers, known)
        held = {layers[name].name for name in names_of(slot) if name in layers}
        if variables is None or (only is not None and held.isdisjoint(only)):
            continue
        taken = _taken(slot, variables)
        found |= {name: taken[weight.name] for name, weight in slot.names.items()}
    return found


def _taken(slot: Slot, variables: list[Any]) -> dict[str, Any]:
    import keras

    arrays = [keras.ops.convert_to_numpy(variable) for variable in variables]
    try:
        return layout.to_torch(slot.op, arrays, slot.tensors, order=slot.order)
    except ValueError as error:  # one bias where Keras holds two that do not add up
        raise WeightsError(f"`{slot.path}`: {error}") from error


def names_of(slot: Slot) -> list[str]:
    """The names of the Keras layers that one is."""
    return [slot.layer + suffix for suffix, _ in layout.parts(slot.op, slot.tensors)]


def named(known: Table, model: Any) -> Mapping[str, Any]:
    """The layers of a model by the names that follow from their paths."""
    layers, own = layers_of(model), own_names(known)
    found = {name: layer for name, layer in layers.items() if name in own}
    others = [layer for name, layer in layers.items() if name not in own]
    unnamed = [slot for slot in known.slots if not slot.named]
    return found | by_creation(known.net, unnamed, others)


def own_names(known: Table) -> set[str]:
    """The names of layers in Keras that the spec says."""
    return {name for slot in known.slots if slot.named for name in names_of(slot)}


def layers_of(model: Any) -> dict[str, Any]:
    """All layers of a model by name, those of the models in it too."""
    return {layer.name: layer for layer in _layers(model)}


def _layers(model: Any) -> Iterator[Any]:
    import keras

    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from _layers(layer)
        else:
            yield layer


def variables_of(slot: Slot, layers: Mapping[str, Any], known: Table) -> list[Any] | None:
    """The variables of a layer in the model; none for one that it may lack: of a side output that
    is not built, or one that no output depends on."""
    names = names_of(slot)
    if any(name not in layers for name in names):
        if slot.side or slot.idle:
            return None
        raise WeightsError(
            f"the Keras model has no layer `{names[0]}`",
            f"is it the model that is emitted for {known.net}?",
        )
    found = [variable for name in names for variable in layers[name].weights]
    wanted = sum(count for _, count in layout.parts(slot.op, slot.tensors))
    if len(found) != wanted:
        raise WeightsError(f"layer `{names[0]}` has {len(found)} weights, needs {wanted}")
    return found


def side_options(net: "Net") -> dict[str, bool]:
    """The argument that builds the Keras model with its side outputs, where there are any."""
    return {"training_outputs": True} if table(net.name, net.instance).sides else {}
