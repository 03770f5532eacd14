"""`specs/keras/` against keras.applications: counts, names, weights and outputs, to PyTorch too."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import keras_zoo
import pytest
from keras_zoo import Row, as_array, images

from netwright.weights import carry, to_state_dict

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
NAMES = {"ids": lambda row: row.net}
SMALL = {"MobileNet"}
SIDES = {"NASNetMobile": 96, "NASNetLarge": 96}  # cells; the others have a size of their own
TOLERANCE = 1e-5  # of the largest output


@pytest.mark.proves("counts")
@pytest.mark.parametrize("row", keras_zoo.ROWS, **NAMES)
def test_counts_are_the_official_ones(row: Row) -> None:
    net = keras_zoo.net(row)
    assert (net.params, net.total_params) == (row.params, row.total_params)
    assert row.macs in (None, net.macs)


def test_the_params_of_the_published_table_follow_from_the_specs() -> None:
    published = {row.net: row.published for row in keras_zoo.ROWS if row.published}
    found = {row.net: keras_zoo.net(row).total_params for row in keras_zoo.ROWS if row.published}
    assert len(published) == 20
    assert found == published


@pytest.mark.proves("names")
@pytest.mark.parametrize("row", keras_zoo.OFFICIAL, **NAMES)
def test_names_and_shapes_of_weights_are_the_official_ones(row: Row) -> None:
    found = keras_zoo.weights(keras_zoo.net(row))
    assert (len(found), keras_zoo.digest(found)) == (row.weights, row.names_sha256)


class Both:
    """The official model of a net and the emitted one, before it has its weights."""

    def __init__(self, row: Row) -> None:
        keras = pytest.importorskip("keras")
        if row.net == "NASNetMobile" and keras.backend.backend() == "torch":
            pytest.skip("keras.applications refuses it on this backend")
        side = SIDES.get(row.net)
        self.net = keras_zoo.net(row)(**({"side": side} if side else {}))
        self.official = keras_zoo.official(row, side)
        keras.backend.clear_session()
        self.emitted = self.net.keras_model()
        self.images = images(self.official)
        self.outputs = as_array(self.official(self.images))

    def assert_equal(self, found: Any) -> float:
        """Whether outputs are the official ones; how far apart they are."""
        largest = abs(self.outputs).max()
        assert largest < 0.5, "one class has it all: nothing else is compared"
        apart = float(abs(found - self.outputs).max() / largest)
        assert apart <= TOLERANCE
        return apart


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(row, id=row.net, marks=[] if row.net in SMALL else [pytest.mark.slow])
        for row in keras_zoo.OFFICIAL
    ],
)
def both(request: pytest.FixtureRequest) -> Both:
    return Both(request.param)


def test_official_weights_go_in_by_the_names_of_layers(both: Both) -> None:
    for layer in both.official.layers:
        if layer.weights:
            both.emitted.get_layer(layer.name).set_weights(layer.get_weights())
    assert both.emitted.count_params() == both.official.count_params() == both.net.total_params
    both.assert_equal(as_array(both.emitted(both.images)))


@pytest.mark.proves("official")
def test_a_file_that_the_official_model_saved_loads(
    both: Both, tmp_path: Path, record_property: Any
) -> None:
    keras_zoo.randomise(both.emitted)
    both.official.save_weights(tmp_path / "official.weights.h5")
    both.emitted.load_weights(tmp_path / "official.weights.h5")
    found = as_array(both.emitted(both.images))
    record_property("official", both.assert_equal(found))


@pytest.mark.proves("carried")
def test_a_file_of_the_official_weights_gives_the_official_outputs_in_pytorch(
    both: Both, tmp_path: Path, record_property: Any
) -> None:
    torch = pytest.importorskip("torch")
    both.official.save_weights(tmp_path / "official.weights.h5")
    carry(both.net, str(tmp_path / "official.weights.h5"), str(tmp_path / "carried.pth"))
    with torch.device("meta"):
        module = both.net.torch_module().eval()
    module.load_state_dict(torch.load(tmp_path / "carried.pth"), strict=True, assign=True)
    with torch.inference_mode():
        found = module(torch.from_numpy(both.images).permute(0, 3, 1, 2))
    record_property("carried", both.assert_equal(found.numpy()))


ODD = 200  # cells, of which the fourth halving leaves 13


@pytest.mark.parametrize("name", ["MobileNet", pytest.param("MobileNetV2", marks=pytest.mark.slow)])
def test_images_of_other_sizes_are_padded_as_officially(name: str) -> None:
    keras, torch = pytest.importorskip("keras"), pytest.importorskip("torch")
    row = next(row for row in keras_zoo.OFFICIAL if row.net == name)
    official = keras_zoo.official(row, ODD)
    wanted = as_array(official(images(official)))
    module = keras_zoo.net(row).torch_module().eval()
    state = to_state_dict(keras_zoo.net(row), official)
    module.load_state_dict({key: torch.from_numpy(array) for key, array in state.items()})
    with torch.inference_mode():
        found = module(torch.from_numpy(images(official)).permute(0, 3, 1, 2)).numpy()
    assert abs(found - wanted).max() <= TOLERANCE * abs(wanted).max()
    keras.backend.clear_session()


MIDDLE = ("ResNet50", "MobileNet", "MobileNetV2", "DenseNet121", "Xception", "InceptionV3")


@pytest.mark.slow
def test_nets_of_middle_size_are_the_official_ones_on_the_backend_of_pytorch() -> None:
    keras = pytest.importorskip("keras")
    if keras.backend.backend() == "torch":
        pytest.skip("the tests above are on this backend")
    here = Path(__file__)
    ids = " or ".join(f"[{name}]" for name in MIDDLE)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(here)]
    command += ["-k", f"({ids}) and (go_in or saved_loads or outputs)"]
    environment = {**os.environ, "KERAS_BACKEND": "torch"}
    done = subprocess.run(
        command, cwd=here.parent, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert f"{3 * len(MIDDLE)} passed" in done.stdout
