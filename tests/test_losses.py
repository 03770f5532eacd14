"""What detectors are trained by: in training PyTorch gives torchvision's losses of a batch."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import darknet
import pytest
import zoo

import netwright

numpy = pytest.importorskip("numpy")
torch = pytest.importorskip("torch")
torchvision = pytest.importorskip("torchvision")
detecting = pytest.importorskip("detecting")
detection = torchvision.models.detection

CASES = Path(__file__).parent / "cases" / "losses"
SHOWN = [  # the objects of two images, and of one that shows none
    {"boxes": [[10, 20, 50, 60], [50, 6, 90, 40], [0, 0, 95, 60]], "labels": [3, 1, 4]},
    {"boxes": [[5, 5, 30, 60]], "labels": [2]},
    {"boxes": [], "labels": []},
]


def targets(scale: float = 1) -> list[dict[str, Any]]:
    """What the images of a batch show."""
    return [
        {
            "boxes": torch.tensor(each["boxes"]).reshape(-1, 4) * float(scale),
            "labels": torch.tensor(each["labels"], dtype=torch.int64),
        }
        for each in SHOWN
    ]


def given(*sizes: int) -> tuple[Any, ...]:
    """Images, boxes that overlap those of the targets in all degrees, and what heads say."""
    generator = torch.Generator().manual_seed(0)
    shown = torch.cat([each["boxes"] for each in targets()])
    near = shown[torch.arange(120) % 4] + 30 * (torch.rand(3, 120, 4, generator=generator) - 0.5)
    near[:, 30:, 2:] = near[:, 30:, :2] + 9  # enough that are far off
    boxes = torch.cat((near[..., :2], torch.maximum(near[..., 2:], near[..., :2] + 4)), dim=-1)
    heads = (torch.randn(3, 120, size, generator=generator, requires_grad=True) for size in sizes)
    return torch.rand(3, 3, 64, 96, generator=generator), boxes, *heads


def trained(name: str) -> Any:
    (net,) = netwright.load(str(CASES / f"{name}.net")).values()
    torch.manual_seed(0)
    return net.torch_module().train()


def same(found: dict[str, Any], wanted: dict[str, Any], *leaves: Any) -> None:
    """Equal losses, with equal gradients."""
    assert found.keys() == wanted.keys()
    for name, loss in found.items():
        torch.testing.assert_close(loss, wanted[name], rtol=1e-5, atol=1e-6)
        assert loss > 0
    grads = [torch.autograd.grad(sum(losses.values()), leaves) for losses in (found, wanted)]
    for mine, theirs in zip(*grads, strict=True):
        torch.testing.assert_close(mine, theirs, rtol=1e-4, atol=1e-6)


def test_one_step_is_trained_as_torchvision_does() -> None:
    image, boxes, moves, logits = given(4, 5)
    found = trained("one_step")(image, boxes, moves, logits, targets())
    matcher = detection._utils.SSDMatcher(0.5)
    places = [
        matcher(torchvision.ops.box_iou(shown["boxes"], each))
        if len(shown["boxes"])
        else torch.full((120,), -1)
        for shown, each in zip(targets(), boxes, strict=True)
    ]
    coder = detection._utils.BoxCoder((10, 10, 5, 5))
    whole = SimpleNamespace(box_coder=coder, neg_to_pos_ratio=3)
    said = {"bbox_regression": moves, "cls_logits": logits}
    wanted = detection.ssd.SSD.compute_loss(whole, targets(), said, list(boxes), places)
    same(found, wanted, moves, logits)


def test_proposals_are_trained_as_torchvision_does() -> None:
    image, boxes, moves, logits = given(4, 1)
    torch.manual_seed(1)
    found = trained_after_seed("proposed", image, boxes, moves, logits)
    rpn = detection.rpn.RegionProposalNetwork(None, None, 0.7, 0.3, 32, 0.5, {}, {}, 0.7)
    labels, matched = rpn.assign_targets_to_anchors(list(boxes), targets())
    moved = rpn.box_coder.encode(matched, list(boxes))
    torch.manual_seed(1)
    said = logits.flatten(0, 1), moves.flatten(0, 1)
    losses = rpn.compute_loss(*said, labels, moved)
    same(found, dict(zip(("loss_objectness", "loss_rpn_box_reg"), losses, strict=True)), moves)


def trained_after_seed(name: str, *inputs: Any) -> Any:
    """The losses of a net whose samples are drawn after a seed."""
    module = trained(name)
    torch.manual_seed(1)
    return module(*inputs, targets())


def test_regions_are_trained_as_torchvision_does() -> None:
    image, boxes = given()
    module = trained("second_step")
    torch.manual_seed(1)
    found = module(image, boxes, targets())
    heads = detection.roi_heads.RoIHeads(
        None, None, None, 0.5, 0.5, 40, 0.25, (10, 10, 5, 5), 0.05, 0.5, 100
    )
    torch.manual_seed(1)
    drawn, _, labels, moved = heads.select_training_samples(list(boxes), targets())
    features = torchvision.ops.roi_align(image, drawn, 2, 1, 2).flatten(1)
    said = module.head.label(features), module.head.box(features)
    losses = detection.roi_heads.fastrcnn_loss(*said, labels, moved)
    assert [len(each) for each in drawn] == [40, 40, 40]
    wanted = dict(zip(("loss_classifier", "loss_box_reg"), losses, strict=True))
    same(found, wanted, *module.parameters())


def test_losses_change_nothing_in_evaluation_or_without_targets() -> None:
    image, boxes, moves, logits = given(4, 5)
    module = trained("one_step")
    likely = module(image, boxes, moves, logits)
    torch.testing.assert_close(likely, logits.softmax(-1))
    torch.testing.assert_close(module.eval()(image, boxes, moves, logits, targets()), likely)


CELLS = [[0.6, 0.9], [1.8, 1.2]]
IN_CELLS = [  # two objects that want one box, and an image without any
    {"boxes": [[40, 33, 60, 63], [42, 35, 60, 60], [0, 0, 58, 39.5]], "labels": [2, 0, 1]},
    {"boxes": [], "labels": []},
]


def cells() -> Any:
    """What a last convolution gives; some boxes overlap an object that is not theirs."""
    head = torch.randn(2, 16, 4, 5, generator=torch.Generator().manual_seed(0)) / 2
    head[0, :2, 1, 2], head[0, 2:4, 0, 1] = 0.2, 0.4
    head[0, 8:12, 0, :2] = torch.tensor([[1.9, -4], [-0.1, 0.3], [0.0, 0.1], [0.1, 0.1]])
    return head.requires_grad_()


def in_cells() -> list[dict[str, Any]]:
    """What the images of `IN_CELLS` show."""
    return [
        {
            "boxes": torch.tensor(each["boxes"]).reshape(-1, 4).float(),
            "labels": torch.tensor(each["labels"], dtype=torch.int64),
        }
        for each in IN_CELLS
    ]


@pytest.mark.parametrize("young", [False, True])
def test_cells_are_trained_as_darknet_does(young: bool) -> None:
    head = cells()
    (net,) = netwright.load(str(CASES / "in_cells.net")).values()
    module = net.torch_module(pull=0.01 if young else 0).train()
    losses = module(torch.rand(2, 3, 128, 160), head, in_cells())
    (found,) = torch.autograd.grad(sum(losses.values()), head)
    sides = numpy.array([160, 128, 160, 128])
    for image, each in enumerate(IN_CELLS):
        corners = numpy.array(each["boxes"]).reshape(-1, 4)
        truth = (
            numpy.concatenate(
                [corners[:, :2] + corners[:, 2:], 2 * (corners[:, 2:] - corners[:, :2])], 1
            )
            / 2
            / sides
        )
        said = head[image].detach().double().numpy()
        wanted = darknet.train_region(said, CELLS, truth, each["labels"], young=young)
        assert (wanted[4::8] == 0).any() == bool(each["labels"])  # some do not count
        torch.testing.assert_close(
            found[image].double(), -torch.tensor(wanted), rtol=1e-4, atol=1e-6
        )


SMALL = """
net Small {
    input image[3, 16, 16]
    conv(6, 3x3, pad=1)
    let map = _
    anchors(map, [4])
    let boxes = _
    map -> cells(6)
    let said = _
    LOSSES
    said -> softmax(axis=1)
}
"""
LOSSES = """losses(targets) {
        match(0.5) [ boxes, targets ]
        classification: class_loss [ said, _ ]
    }"""


def test_a_label_may_be_called_like_what_the_forward_calls() -> None:
    text = SMALL.replace("LOSSES", LOSSES).replace("classification:", "class_loss:")
    text = text.replace("boxes", "grid_anchors").replace("targets", "match_boxes")
    module = netwright.loads(text)["Small"].torch_module().train()
    shown = [{"boxes": torch.tensor([[1.0, 2, 6, 7]]), "labels": torch.tensor([3])}]
    assert module(torch.rand(1, 3, 16, 16), shown)["class_loss"] > 0
    assert module(torch.rand(1, 3, 16, 16)).shape == (1, 256, 6)


def test_losses_are_neither_counted_nor_drawn() -> None:
    without, trained = (
        netwright.loads(SMALL.replace("LOSSES", losses))["Small"] for losses in ("", LOSSES)
    )
    assert (without.params, without.macs) == (trained.params, trained.macs)
    assert without.instance.steps == trained.instance.steps
    pictures = (net.draw("mmd").decode().splitlines() for net in (without, trained))
    assert len({len(picture) for picture in pictures}) == 1


@pytest.mark.slow
@pytest.mark.proves("gradients")
@pytest.mark.parametrize("row", detecting.OFFICIAL.values(), ids=lambda row: row.net)
def test_whole_nets_are_trained_as_those_of_torchvision(row: zoo.Row, record_property: Any) -> None:
    model = detecting.official(row).train()
    model.transform.torch_choice = lambda sizes: sizes[0]  # it draws one of one size
    module = zoo.net(row).torch_module().train()
    module.load_state_dict(model.state_dict())
    images = torch.rand(3, 3, 64, 96, generator=torch.Generator().manual_seed(2))
    torch.manual_seed(3)
    wanted = model(list(images), targets())
    torch.manual_seed(3)
    found = module(images, targets())
    assert found.keys() == wanted.keys()
    for key, loss in found.items():
        torch.testing.assert_close(loss, wanted[key], rtol=1e-4, atol=1e-6)
    for losses in (found, wanted):
        sum(losses.values()).backward()
    theirs, apart = dict(model.named_parameters()), 0.0
    for key, weight in module.named_parameters():
        aim = theirs[key].grad
        off = float((weight.grad - aim).norm() / (aim.norm() + 1e-3))
        assert off <= 1e-3, key
        apart = max(apart, off)
    record_property("gradients", apart)
