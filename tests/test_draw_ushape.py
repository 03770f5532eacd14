"""Pictures: a net that goes down and comes up again is a U."""

from pictures import box, drawing, words

from netwright.draw.model import Line


def test_a_net_that_comes_up_again_is_a_u() -> None:
    found = {each.id: each for each in drawing("Unet").boxes}
    for row in range(3):
        down, join, up = (found[name] for name in (f"enc{row}", _join(row), f"dec{row}"))
        assert down.y == join.y == up.y and down.x < join.x < up.x
    assert len({found[f"enc{row}"].x for row in range(3)}) == 1
    assert found["enc2"].y < found["bridge"].y and found["enc0"].x < found["bridge"].x
    assert "max_pool" not in found and "up0" not in found


def _join(row: int) -> str:
    return ("concat__3", "concat__2", "concat")[row]


def test_pools_and_upsamplings_of_a_u_are_wires() -> None:
    found = drawing("Unet").wires
    lines = {wire.line: wire.label.text for wire in found if wire.label}
    assert lines == {Line.POOL: "MaxPool 2×2 /2", Line.UP: "UpConv 2×2 32, ×2 · 8.2 K"}
    assert words(box(drawing("Unet"), "concat")) == "crop, concat 32 + 32"
