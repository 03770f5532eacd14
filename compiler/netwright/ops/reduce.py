"""One value of those along an axis, which is gone."""

from typing import Any

from netwright.ops.base import Kind, Op, Role, op, param
from netwright.ops.fit import check_axis, check_numbers, check_rank, place
from netwright.ops.shape import without
from netwright.tensor import Tensor


@op("sum", Role.MERGE)
class Sum(Op):
    """The sum along an axis, which is gone: ``(T, F) -> (F)``; `add` sums tensors."""

    axis: Any = param("The axis that goes.", Kind.AXIS, default=0, least=0)

    def check(self, *inputs: Tensor) -> None:
        check_reduction(self.name, self.axis, inputs[0])

    def shape(self, *inputs: Tensor) -> Tensor:
        return without(inputs[0], place(self.axis, inputs[0].rank))


def check_reduction(name: str, axis: object, x: Tensor) -> None:
    """Refuse an axis that is not there, or the only one."""
    check_numbers(name, x)
    check_rank(name, x, 2)
    check_axis(name, axis, x)
