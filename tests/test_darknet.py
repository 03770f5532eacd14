"""Darknet: its files of weights, and that the emitted nets compute what it does with them."""

import struct
from pathlib import Path
from typing import Any

import darknet
import pytest
import zoo

import netwright
from netwright.api import Net
from netwright.weights import WeightsError, carry
from netwright.weights.table import table

numpy = pytest.importorskip("numpy")
torch = pytest.importorskip("torch")
pytest.importorskip("torchvision")

SMALL = """
block unit(width, k=3) {
    conv: conv(width, k, pad=same, bias=false)
    bn: batch_norm
    leaky_relu(0.1)
}
net Small {
    input image[3, 4, 4]
    first: unit(2)
    second: conv(3, 1x1)
    flatten
    third: linear(4)
    fourth: linear(2, bias=false) -> batch_norm
}
net Other {
    input image[3, 4, 4]
    conv(2, 1x1)
}
net Alien {
    input image[3, 4, 4]
    batch_norm
    unit(4)
}
"""
COUNT = 4 * 2 + 54 + 3 + 6 + 4 + 4 * 48 + 2 * 4 + 4 * 2


@pytest.fixture
def net(tmp_path: Path) -> Net:
    file = tmp_path / "small.net"
    file.write_text(SMALL, encoding="utf-8")
    return netwright.load(file)["Small"]


def file_of(path: Path, numbers: Any, header: bytes = struct.pack("<iiiq", 0, 2, 0, 7)) -> str:
    """A file as Darknet writes it."""
    path.write_bytes(header + numpy.asarray(numbers, "<f4").tobytes())
    return str(path)


def carried(net: Net, source: str, folder: Path) -> dict[str, Any]:
    carry(net, source, str(folder / "a.pth"))
    return {name: tensor.numpy() for name, tensor in torch.load(folder / "a.pth").items()}


def test_numbers_are_those_of_the_layers_in_their_order(net: Net, tmp_path: Path) -> None:
    found = carried(net, file_of(tmp_path / "a.weights", numpy.arange(COUNT)), tmp_path)
    first = {name: found[name].ravel()[0] for name in found if "num_batches" not in name}
    assert first == {
        "first.conv.weight": 8,
        "first.bn.weight": 2,
        "first.bn.bias": 0,
        "first.bn.running_mean": 4,
        "first.bn.running_var": 6,
        "second.weight": 65,
        "second.bias": 62,
        "third.weight": 75,
        "third.bias": 71,
        "fourth.0.weight": 269,
        "fourth.1.weight": 277,
        "fourth.1.bias": 267,
        "fourth.1.running_mean": 279,
        "fourth.1.running_var": 281,
    }
    assert found["third.weight"][0].tolist() == list(range(75, 75 + 48))


@pytest.mark.parametrize(("version", "turned"), [((0, 1, 0), False), ((0, 1001, 0), True)])
def test_old_files_have_a_short_header_and_some_turned_matrices(
    net: Net, tmp_path: Path, version: tuple[int, int, int], turned: bool
) -> None:
    header = struct.pack("<iiii", *version, 7)
    source = file_of(tmp_path / "a.weights", numpy.arange(COUNT), header)
    row = carried(net, source, tmp_path)["third.weight"][0].tolist()
    assert row == (list(range(75, 75 + 192, 4)) if turned else list(range(75, 75 + 48)))


def test_a_file_comes_back_as_it_was(net: Net, tmp_path: Path) -> None:
    source = file_of(tmp_path / "a.weights", numpy.random.default_rng(0).random(COUNT))
    carried(net, source, tmp_path)
    done = carry(net, str(tmp_path / "a.pth"), str(tmp_path / "b.weights"))
    written = (tmp_path / "b.weights").read_bytes()
    assert written[20:] == Path(source).read_bytes()[20:]
    assert struct.unpack("<iiiq", written[:20]) == (0, 2, 0, 0)
    assert done.scalars == COUNT and not done.homeless


@pytest.mark.parametrize(
    ("count", "help"), [(COUNT - 1, ""), (8, "it fits Other: `--net Other`"), (COUNT + 1, "")]
)
def test_another_number_of_numbers_is_told(net: Net, tmp_path: Path, count: int, help: str) -> None:
    source = file_of(tmp_path / "a.weights", numpy.zeros(count))
    with pytest.raises(WeightsError, match=f"holds {count} numbers, Small has {COUNT}") as raised:
        carried(net, source, tmp_path)
    assert raised.value.help == help


