"""The nets of `specs/keras/`, and what is known of those in keras.applications.

`data/keras.csv` holds the counts of Keras 3.15 and of keras-applications 1.0.8 (ResNeXt), the
params that the table at keras.io/applications publishes, and a hash of the names and shapes of the
weights, sorted; the names of layers that Keras chose are `*`.
"""

import csv
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import zoo

from netwright.api import Net
from netwright.record import record
from netwright.weights.listing import listing
from netwright.weights.table import table

TABLE = Path(__file__).parent / "data/keras.csv"


@record
class Row:
    """One net: its spec and the exact counts; a recurrent layer alone is in no library."""

    spec: str
    net: str
    params: int
    total_params: int
    published: int | None
    macs: int | None
    weights: int | None
    names_sha256: str


def _row(line: Mapping[str, str]) -> Row:
    numbers = {
        key: int(line[key]) if line[key] else None
        for key in ("params", "total_params", "published", "macs", "weights")
    }
    return Row(**{**line, **numbers})


with TABLE.open(encoding="utf-8", newline="") as lines:
    ROWS = [_row(line) for line in csv.DictReader(lines)]
OFFICIAL = [row for row in ROWS if row.names_sha256]


def net(row: Row) -> Net:
    """The net of a row."""
    return zoo.nets(row.spec)[row.net]


def weights(of: Net) -> list[str]:
    """Names and shapes of the weights in Keras, ``conv1_bn/gamma [64]``, sorted."""
    rows = listing(table(of.name, of.instance)).splitlines()[1:]
    cells = [[cell.strip() for cell in row.split("  ") if cell.strip()] for row in rows]
    return sorted(f"{row[2]} {row[3]}" for row in cells if len(row) == 4)


def digest(names: list[str]) -> str:
    """A hash of names and shapes."""
    return hashlib.sha256("".join(f"{name}\n" for name in names).encode()).hexdigest()[:16]


def official(row: Row, side: int | None) -> Any:
    """The model of keras.applications with weights drawn anew, its logits about 1."""
    import keras

    keras.backend.clear_session()  # numbers in the names of layers begin anew
    options = {"input_shape": (side, side, 3)} if side else {}
    model = getattr(keras.applications, row.net)(weights=None, **options)
    randomise(model)
    *_, head = (layer for layer in model.layers if layer.weights)
    kernel, *others = head.get_weights()
    features = as_array(keras.Model(model.input, head.input)(images(model)))
    spread = (features @ kernel.reshape(-1, kernel.shape[-1])).std()
    head.set_weights([kernel / spread, *others])
    return model


def randomise(model: Any) -> None:
    """Random weights of sizes that keep activations about 1, and running statistics."""
    import numpy

    draw = numpy.random.default_rng(0)
    for variable in (variable for layer in model.layers for variable in layer.weights):
        shape = tuple(variable.shape)
        if len(shape) > 1:
            inputs = shape[:2] if "depthwise" in variable.name else shape[:-1]
            values = draw.standard_normal(shape) * (2 / numpy.prod(inputs)) ** 0.5
        elif variable.name in ("gamma", "moving_variance"):
            values = draw.uniform(0.5, 1.5, shape)
        else:
            values = draw.standard_normal(shape) * 0.1
        variable.assign(values)


def images(model: Any) -> Any:
    """A random image of the size that a model takes."""
    import numpy

    draw = numpy.random.default_rng(1)
    return draw.standard_normal((1, *model.input_shape[1:])).astype("float32")


def as_array(tensor: Any) -> Any:
    """The values of a tensor of any backend."""
    import keras

    return keras.ops.convert_to_numpy(tensor)
