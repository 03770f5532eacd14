"""A block that reads only the tensors that it is given has no other input."""

import pytest

import netwright
from netwright.bind.starts import takes_input

BODIES = {
    "map -> conv(8, 1x1)": False,
    "conv(8, 1x1)": True,
    "let x = map\n    x -> relu": False,
    "let x = _\n    map -> relu": True,
    "require width > 1\n    add [ map, map -> conv(width, 1x1) ]": False,
    "add [ map, _ ]": True,
    "add [ map, relu ]": True,
    "shared head = conv(width, 1x1)\n    map -> head": False,
    "if width > 1 { map -> relu }": True,
    "repeat width { map -> conv(2, 1x1) }": True,
    "{ map -> relu }": False,
    "map -> conv(in.channels, 1x1)": True,
    "output early: map -> relu\n    map": True,
    "label: map -> relu\n    add [ label, map ]": False,
    "for i in range(width) { map -> relu }": True,
    "for one in [map] { one -> relu }": False,
}


@pytest.mark.parametrize("body", BODIES)
def test_what_a_block_reads_first_tells_whether_it_has_an_input(body: str) -> None:
    text = f"block part(map: tensor, width) {{\n    {body}\n}}\n"
    text += "net Net {\n    input image[3, H=9, W=9]\n    part(image, width=3)\n}\n"
    net = netwright.loads(text)["Net"]
    (part,) = [d for d in net._checked.program.main.definitions if d.name == "part"]
    assert takes_input(part) is BODIES[body]
    (step,) = (s for s in net.instance.steps if hasattr(s, "instance"))
    assert len(step.inputs) == 1 + BODIES[body]
