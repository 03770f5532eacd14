"""Normalisations."""

from netwright.ops.base import Kind, Misfit, Op, Role, Weight, op, param
from netwright.tensor import Tensor


@op("batch_norm", Role.NORMALISATION, paper="Ioffe and Szegedy, Batch Normalization, 2015")
class BatchNorm(Op):
    """Each channel to mean 0 and variance 1 over the batch, then scaled and shifted: shape kept.

    Running statistics take ``momentum`` of each batch; evaluation uses them.
    """

    eps: float = param("Added to the variance.", Kind.NUMBER, default=1e-5, least=0)
    momentum: float = param("Weight of a new batch in the running statistics.", Kind.NUMBER, default=0.1, least=0, most=1)
    scale: bool = param("Whether a factor for each channel is learned.", Kind.FLAG, default=True)
    shift: bool = param("Whether an offset for each channel is learned.", Kind.FLAG, default=True)

    def check(self, *inputs: Tensor) -> None:
        (x,) = inputs
        if x.integers is not None:
            raise Misfit("integer-input", f"`batch_norm` takes numbers, found integer tokens {x}")

    def weights(self, *inputs: Tensor) -> tuple[Weight, ...]:
        channels = (inputs[0].sizes[0],)
        learned = [("weight", self.scale), ("bias", self.shift)]
        return (
            *(Weight(name, channels) for name, there in learned if there),
            Weight("running_mean", channels, trains=False),
            Weight("running_var", channels, trains=False),
            Weight("num_batches_tracked", (), trains=False, counted=False),
        )
