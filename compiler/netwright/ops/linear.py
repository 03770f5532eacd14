"""The layer that is one matrix product."""

from typing import Any

from netwright.ops.base import Axes, Kind, Misfit, Op, Role, Weight, op, param
from netwright.ops.conv import with_bias
from netwright.ops.fit import check_fixed, check_numbers, check_rank
from netwright.sym import Dim
from netwright.tensor import CHANNELS, FEATURES, HEIGHT, LENGTH, WIDTH, Size, Tensor, form, product


@op(
    "linear",
    Role.LINEAR,
    paper="Rosenblatt, The Perceptron, 1958",
)
class Linear(Op):
    """Fully connected: ``(…, in) -> (…, features)``."""

    features: Dim = param("Number of output features.", least=1)
    bias: bool = param("Whether a bias is added.", Kind.FLAG, default=True)
    init: Any = param("How the weight starts.", Kind.INITIALISER, default=None)
    bias_init: Any = param("How the bias starts.", Kind.INITIALISER, default=None)

    def check(self, *inputs: Tensor) -> None:
        (x,) = inputs
        check_numbers(self.name, x)
        check_rank(self.name, x, 1)
        if (HEIGHT in x.axes or WIDTH in x.axes) and x.axes[-1] != CHANNELS:
            raise Misfit(
                "image-input",
                f"`linear` on an image {x}: its height and width are still there",
                help="put `flatten` or `global_avg_pool` before it",
            )
        check_fixed(self.name, x.sizes[-1], "features")

    def shape(self, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        # behind `permute` a linear layer may run along the length or, at each cell of a map, along
        # the channels, and these stay what they are
        kept = (LENGTH, CHANNELS) if HEIGHT in x.axes or WIDTH in x.axes else (LENGTH,)
        last = x.axes[-1] if x.rank > 1 and x.axes[-1] in kept else FEATURES
        axes = (*(axis or LENGTH for axis in x.axes[:-1]), last)
        return Tensor((*x.sizes[:-1], self.features), axes)

    def weights(self, *inputs: Tensor) -> tuple[Weight, ...]:
        weight = Weight("weight", (self.features, form(inputs[0].sizes[-1])), Axes.LINEAR)
        return with_bias(self.bias, self.features, weight)

    def macs(self, *inputs: Tensor) -> Size:
        return product((self.features, *inputs[0].sizes))
