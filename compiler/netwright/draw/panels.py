"""The blocks of a net, each distinct one once: what its panel holds, and where it is used."""

from netwright.draw.blocks import Blocks
from netwright.instance import CallStep, FoldStep, Instance, Step
from netwright.record import record


@record
class Distinct:
    """Blocks that are drawn alike: all their instances, and how often they are at work.

    ``letter`` tells it from other forms of the same definition.
    """

    name: str
    letter: str
    instances: tuple[Instance, ...]
    uses: int


Found = dict[object, list[Instance]]


def distinct(instance: Instance, blocks: Blocks) -> dict[object, Distinct]:
    """The distinct blocks of a net by their form, the outer before the inner."""
    uses: dict[object, int] = {}
    found: Found = {}
    level = [(instance, 1)]
    while level:
        level = [new for body, n in level for new in _deeper(body, n, blocks, uses, found)]
    letters = _letters(found)
    return {
        form: Distinct(row[0].name, letters[form], tuple(row), uses[form])
        for form, row in found.items()
    }


def _deeper(
    outer: Instance, times: int, blocks: Blocks, uses: dict[object, int], found: Found
) -> list[tuple[Instance, int]]:
    """The blocks of a body that were not met before; all are counted."""
    new: list[tuple[Instance, int]] = []
    for call, count in _calls(outer.steps, times):
        inner = call.instance
        if blocks.is_single(inner):
            continue
        form = blocks.form(inner)
        uses[form] = uses.get(form, 0) + count
        row = found.setdefault(form, [])
        if not any(inner is other for other in row):
            row.append(inner)
            new.append((inner, 1))
    return new


def _letters(found: Found) -> dict[object, str]:
    """A letter for each form of a block that has several."""
    by_name: dict[object, list[object]] = {}
    for form, row in found.items():
        by_name.setdefault(row[0].definition, []).append(form)
    return {
        form: chr(ord("A") + place) if len(forms) > 1 and place < 26 else ""
        for forms in by_name.values()
        for place, form in enumerate(forms)
    }


def _calls(steps: tuple[Step, ...], times: int) -> list[tuple[CallStep, int]]:
    """The blocks at work in a body, with how often."""
    found: list[tuple[CallStep, int]] = []
    for step in steps:
        if isinstance(step, CallStep):
            found.append((step, times))
        elif isinstance(step, FoldStep):
            found += _calls(step.steps, times * step.times)
    return found
