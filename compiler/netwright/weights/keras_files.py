"""Files that Keras reads and writes: `.keras`, `.weights.h5`, and the older `.h5`.

Keras tells layers by class and place in the first two, so they are read and written through the
emitted model; the older format has the names of the layers.
"""

import os
from collections.abc import Mapping
from contextlib import ExitStack
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

from netwright.weights.creation import by_number
from netwright.weights.files import Format
from netwright.weights.models import (
    layers_of,
    own_names,
    side_options,
    to_keras_model,
    to_state_dict,
)
from netwright.weights.state import WeightsError
from netwright.weights.table import table

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


def read(path: str, kind: Format, net: "Net") -> Mapping[str, Any]:
    """The weights of a file by PyTorch's names, as far as it has them.

    What an older file has for layers that the net lacks is there under the file's own names.
    """
    choose_backend()
    if kind is Format.KERAS:
        return to_state_dict(net, _loaded(path, net))
    model = net.keras_model(**side_options(net))
    held, layers = _renamed(_held(path), net, model), layers_of(model)
    known = {name for name in held if name in layers}
    for name in known:
        _fill(layers[name], list(held[name].values()))
    others = {
        f"{name}.{_short(weight)}": array
        for name in held
        if name not in known
        for weight, array in held[name].items()
    }
    return {**to_state_dict(net, model, only=known), **others}


def _renamed(held: dict[str, dict[str, Any]], net: "Net", model: Any) -> dict[str, dict[str, Any]]:
    """The arrays of an older file under the names that layers have here, also those of Keras."""
    own = own_names(table(net.name, net.instance))
    ours = [name for name, layer in layers_of(model).items() if layer.weights and name not in own]
    names = by_number([name for name in held if name not in own], ours)
    return {names.get(name, name): arrays for name, arrays in held.items()}


def _loaded(path: str, net: "Net") -> Any:
    """The emitted model with the weights of a file, of side outputs where it has them."""
    held, models = _count(path), [net.keras_model()]
    if side_options(net) and len(models[0].weights) != held:
        models.append(net.keras_model(**side_options(net)))
    fitting = [model for model in models if len(model.weights) == held]
    if not fitting:
        needed = " or ".join(str(len(model.weights)) for model in models)
        raise WeightsError(f"`{path}` holds {held} arrays, {net.name} needs {needed}", BY_PLACE)
    try:
        fitting[0].load_weights(path)
    except ValueError as error:  # Keras has no other for shapes that differ
        said = " ".join(str(error).split())[:300]
        raise WeightsError(f"`{path}` does not fit {net.name}: {said}", BY_PLACE) from error
    return fitting[0]


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


def _fill(layer: Any, arrays: list[Any]) -> None:
    """Give a layer its weights, in their order."""
    variables = in_order(layer)
    shapes = [tuple(array.shape) for array in arrays]
    wanted = [tuple(variable.shape) for variable in variables]
    if shapes != wanted:
        raise WeightsError(f"layer `{layer.name}` has weights {shapes}, needs {wanted}")
    for variable, array in zip(variables, arrays, strict=True):
        variable.assign(array)
