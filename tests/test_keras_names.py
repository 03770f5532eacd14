"""Names of layers in Keras: from the outside in, from the inside out, or Keras's own."""

import os
from pathlib import Path

import pytest

import netwright
from netwright.api import Net
from netwright.weights.listing import listing
from netwright.weights.table import table

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
keras = pytest.importorskip("keras")

UNIT = """
block unit(width) {
    conv_1: conv(width, 3x3, pad=1)
    bn: batch_norm
}
"""
NET = """
net Named {
    input image[3, 8, 8]
    for i in range(2) {
        cell{i}: {
            left: unit(4)
            relu
        }
    }
    predictions: conv(2, 1x1)
}
"""
AUTO = """
set keras(names=auto)

block unit(width) {
    conv(width, 3x3, pad=1) -> batch_norm
}

net Named {
    input image[3, 8, 8]
    stem: unit(4)
    low: unit(4)
    predictions: conv(2, 1x1)
}
"""


def names(net: Net) -> set[str]:
    """What the layers with weights are called in the emitted model."""
    keras.backend.clear_session()
    return {layer.name for layer in net.keras_model().layers if layer.weights}


def test_names_go_from_the_outside_in() -> None:
    found = names(netwright.loads(UNIT + NET)["Named"])
    cells = {f"cell{i}_left_{label}" for i in range(2) for label in ("conv_1", "bn")}
    assert found == {*cells, "predictions"}


def test_reversed_names_go_from_the_inside_out() -> None:
    found = names(netwright.loads(f"set keras(names=reversed)\n{UNIT}{NET}")["Named"])
    cells = {f"{label}_left_cell{i}" for i in range(2) for label in ("conv_1", "bn")}
    assert found == {*cells, "predictions"}


def test_an_imported_block_is_named_as_where_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "units.net").write_text(f"set keras(names=reversed)\n{UNIT}", encoding="utf-8")
    spec = tmp_path / "named.net"
    spec.write_text(f"use units (unit)\n{NET}", encoding="utf-8")
    net = netwright.load(spec)["Named"]
    cells = {f"{label}_cell{i}_left" for i in range(2) for label in ("conv_1", "bn")}
    assert names(net) == {*cells, "predictions"}
    assert {slot.layer for slot in table(net.name, net.instance).slots} == names(net)


def test_keras_names_what_has_no_label_of_its_own() -> None:
    found = names(netwright.loads(AUTO)["Named"])
    own = {"conv2d", "conv2d_1", "batch_normalization", "batch_normalization_1"}
    assert found == {*own, "predictions"}


def test_a_listing_says_which_names_keras_chooses() -> None:
    net = netwright.loads(AUTO)["Named"]
    rows = listing(table(net.name, net.instance)).splitlines()
    assert next(row for row in rows if row.startswith("low.0.weight")).split()[-5:] == [
        "*/kernel",
        "[3,",
        "3,",
        "4,",
        "4]",
    ]
    assert any("predictions/kernel" in row for row in rows)
