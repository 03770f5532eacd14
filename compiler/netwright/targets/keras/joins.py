"""What the macros of joins ask: inputs that may have their axes in different orders."""

from netwright.targets.keras.axes import Axes
from netwright.targets.keras.order import channels_last, keras_axis, keras_order
from netwright.targets.spell import tuple_of


class Joins(Axes):
    """Several tensors that become one."""

    @property
    def single(self) -> bool:
        """Whether a layer that may join takes one tensor."""
        return len(self.layer.inputs) == 1

    @property
    def operands(self) -> str:
        """The inputs of a join, all in the order of the result."""
        return ", ".join(self.aligned)

    @property
    def aligned(self) -> list[str]:
        """The inputs in the order of the result; one that has another is turned."""
        whole = self.result if self.op.name != "stack" else self.tensors[0]
        found = []
        for name, tensor in zip(self.inputs, self.tensors, strict=False):
            line = None
            if tensor.rank == whole.rank:
                line = self.turned(keras_order(tensor), keras_order(whole))
            found.append(f"{line}({name})" if line else name)
        return found

    @property
    def gated(self) -> str:
        """The factors of `mul`; a gate of one factor for each first place gets the other axes."""
        found = []
        for name, tensor in zip(self.aligned, self.tensors, strict=False):
            if tensor.rank == 1 < self.result.rank and not channels_last(self.result):
                name = (
                    f"layers.Reshape({tuple_of(['-1', *['1'] * (self.result.rank - 1)])})({name})"
                )
            found.append(name)
        return ", ".join(found)

    @property
    def stacked(self) -> list[str]:
        """The lines of `stack`: the new axis stands in front, and moves where it belongs."""
        axis, x = self.place("axis", 1), self.tensors[0]
        ours = [n if n < axis else n + 1 for n in keras_order(x)]
        wanted = keras_order(self.result)
        at = wanted.index(axis)
        found = [*ours[:at], axis, *ours[at:]]
        line = self.turned(found, wanted)
        stack = f"= ops.stack([{self.operands}], axis={at + 1})"
        return [stack, line] if line else [stack]

    @property
    def multiplied(self) -> list[str]:
        """The lines of `matmul`, whose matrices are the last two axes of ours."""
        back = self.turned(range(self.result.rank), keras_order(self.result))
        return [f"= ops.matmul({', '.join(self.in_our_order)})", *([back] if back else [])]

    @property
    def joined_axis(self) -> int | None:
        """The axis of `concat`, left out where it is the last."""
        found = keras_axis(self.result, self.place("axis"))
        return None if found == -1 else found
