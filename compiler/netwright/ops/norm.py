"""Normalisations."""

from typing import Any

from netwright.ops.base import Kind, Misfit, Op, Role, Weight, op, optional, param
from netwright.ops.fit import (
    check_axis,
    check_channels,
    check_features_last,
    check_fixed,
    check_rank,
    place,
)
from netwright.sym import Dim
from netwright.tensor import Tensor, form, number, product

OVER_CHANNELS = "`layer_norm(axis=0)` is over the channels"


@op(
    "batch_norm",
    Role.NORMALISATION,
    paper="Ioffe and Szegedy, Batch Normalization, 2015",
)
class BatchNorm(Op):
    """Each channel to mean 0 and variance 1 over the batch, then scaled and shifted: shape kept.

    Running statistics take ``momentum`` of each batch; evaluation uses them.
    """

    eps: float = param("Added to the variance.", Kind.NUMBER, default=1e-5, least=0)
    momentum: float = param(
        "Weight of a new batch in the running statistics.",
        Kind.NUMBER,
        default=0.1,
        least=0,
        most=1,
    )
    scale: bool = param("Whether a factor for each channel is learned.", Kind.FLAG, default=True)
    shift: bool = param("Whether an offset for each channel is learned.", Kind.FLAG, default=True)
    init: Any = param("How the factors start.", Kind.INITIALISER, default=None)
    bias_init: Any = param("How the offsets start.", Kind.INITIALISER, default=None)

    def check(self, *inputs: Tensor) -> None:
        check_channels(self.name, inputs[0])

    def weights(self, *inputs: Tensor) -> tuple[Weight, ...]:
        channels = form(inputs[0].sizes[0])
        return (
            *learned(self.scale, self.shift, channels),
            Weight("running_mean", (channels,), trains=False),
            Weight("running_var", (channels,), trains=False),
            Weight("num_batches_tracked", (), trains=False, counted=False),
        )


@op(
    "frozen_batch_norm",
    Role.NORMALISATION,
    paper="He et al., Deep Residual Learning for Image Recognition, 2016, section 4.3",
)
class FrozenBatchNorm(Op):
    """`batch_norm` of which nothing trains and nothing is updated: shape kept."""

    eps: float = param("Added to the variance.", Kind.NUMBER, default=1e-5, least=0)

    def check(self, *inputs: Tensor) -> None:
        check_channels(self.name, inputs[0])

    def weights(self, *inputs: Tensor) -> tuple[Weight, ...]:
        channels = (form(inputs[0].sizes[0]),)
        names = ("weight", "bias", "running_mean", "running_var")
        return tuple(Weight(name, channels, trains=False) for name in names)


@op("layer_norm", Role.NORMALISATION, paper="Ba et al., Layer Normalization, 2016")
class LayerNorm(Op):
    """Each vector along an axis to mean 0 and variance 1, then scaled and shifted: shape kept.

    ``axis=0`` is over the channels of an image, at each place of it.
    """

    eps: float = param("Added to the variance.", Kind.NUMBER, default=1e-5, least=0)
    axis: Any = param("The axis of the vectors.", Kind.AXIS, default="last", least=0)
    scale: bool = param("Whether a factor for each entry is learned.", Kind.FLAG, default=True)
    shift: bool = param("Whether an offset for each entry is learned.", Kind.FLAG, default=True)
    init: Any = param("How the factors start.", Kind.INITIALISER, default=None)
    bias_init: Any = param("How the offsets start.", Kind.INITIALISER, default=None)

    def check(self, *inputs: Tensor) -> None:
        (x,) = inputs
        if self.axis == 0:
            check_channels(self.name, x)
            return
        check_axis(self.name, self.axis, x)
        check_fixed(self.name, x.sizes[place(self.axis, x.rank)], "features")
        check_features_last(self.name, x, OVER_CHANNELS)

    def weights(self, *inputs: Tensor) -> tuple[Weight, ...]:
        (x,) = inputs
        return learned(self.scale, self.shift, form(x.sizes[place(self.axis, x.rank)]))