def test_what_is_no_such_file_is_told(net: Net, tmp_path: Path) -> None:
    for content in (b"", b"no weights", bytes(21)):
        (tmp_path / "a.weights").write_bytes(content)
        with pytest.raises(WeightsError, match=f"it has {len(content)} bytes"):
            carried(net, str(tmp_path / "a.weights"), tmp_path)


def test_layers_that_darknet_lacks_are_told(net: Net, tmp_path: Path) -> None:
    source = file_of(tmp_path / "a.weights", numpy.zeros(8))
    with pytest.raises(WeightsError, match="no place for `0`, a `batch_norm`"):
        carried(net.spec["Alien"], source, tmp_path)


def test_a_file_has_no_room_for_what_is_left_out(net: Net, tmp_path: Path) -> None:
    source = file_of(tmp_path / "a.weights", numpy.zeros(COUNT))
    with pytest.raises(WeightsError, match=r"`third\.bias` is left out"):
        carry(net, source, str(tmp_path / "b.weights"), leave_out=["third"])
    assert not (tmp_path / "b.weights").exists()


# The nets of the zoo


def numbers_for(net: Net) -> Any:
    """Numbers of a file, of a size at which no layer outgrows the one before."""
    draw, known = numpy.random.default_rng(1), table(net.name, net.instance)
    from netwright.weights.darknet import in_file

    parts = []
    for name in in_file(known):
        sizes = known.sizes(name)
        if len(sizes) == 4:
            deviation = (2 / numpy.prod(sizes[1:])) ** 0.5 * (0.1 if name == "head.weight" else 1)
            parts.append(draw.normal(0, deviation, numpy.prod(sizes)))
        else:
            near_one = name.endswith(("var", "bn.weight"))
            parts.append(draw.uniform(0.8, 1.2, sizes) if near_one else draw.normal(0, 0.1, sizes))
    return numpy.concatenate(parts).astype("float32")


def loaded(net: Net, numbers: Any, folder: Path) -> Any:
    """The emitted module with the numbers of a file."""
    carry(net, file_of(folder / "a.weights", numbers), str(folder / "a.pth"))
    module = net.torch_module()
    module.load_state_dict(torch.load(folder / "a.pth"))
    return module.double().eval()


def close(found: Any, wanted: Any) -> bool:
    return bool(numpy.abs(found - wanted).max() <= 1e-9 * numpy.abs(wanted).max())


@pytest.mark.slow
def test_darknet_19_computes_what_darknet_does(tmp_path: Path) -> None:
    net = zoo.nets("yolo.net")["Darknet19"]
    numbers = numbers_for(net)
    x = numpy.random.default_rng(2).random((3, 64, 96))
    logits = darknet.Darknet(f"{darknet.DARKNET19} {darknet.DEEP} =1000", numbers).run(x)
    wanted = numpy.exp(logits.mean((1, 2)))
    with torch.inference_mode():
        found = loaded(net, numbers, tmp_path)(torch.from_numpy(x)[None])[0].numpy()
    assert close(found, wanted / wanted.sum())


@pytest.mark.parametrize(
    ("name", "cfg"),
    [
        ("YOLOv2_Tiny", darknet.TINY),
        pytest.param("YOLOv2_VOC", darknet.YOLO, marks=pytest.mark.slow),
    ],
)
def test_yolo_finds_what_darknet_does(name: str, cfg: str, tmp_path: Path) -> None:
    net = zoo.nets("yolo.net")[name](size=96, classes=3, score=0.0)
    numbers = numbers_for(net)
    x = numpy.random.default_rng(2).random((3, 96, 96))
    module = loaded(net, numbers, tmp_path)
    boxes, scores = darknet.region(
        darknet.Darknet(f"{cfg} =40", numbers).run(x), module.anchors, side=96
    )
    with torch.inference_mode():
        (found,) = module(torch.from_numpy(x)[None])
    rows = [numpy.abs(scores - score).argmin() for score in found["scores"].numpy()]
    places, labels = numpy.unravel_index(rows, scores.shape)
    assert len(rows) > 20 and labels.tolist() == found["labels"].tolist()
    assert close(found["scores"].numpy(), scores[places, labels])
    assert close(found["boxes"].numpy(), boxes[places].clip(0, 96))
