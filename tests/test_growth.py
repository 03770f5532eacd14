"""Work grows with what is written, and no faster: counted in calls, which no machine changes."""

import sys
from collections.abc import Callable
from types import FrameType

import pytest

from netwright.diagnostics import Report
from netwright.emit import TARGETS, emit
from netwright.files import DiskFiles
from netwright.parse import parse_bytes
from netwright.pipeline import Checked, check

HEAD = "net N {\n    input image[8, 16, 16]\n"


def written(lines: int) -> str:
    """Layers that are written out."""
    return HEAD + "".join(f"    layer{i}: conv(8, 1x1)\n" for i in range(lines)) + "}\n"


def looped(turns: int) -> str:
    """Different layers by `for`."""
    return f"{HEAD}    for i in range({turns}) {{ layer{{i}}: conv(8 + i % 7, 1x1) }}\n}}\n"


def joined(branches: int) -> str:
    """Branches of one join."""
    return f"{HEAD}    concat [{', '.join(['conv(8, 1x1)'] * branches)}]\n}}\n"


def called(uses: int) -> str:
    """Uses of as many blocks."""
    blocks = (f"block b{i}(width) {{ conv(width, 1x1) -> relu }}\n" for i in range(uses))
    return "".join([*blocks, HEAD, *(f"    b{i}({8 + i})\n" for i in range(uses)), "}\n"])


def referred(lines: int) -> str:
    """Lines that start from a tensor far above."""
    last = ", ".join(f"layer{i}" for i in range(lines))
    uses = "".join(f"    layer{i}: image -> conv(8, 1x1)\n" for i in range(lines))
    return f"{HEAD}{uses}    add [{last}]\n}}\n"


SPECS = (written, looped, joined, called, referred)


def checked(text: str) -> Checked:
    """A spec after all checks."""
    report = Report()
    _, file = parse_bytes("growth.net", text.encode(), report)
    found = check(file, DiskFiles(), report)
    assert not found.failed, found.diagnostics
    return found


def calls(work: Callable[[], object]) -> int:
    """The calls of Python functions in some work."""
    found = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal found
        found += event == "call"

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return found


@pytest.mark.parametrize("spec", SPECS)
def test_check_is_linear(spec: Callable[[int], str]) -> None:
    small, large = (calls(lambda n=n: checked(spec(n))) for n in (250, 500))
    assert large < 2.1 * small


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("spec", SPECS)
def test_emission_is_linear(spec: Callable[[int], str], target: str) -> None:
    small, large = (checked(spec(n)) for n in (60, 120))
    emit(small, target)  # what is made once is not counted
    assert calls(lambda: emit(large, target)) < 2.2 * calls(lambda: emit(small, target))


def nested(blocks: int) -> str:
    """Blocks that call each other in a row."""
    row = (f"block b{i}(w) {{ b{i + 1}(w) -> conv(w, 1x1) }}\n" for i in range(blocks))
    return "".join([*row, f"block b{blocks}(w) {{ relu }}\n", HEAD, "    b0(8)\n}\n"])


@pytest.mark.parametrize("target", TARGETS)
def test_what_nests_deep_is_emitted(target: str) -> None:
    assert "b98(" in emit(checked(nested(98)), target).lower()


def turned(loops: int) -> str:
    """Loops in loops."""
    heads = "".join(f"    for i{i} in range(2) {{ conv(8, 1x1)\n" for i in range(loops))
    return f"{HEAD}{heads}    relu {'} ' * loops}\n}}\n"


def test_loops_in_loops_are_lowered_once_each() -> None:
    small, large = (checked(turned(n)) for n in (4, 8))
    emit(small, "torch")
    assert calls(lambda: emit(large, "torch")) < 3 * calls(lambda: emit(small, "torch"))
