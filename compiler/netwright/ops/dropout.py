"""Regularisation: what is dropped in training and kept in evaluation."""

from netwright.ops.base import Kind, Op, Role, op, param
from netwright.ops.fit import check_channels, check_numbers
from netwright.tensor import Tensor


@op(
    "dropout",
    Role.REGULARISATION,
    paper="Srivastava et al., Dropout: A Simple Way to Prevent Neural Networks from Overfitting, "
    "2014",
)
class Dropout(Op):
    """In training each value is 0 with chance ``p``, the others are over ``1 - p``: shape kept."""

    p: float = param("Chance to drop a value.", Kind.NUMBER, default=0.5, least=0, most=1)

    def check(self, *inputs: Tensor) -> None:
        check_numbers(self.name, inputs[0])


@op(
    "spatial_dropout",
    Role.REGULARISATION,
    paper="Tompson et al., Efficient Object Localization Using Convolutional Networks, 2015",
)
class SpatialDropout(Op):
    """In training each channel is 0 with chance ``p``, others are over ``1 - p``: shape kept."""

    p: float = param("Chance to drop a channel.", Kind.NUMBER, default=0.5, least=0, most=1)

    def check(self, *inputs: Tensor) -> None:
        check_channels(self.name, inputs[0])


@op(
    "stochastic_depth",
    Role.REGULARISATION,
    paper="Huang et al., Deep Networks with Stochastic Depth, 2016",
)
class StochasticDepth(Op):
    """In training a whole example is 0 with chance ``p``, else over ``1 - p``: shape kept."""

    p: float = param("Chance to drop an example.", Kind.NUMBER, least=0, most=1)

    def check(self, *inputs: Tensor) -> None:
        check_numbers(self.name, inputs[0])