@op(
    "rms_norm",
    Role.NORMALISATION,
    paper="Zhang and Sennrich, Root Mean Square Layer Normalization, 2019",
)
class RmsNorm(Op):
    """Each vector along the last axis over its root mean square, then scaled: shape kept."""

    eps: float = param("Added to the mean square.", Kind.NUMBER, default=1e-6, least=0)
    init: Any = param("How the factors start.", Kind.INITIALISER, default=None)

    def check(self, *inputs: Tensor) -> None:
        check_features_last(self.name, inputs[0], "`permute(1, 2, 0)` puts the channels last")

    def weights(self, *inputs: Tensor) -> tuple[Weight, ...]:
        return (Weight("weight", (form(inputs[0].sizes[-1]),)),)


@op("group_norm", Role.NORMALISATION, paper="Wu and He, Group Normalization, 2018")
class GroupNorm(Op):
    """Each group of channels to mean 0 and variance 1, then scaled and shifted: shape kept."""

    groups: Dim = param("Parts that the channels are split into.", least=1)
    eps: float = param("Added to the variance.", Kind.NUMBER, default=1e-5, least=0)
    init: Any = param("How the factors start.", Kind.INITIALISER, default=None)
    bias_init: Any = param("How the offsets start.", Kind.INITIALISER, default=None)

    def check(self, *inputs: Tensor) -> None:
        (x,) = inputs
        check_channels(self.name, x)
        if form(x.sizes[0]) % self.groups != 0:
            raise Misfit(
                "group-mismatch",
                f"{self.groups} groups do not divide the {x.sizes[0]} channels of {x}",
                argument="groups",
            )

    def weights(self, *inputs: Tensor) -> tuple[Weight, ...]:
        return learned(True, True, form(inputs[0].sizes[0]))


@op(
    "instance_norm",
    Role.NORMALISATION,
    paper="Ulyanov et al., Instance Normalization, 2016",
)
class InstanceNorm(Op):
    """Each channel of each example to mean 0 and variance 1: shape kept."""

    eps: float = param("Added to the variance.", Kind.NUMBER, default=1e-5, least=0)
    scale: bool = param("Whether a factor for each channel is learned.", Kind.FLAG, default=False)
    shift: bool = param("Whether an offset for each channel is learned.", Kind.FLAG, default=False)
    init: Any = param("How the factors start.", Kind.INITIALISER, default=None)
    bias_init: Any = param("How the offsets start.", Kind.INITIALISER, default=None)

    def check(self, *inputs: Tensor) -> None:
        check_channels(self.name, inputs[0])
        check_rank(self.name, inputs[0], 2)
        if number(product(inputs[0].sizes[1:])) == 1:
            raise Misfit(
                "one-cell",
                f"`instance_norm` of one cell a channel, {inputs[0]}, is 0 everywhere",
                help="`layer_norm(axis=0)` normalises over the channels",
            )

    def weights(self, *inputs: Tensor) -> tuple[Weight, ...]:
        return learned(self.scale, self.shift, form(inputs[0].sizes[0]))


@op(
    "lrn",
    Role.NORMALISATION,
    paper="Krizhevsky et al., ImageNet Classification with Deep Convolutional Networks, 2012",
)
class Lrn(Op):
    """Each value over ``(k + alpha / size * sum of squares) ** beta`` of near channels: shape kept.

    As in PyTorch and Caffe, ``alpha`` is divided by ``size``, which the paper does not do.
    """

    size: Dim = param("Channels that the sum goes over.", least=1)
    alpha: float = param("Factor of the mean square.", Kind.NUMBER, default=1e-4)
    beta: float = param("Exponent.", Kind.NUMBER, default=0.75)
    k: float = param("Added to the mean square.", Kind.NUMBER, default=1.0)

    def check(self, *inputs: Tensor) -> None:
        check_channels(self.name, inputs[0])
        check_rank(self.name, inputs[0], 2)


@op(
    "l2_normalize",
    Role.NORMALISATION,
    paper="Liu et al., ParseNet: Looking Wider to See Better, 2015",
)
class L2Normalize(Op):
    """The vector of the channels at each place over its length: shape kept."""

    eps: float = param("Least length to divide by.", Kind.NUMBER, default=1e-12, least=0)

    def check(self, *inputs: Tensor) -> None:
        check_channels(self.name, inputs[0])


def learned(scale: object, shift: object, size: Dim) -> tuple[Weight, ...]:
    """A factor and an offset for each channel or entry, each where it is learned."""
    return (*optional("weight", scale, size), *optional("bias", shift, size))
