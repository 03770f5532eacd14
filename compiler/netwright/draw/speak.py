"""Words with numbers: what a net's own boxes say."""

from typing import Any

from netwright.draw.atoms import Atom
from netwright.draw.blocks import Blocks
from netwright.draw.build import Speaker, change
from netwright.draw.fuse import Chain
from netwright.draw.wording import shape, size_text, title, title_case
from netwright.instance import LayerStep
from netwright.tensor import Tensor


class Numbers(Speaker):
    """Says every argument as a number.

    Blocks that differ in a chance or a factor alone, and in no weight, do the same: a number that
    is no integer tells them apart only where their params differ.
    """

    def __init__(self, blocks: Blocks) -> None:
        self.blocks = blocks

    def title(self, atom: Atom) -> tuple[str, str]:
        if isinstance(atom.step, LayerStep):
            return self.words(atom.step)
        name = title_case(atom.step.instance.name)
        if atom.fails:
            return name, "error inside"
        return (name, change(atom.before[0], atom.after)) if atom.before else (name, "")

    def words(self, step: LayerStep) -> tuple[str, str]:
        """A layer: its kind, and what else is said of it."""
        return title(step, step.op.argument)

    def channels(self, chain: Chain, slot: int) -> str:
        tensor = chain.head.before[slot]
        return size_text(tensor.sizes[joined_axis(chain, tensor)])

    def whole(self, chain: Chain) -> str:
        return shape(chain.head.after)

    def token(self, atom: Atom) -> Any:
        step = atom.step
        if isinstance(step, LayerStep):
            return step.op
        instance = step.instance
        args = tuple(pair for pair in instance.args if type(pair[1]) is not float)
        exact = instance.totals.params if len(args) < len(instance.args) else None
        return args, exact, self.blocks.form(instance)


def joined_axis(chain: Chain, tensor: Tensor) -> int:
    """The axis along which a join lays its branches."""
    axis = getattr(getattr(chain.head.step, "op", None), "axis", 0)
    return axis if isinstance(axis, int) and axis < tensor.rank else tensor.rank - 1
