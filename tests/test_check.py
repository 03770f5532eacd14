"""Right programs: each is accepted, with the counts and outputs that its first lines state."""

from pathlib import Path

import pytest
from marks import CASES, FACT, NET, checked

from netwright.pipeline import CheckedNet
from netwright.tensor import Dynamic, Tensor

RIGHT = sorted(CASES.glob("right/*.net"))


def shown(tensor: Tensor) -> str:
    """``[2, H=40]``, as a right program states it."""
    sizes = (str(size) for size in tensor.sizes)
    assert all(isinstance(size, int | Dynamic) for size in tensor.sizes)
    return f"[{', '.join(sizes)}]"


def facts(net: CheckedNet) -> dict[str, str]:
    """What may be stated of a net."""
    totals = net.instance.totals
    return {
        "params": str(totals.params),
        "total_params": str(totals.total_params),
        "macs": str(totals.macs),
    }


@pytest.mark.parametrize("file", RIGHT, ids=lambda file: file.stem)
def test_a_right_program_is_accepted_with_its_counts(file: Path) -> None:
    result = checked(file)
    assert not result.diagnostics, [(d.span.line, d.code, d.message) for d in result.diagnostics]
    nets = {net.name: net for net in result.nets}
    for stated in NET.finditer(file.read_text(encoding="utf-8")):
        net = nets[stated["name"]]
        left = [shown(output.tensor) for output in net.instance.outputs]
        for key, value in FACT.findall(stated["facts"]):
            if key == "output":
                left.remove(value)
            else:
                assert facts(net)[key] == value, key
