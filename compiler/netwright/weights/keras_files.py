"""Files that Keras reads and writes: `.keras`, `.weights.h5`, and the older `.h5`.

Keras tells layers by class and place in the first two, so they are read and written through the
emitted model; the older format has the names of the layers.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from io import BytesIO
from typing import TYPE_CHECKING, Any
from warnings import catch_warnings
from zipfile import BadZipFile, ZipFile

from netwright.weights.creation import by_number
from netwright.weights.files import Format
from netwright.weights.models import (
    layers_of,
    named,
    names_of,
    own_names,
    side_options,
    to_keras_model,
    to_state_dict,
)
from netwright.weights.published import heads
from netwright.weights.state import SHOWN, WeightsError, matches
from netwright.weights.table import Slot, table

if TYPE_CHECKING:
    from netwright.api import Net

GROUP = "model_weights"  # where a whole model in the older format keeps its weights
OTHERS = {"optimizer", "seed_generator", "metrics", "compile_metrics", "loss"}
BY_PLACE = "this format knows layers by class and place: it must come from the same emitted model"


def choose_backend() -> None:
    """Let Keras run on what is installed, where nobody chose: TensorFlow, else PyTorch."""
    from importlib.util import find_spec
    from sys import modules

    if "keras" in modules:
        return
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # no notes on the processor
    if "KERAS_BACKEND" not in os.environ:
        known = {"tensorflow": "tensorflow", "torch": "torch", "jax": "jax"}
        installed = [backend for package, backend in known.items() if find_spec(package)]
        if installed:
            os.environ["KERAS_BACKEND"] = installed[0]


def write(path: str, kind: Format, net: "Net", state: Mapping[str, Any]) -> tuple[str, ...]:
    """Write the weights of the emitted model; gives the names that have no place in it."""
    choose_backend()
    model = net.keras_model()
    left = to_keras_model(net, state, model)
    if kind is Format.LEGACY:
        _write_legacy(path, model)
    elif path.endswith(".weights.h5"):
        model.save_weights(path)
    else:
        model.save(path)
    return left


def read(path: str, kind: Format, net: "Net", leave_out: tuple[str, ...] = ()) -> Mapping[str, Any]:
    """The weights of a file by PyTorch's names, as far as it has them.

    What is left out need not fit. What an older file has for layers that the net lacks is there
    under the file's own names.
    """
    choose_backend()
    if kind is Format.KERAS:
        model, fitting = _loaded(path, net, leave_out)
        return to_state_dict(net, model, only=fitting)
    model = net.keras_model(**side_options(net))
    held, layers = _renamed(_held(path), net, model), layers_of(model)
    known = {name for name in held if name in layers} - _left_out(net, model, leave_out)
    unfit = {name for name in known if not _fits(layers[name], held[name].values())}
    if unfit:
        raise _other_shapes(path, net, model, unfit)
    for name in known:
        _fill(layers[name], held[name].values())
    others = {
        f"{name}.{_short(weight)}": array
        for name in held
        if name not in layers
        for weight, array in held[name].items()
    }
    return {**to_state_dict(net, model, only=known), **others}


def _renamed(held: dict[str, dict[str, Any]], net: "Net", model: Any) -> dict[str, dict[str, Any]]:
    """The arrays of an older file under the names that layers have here, also those of Keras."""
    own, layers = own_names(table(net.name, net.instance)), layers_of(model)
    ours = [name for name, layer in layers.items() if layer.weights and name not in own]
    names = by_number([name for name in held if name not in own], ours)
    names |= heads([name for name in held if name not in layers], [n for n in own if n not in held])
    return {names.get(name, name): arrays for name, arrays in held.items()}


def _left_out(net: "Net", model: Any, patterns: tuple[str, ...]) -> set[str]:
    """The names of the layers of a model none of whose weights are wanted."""
    return {
        name
        for slot, held in _slots(net, model)
        if all(matches(weight, patterns) for weight in slot.names)
        for name in held
    }


def _loaded(path: str, net: "Net", leave_out: tuple[str, ...]) -> tuple[Any, set[str]]:
    """The emitted model with the weights of a file, of side outputs where it has them, and the
    names of the layers that the file has weights for."""
    held, models = _count(path), [net.keras_model()]
    if side_options(net) and len(models[0].weights) != held:
        models.append(net.keras_model(**side_options(net)))
    fitting = [model for model in models if len(model.weights) == held]
    if not fitting:
        needed = " or ".join(str(len(model.weights)) for model in models)
        raise WeightsError(f"`{path}` holds {held} arrays, {net.name} needs {needed}", BY_PLACE)
    unfit = _unfit(path, fitting[0])
    refused = unfit - _left_out(net, fitting[0], leave_out)
    if refused:
        raise _other_shapes(path, net, fitting[0], refused)
    return fitting[0], set(layers_of(fitting[0])) - unfit


def _unfit(path: str, model: Any) -> set[str]:
    """The layers that a file has no weights for in their shapes: what fits is loaded."""
    import keras

    for variable in model.weights:
        variable.assign(keras.ops.full_like(variable, float("nan")))
    with catch_warnings(record=True):  # Keras has no other word for the layers that it skips
        model.load_weights(path, skip_mismatch=True)
    return {
        name
        for name, layer in layers_of(model).items()
        if any(bool(keras.ops.any(keras.ops.isnan(variable))) for variable in layer.weights)
    }


def _other_shapes(path: str, net: "Net", model: Any, names: set[str]) -> WeightsError:
    """The error of layers whose weights in a file have other shapes than here."""
    paths = [slot.path for slot, held in _slots(net, model) if held & names]
    listed = ", ".join(f"`{path}`" for path in paths[:SHOWN])
    more = f" and {len(paths) - SHOWN} more" if len(paths) > SHOWN else ""
    help = f"`--except {paths[0]}` leaves it out" if len(paths) == 1 else BY_PLACE
    return WeightsError(f"`{path}` does not fit {net.name}: other shapes in {listed}{more}", help)


def _slots(net: "Net", model: Any) -> Iterator[tuple[Slot, set[str]]]:
    """The layers of a net, each with the names that it has in a model."""
    known = table(net.name, net.instance)
    layers = named(known, model)
    for slot in known.slots:
        yield slot, {layers[name].name for name in names_of(slot) if name in layers}


def _count(path: str) -> int:
    """How many weights a file holds: Keras says nothing of those that no layer takes."""
    import h5py

    found: list[str] = []
    with ExitStack() as stack:
        file: Any = path
        if path.endswith(".keras"):
            try:
                archive = stack.enter_context(ZipFile(path))
                file = BytesIO(archive.read("model.weights.h5"))
            except (BadZipFile, KeyError) as error:
                raise WeightsError(f"cannot read `{path}`: {error}") from error
        root = stack.enter_context(h5py.File(file, "r"))
        root.visititems(
            lambda name, item: found.append(name) if isinstance(item, h5py.Dataset) else None
        )
    return sum(not any(part in OTHERS for part in name.split("/")) for name in found)


def _write_legacy(path: str, model: Any) -> None:
    import h5py
    import keras

    with h5py.File(path, "w") as file:
        layers = [layer for layer in layers_of(model).values() if layer.weights]
        file.attrs["layer_names"] = [layer.name.encode() for layer in layers]
        file.attrs["backend"] = keras.backend.backend().encode()
        file.attrs["keras_version"] = keras.__version__.encode()
        for layer in layers:
            group = file.create_group(layer.name)
            names = [f"{layer.name}/{variable.path}" for variable in in_order(layer)]
            group.attrs["weight_names"] = [name.encode() for name in names]
            for name, variable in zip(names, in_order(layer), strict=True):
                group.create_dataset(name, data=variable.numpy())


def in_order(layer: Any) -> list[Any]:
    """The weights of a layer in the order of the older format: those that train come first."""
    return [*layer.trainable_weights, *layer.non_trainable_weights]


def _held(path: str) -> dict[str, dict[str, Any]]:
    """The arrays of an older file, by layer and weight."""
    import h5py

    with h5py.File(path, "r") as file:
        root = file.get(GROUP, file)
        if "layer_names" not in root.attrs:
            raise WeightsError(f"`{path}` has no names of layers", "is it a `.weights.h5`?")
        held: dict[str, dict[str, Any]] = {}
        for name in map(_text, root.attrs["layer_names"]):
            weights = list(map(_text, root[name].attrs["weight_names"]))
            if weights:
                held[name] = {weight: root[name][weight][()] for weight in weights}
    return held


def _short(weight: str) -> str:
    """The name of a weight without those of the layer around it: ``conv1/kernel:0``."""
    return weight.partition(":")[0].rpartition("/")[2]


def _text(name: Any) -> str:
    return name.decode() if isinstance(name, bytes) else str(name)


def _fits(layer: Any, arrays: Iterable[Any]) -> bool:
    """Whether arrays have the shapes of the weights of a layer, in their order."""
    wanted = [tuple(variable.shape) for variable in in_order(layer)]
    return [tuple(array.shape) for array in arrays] == wanted


def _fill(layer: Any, arrays: Iterable[Any]) -> None:
    """Give a layer its weights, in their order."""
    for variable, array in zip(in_order(layer), arrays, strict=True):
        variable.assign(array)
