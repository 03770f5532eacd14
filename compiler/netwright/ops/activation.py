"""Activations: the same function of every value, or of every vector along an axis."""

from typing import Any

from netwright.ops.base import Kind, Op, Role, Weight, op, param, present
from netwright.ops.fit import check_axis, check_channels, check_numbers, check_rank
from netwright.tensor import Tensor, form


class Activation(Op):
    """A function of every value: the shape stays."""

    def check(self, *inputs: Tensor) -> None:
        check_numbers(self.name, inputs[0])


@op(
    "relu",
    Role.ACTIVATION,
    paper="Nair and Hinton, Rectified Linear Units Improve Restricted Boltzmann Machines, 2010",
)
class Relu(Activation):
    """``max(x, 0)``: shape kept."""


@op("relu6", Role.ACTIVATION, paper="Krizhevsky, Convolutional Deep Belief Networks, 2010")
class Relu6(Activation):
    """``min(max(x, 0), 6)``: shape kept."""


@op(
    "leaky_relu",
    Role.ACTIVATION,
    paper="Maas et al., Rectifier Nonlinearities Improve Neural Network Acoustic Models, 2013",
)
class LeakyRelu(Activation):
    """``x`` above 0, ``slope * x`` below: shape kept."""

    slope: float = param("Slope below 0.", Kind.NUMBER, default=0.01)


@op("prelu", Role.ACTIVATION, paper="He et al., Delving Deep into Rectifiers, 2015")
class Prelu(Activation):
    """``x`` above 0, a learned slope below, one for each channel: shape kept."""

    shared: bool = param("Whether all channels have one slope.", Kind.FLAG, default=False)
    init: Any = param("How the slopes start; without it, 0.25.", Kind.INITIALISER, default=None)

    def check(self, *inputs: Tensor) -> None:
        check_numbers(self.name, inputs[0])
        if not self.shared:
            check_channels(self.name, inputs[0])

    def weights(self, *inputs: Tensor) -> tuple[Weight, ...]:
        one = present(self.shared)
        if one == 1:
            return (Weight("weight", (1,)),)
        return (Weight("weight", (one + (1 - one) * form(inputs[0].sizes[0]),)),)


@op("elu", Role.ACTIVATION, paper="Clevert et al., Exponential Linear Units, 2016")
class Elu(Activation):
    """``x`` above 0, ``alpha * (exp(x) - 1)`` below: shape kept."""

    alpha: float = param("Minus the least value.", Kind.NUMBER, default=1.0)


@op("selu", Role.ACTIVATION, paper="Klambauer et al., Self-Normalizing Neural Networks, 2017")
class Selu(Activation):
    """`elu` with the two constants that keep mean 0 and variance 1: shape kept."""


@op("gelu", Role.ACTIVATION, paper="Hendrycks and Gimpel, Gaussian Error Linear Units, 2016")
class Gelu(Activation):
    """``x`` times the normal distribution at ``x``: shape kept."""

    approximate: bool = param(
        "Whether a formula with tanh stands for it.", Kind.FLAG, default=False
    )


@op("silu", Role.ACTIVATION, paper="Elfwing et al., Sigmoid-Weighted Linear Units, 2018")
class Silu(Activation):
    """``x * sigmoid(x)``, also called swish: shape kept."""


@op("mish", Role.ACTIVATION, paper="Misra, Mish: A Self Regularized Activation Function, 2019")
class Mish(Activation):
    """``x * tanh(softplus(x))``: shape kept."""


@op(
    "softplus",
    Role.ACTIVATION,
    paper="Dugas et al., Incorporating Second-Order Functional Knowledge, 2001",
)
class Softplus(Activation):
    """``log(1 + exp(x))``: shape kept."""


@op("sigmoid", Role.ACTIVATION)
class Sigmoid(Activation):
    """``1 / (1 + exp(-x))``: shape kept."""


@op("hard_sigmoid", Role.ACTIVATION, paper="Howard et al., Searching for MobileNetV3, 2019")
class HardSigmoid(Activation):
    """``relu6(x + 3) / 6``: shape kept."""


@op("hard_swish", Role.ACTIVATION, paper="Howard et al., Searching for MobileNetV3, 2019")
class HardSwish(Activation):
    """``x * relu6(x + 3) / 6``: shape kept."""


@op("tanh", Role.ACTIVATION)
class Tanh(Activation):
    """The hyperbolic tangent: shape kept."""


class AlongAxis(Activation):
    """A function of every vector along an axis: the shape stays."""

    axis: Any

    def check(self, *inputs: Tensor) -> None:
        check_numbers(self.name, inputs[0])
        check_rank(self.name, inputs[0], 1)
        check_axis(self.name, self.axis, inputs[0])


@op("softmax", Role.ACTIVATION, paper="Bridle, Probabilistic Interpretation of Outputs, 1990")
class Softmax(AlongAxis):
    """``exp(x)`` over its sum along an axis: shape kept."""

    axis: Any = param("The axis that sums to 1.", Kind.AXIS, default=0, least=0)


@op("log_softmax", Role.ACTIVATION)
class LogSoftmax(AlongAxis):
    """The logarithm of `softmax`: shape kept."""

    axis: Any = param("The axis whose exponentials sum to 1.", Kind.AXIS, default=0, least=0)


@op("identity", Role.ACTIVATION)
class Identity(Op):
    """The input as it is."""
