"""Official weights in the other framework's program, by files: torchvision's and timm's in Keras.

Those of Keras in PyTorch are in `test_keras_official.py`.
"""

import os
from pathlib import Path
from typing import Any

import pytest
import zoo

from netwright.weights import carry

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
torch = pytest.importorskip("torch")
keras = pytest.importorskip("keras")
libraries = pytest.importorskip("test_official")


@pytest.mark.proves("carried")
@pytest.mark.parametrize("row", libraries.cases({"SqueezeNet1_1", "ResNet18"}))
def test_a_file_of_the_official_weights_gives_the_official_outputs_in_keras(
    row: zoo.Row, tmp_path: Path, record_property: Any
) -> None:
    keras.backend.clear_session()
    net, official = zoo.reduced(row), libraries.official(row).eval()
    torch.save(official.state_dict(), tmp_path / "official.pth")
    carried = carry(net, str(tmp_path / "official.pth"), str(tmp_path / "carried.weights.h5"))
    assert all(name.lower().startswith("aux") for name in carried.homeless)
    cells = int(net.instance.inputs[0][1].sizes[-1])
    image = torch.randn(1, 3, cells, cells, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        wanted = libraries.in_order(official(image))[0].numpy()
    model = net.keras_model()
    model.load_weights(tmp_path / "carried.weights.h5")
    result = model(image.permute(0, 2, 3, 1).numpy())
    found = keras.ops.convert_to_numpy(main(result))
    found = found.transpose(0, 3, 1, 2) if found.ndim == 4 else found
    apart = float(abs(found - wanted).max() / abs(wanted).max())
    record_property("carried", apart)
    assert apart <= 1e-5


def main(result: Any) -> Any:
    """The first output of a model."""
    return next(iter(result.values())) if isinstance(result, dict) else result
