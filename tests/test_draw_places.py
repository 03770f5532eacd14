"""Pictures: what stands where, by the structure of a net."""

from pictures import box, drawing

from netwright.draw.model import Line


def test_a_table_stands_beside_what_it_is_joined_to() -> None:
    found = drawing("Tables")
    line = {box(found, name).x for name in ("input_image", "conv", "flatten", "attention", "head")}
    assert len(line) == 1
    assert box(found, "token").x > max(line) and box(found, "places_0").x > max(line)
    assert box(found, "token").y > box(found, "flatten").y
    assert not [wire for wire in found.wires if wire.line is Line.SKIP]
