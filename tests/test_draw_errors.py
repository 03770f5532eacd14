"""Pictures of nets with an error: drawn up to it, with what came and what was wanted."""

from collections.abc import Callable
from pathlib import Path

import pytest
from console import WRONG, Run

import netwright
from netwright.bind.binder import Bounds
from netwright.diagnostics import Report
from netwright.draw import draw
from netwright.draw.compose import compose
from netwright.draw.model import Drawing, Kind
from netwright.draw.theme import Family
from netwright.files import DiskFiles
from netwright.parse import parse_bytes
from netwright.pipeline import Checked, check

CASES = Path(__file__).parent / "cases/errors"


def checked(text: str, path: str = "small.net") -> Checked:
    report = Report()
    _, file = parse_bytes(path, text.encode(), report)
    return check(file, DiskFiles(), report, bounds=Bounds(work=20_000))


def drawing(text: str) -> Drawing:
    found = checked(text)
    (net,) = found.refused
    return compose(found, net, None)


def mistakes(found: Drawing) -> list[list[str]]:
    """The lines of the boxes that are marked."""
    marked = [box for box in found.boxes if box.family is Family.ERROR]
    return [[row.bold + row.plain + row.muted for row in box.rows] for box in marked]


def into(found: Drawing, title: str) -> list[str]:
    """The boxes whose wires end in one with a title."""
    (head,) = [box.id for box in found.boxes if title in box.rows[0].bold]
    return [wire.tail for wire in found.wires if wire.head == head]


def test_a_join_of_unequal_shapes_is_marked_with_both() -> None:
    found = drawing(WRONG)
    assert mistakes(found) == [
        [
            "Error in line 3",
            "add [",
            "came: 4×8×8, 5×8×8",
            "`add` needs equal shapes, found [4, 8, 8]",
            "and [5, 8, 8]",
        ]
    ]
    assert into(found, "Error") == ["0", "1"]
    assert found.subtitle[0].startswith("input image 3×8×8 · drawn up to an error")


KERNEL = """block stage(width, k) {
    conv(width, 3x3) -> relu
    deep: conv(2 * width, k) -> relu
    relu
}
net Deep {
    input image[3, 16, 16]
    stage1: stage(8, 3)
    stage2: stage(16, 13)
    fc: linear(10)
}
"""


def test_an_error_inside_a_block_is_in_its_panel_and_its_box_is_marked() -> None:
    found = drawing(KERNEL)
    assert [row[0] for row in mistakes(found)] == ["Stage Berror inside", "Error in line 3"]
    assert mistakes(found)[1][1:] == [
        "deep: conv(2 * width, k) -> relu",
        "came: 16×10×10",
        "kernel 13 does not fit the input [16, 10,",
        "10]: 10 cells",
    ]
    panels = [frame for frame in found.frames if frame.kind is Kind.PANEL]
    assert [panel.title.bold for panel in panels] == ["Stage B", "Stage A"]
    assert "p0_error" in panels[0].boxes


def test_what_can_be_run_beside_an_error_is_drawn_and_nothing_behind_it() -> None:
    text = """net N {
        input image[3, 16, 16]
        concat [
            conv(8, 1x1)
            max_pool(64x64)
            conv(4, 3x3, pad=1)
        ]
        linear(10)
    }"""
    found = drawing(text)
    words = [box.rows[0].bold for box in found.boxes]
    assert words == ["image", "Conv 1×1", "Error in line 5", "Conv 3×3"]


def test_a_name_that_nothing_has_is_marked_where_it_stands() -> None:
    text = "net N {\n input image[3, 16, 16]\n conv(8, 3x3)\n convv(8, 3x3)\n relu\n}"
    found = drawing(text)
    assert [row[0] for row in mistakes(found)] == ["Error in line 4"]
    assert into(found, "Error") == ["0"]


def test_a_contract_that_does_not_hold_is_marked_at_the_end_of_the_block() -> None:
    text = """block b: [c, h, w] -> [c, h, w] { conv(8, 3x3) }
    net N {
        input image[3, 16, 16]
        b
    }"""
    assert mistakes(drawing(text))[-1][2] == "came: 8×14×14"


def test_the_tooltip_has_the_whole_message_and_its_places() -> None:
    (box,) = [box for box in drawing(WRONG).boxes if box.family is Family.ERROR]
    assert "`add` needs equal shapes, found [4, 8, 8] and [5, 8, 8]" in box.tooltip
    assert "line 4: branch 1 ends in [4, 8, 8]" in box.tooltip
    assert box.link == "small.net#L3"


@pytest.mark.parametrize("kind", ["svg", "png", "pdf", "dot", "mmd", "html"])
def test_the_command_tells_the_error_and_writes_the_picture(
    run: Run, spec: Callable[..., str], kind: str
) -> None:
    if kind in ("svg", "png", "pdf"):
        pytest.importorskip("pygraphviz")
    done = run("draw", spec(WRONG), "-o", f"small.{kind}")
    assert done.code == 1
    assert "error[shape-mismatch]" in done.err and done.err.endswith("drawn up to the error\n")
    written = Path(f"small.{kind}").read_bytes()
    assert kind in ("png", "pdf") or b"Error in line 3" in written


def test_a_net_beside_the_wrong_one_is_drawn_whole(run: Run, spec: Callable[..., str]) -> None:
    path = spec(WRONG + "net Right {\n input x[3, 8, 8]\n conv(4, 3x3)\n}\n")
    done = run("draw", path, "--net", "Right", "-o", "right.dot")
    assert done.code == 1 and "drawn up to" not in done.err
    assert "Error" not in Path("right.dot").read_text(encoding="utf-8")


def test_a_spec_without_a_net_to_draw_writes_nothing(run: Run, spec: Callable[..., str]) -> None:
    done = run("draw", spec("net N {\n"), "-o", "n.dot")
    assert done.code == 1 and not Path("n.dot").exists()


def test_every_wrong_spec_can_be_drawn_and_says_what_is_wrong() -> None:
    count = 0
    for file in sorted(CASES.rglob("*.net")):
        found = checked(file.read_bytes().decode(errors="replace"), str(file))
        for net in found.refused:
            count += 1
            for kind in ("dot", "mmd", "html"):
                assert "Error in line" in draw(found, net, kind).decode(), file
    assert count > 50


def test_python_draws_a_net_up_to_its_error_too(tmp_path: Path) -> None:
    path = tmp_path / "small.net"
    path.write_text(WRONG)
    text = netwright.picture(path, "mmd").decode()
    assert "Error in line 3" in text
    path.write_text(f"{WRONG}\nnet Right {{\n    input image[3, 8, 8]\n    relu\n}}\n")
    assert "Error" in netwright.picture(path, "mmd").decode()
    assert "Error" not in netwright.picture(path, "mmd", net="Right").decode()
    path.write_text("net A { input x[3, 8, 8]\nrelu }\nnet B { input x[3, 8, 8]\ntanh }\n")
    assert netwright.picture(path, "dot", net="B") == netwright.load(path)["B"].draw("dot")
    with pytest.raises(KeyError, match="there are 2"):
        netwright.picture(path)
    path.write_text("net A {\n")
    with pytest.raises(netwright.SpecError):
        netwright.picture(path)
