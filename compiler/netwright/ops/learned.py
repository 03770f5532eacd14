"""Learned numbers that are looked up, given as they are, or multiplied."""

from typing import Any

from netwright.ops.base import Kind, Misfit, Op, Role, Weight, op, param
from netwright.ops.fit import check_fixed, check_numbers
from netwright.ops.init import constant
from netwright.sym import Dim
from netwright.tensor import FEATURES, IMAGE_AXES, LENGTH, OPEN, Tensor, form, show_sizes
from netwright.values import Partial


@op(
    "embedding",
    Role.EMBEDDING,
    paper="Bengio et al., A Neural Probabilistic Language Model, 2003",
)
class Embedding(Op):
    """A vector for each token: ``(T) -> (T, width)``; the input's ``int(n)`` tells how many."""

    width: Dim = param("Size of the vectors.", least=1)
    init: Any = param("How the vectors start.", Kind.INITIALISER, default=None)

    def check(self, *inputs: Tensor) -> None:
        (x,) = inputs
        if x.integers is None:
            raise Misfit(
                "integers-expected",
                f"`embedding` looks up integer tokens, found {x} of numbers",
                help="an input of tokens is declared as `input tokens[200]: int(20_000)`",
            )
        if x.rank != 1:
            raise Misfit("rank-mismatch", f"`embedding` takes a sequence of tokens [T], found {x}")

    def shape(self, *inputs: Tensor) -> Tensor:
        return Tensor((*inputs[0].sizes, self.width), (LENGTH, FEATURES))

    def weights(self, *inputs: Tensor) -> tuple[Weight, ...]:
        words = inputs[0].integers
        assert words is not None
        return (Weight("weight", (words, self.width)),)


@op("parameter", Role.EMBEDDING)
class Parameter(Op):
    """Learned numbers with no input: ``() -> sizes``, such as a class token or positions.

    The line's own path names it in the state dict.
    """

    inputs = (0, 0)

    sizes: Any = param("The sizes.", Kind.SIZES, least=1)
    init: Any = param("How the numbers start.", Kind.INITIALISER, default=constant(0.0))
    batch: bool = param("Whether a 1 is stored in front.", Kind.FLAG, default=False)

    def check(self, *inputs: Tensor) -> None:
        if not self.sizes:
            raise Misfit("empty-sizes", "`parameter` needs at least one size", argument="sizes")

    def shape(self, *inputs: Tensor) -> Tensor:
        rank = len(self.sizes)
        return Tensor(tuple(self.sizes), IMAGE_AXES.get(rank, (OPEN,) * rank))

    def weights(self, *inputs: Tensor) -> tuple[Weight, ...]:
        front = (1,) if self.batch is True else ()
        return (Weight("", (*front, *self.sizes)),)


@op(
    "scale",
    Role.NORMALISATION,
    paper="Liu et al., ParseNet: Looking Wider to See Better, 2015",
)
class Scale(Op):
    """Multiply by a number or by learned numbers: the shape stays.

    ``scale(parameter)`` learns one for each channel, or feature of a sequence;
    ``scale(parameter([1], init=0.0))`` one for all. The line's own path names it in the state dict.
    """

    factor: Any = param("A number, or a `parameter` to learn.", Kind.SCALE)

    def learned(self, x: Tensor) -> Parameter | None:
        """The factor with its sizes, where it is learned."""
        match self.factor:
            case Parameter():
                return self.factor
            case Partial():
                return Parameter(**{"sizes": _one_each(x), **dict(self.factor.args)})
            case "parameter":
                return Parameter(_one_each(x), constant(1.0))
        return None

    def check(self, *inputs: Tensor) -> None:
        (x,) = inputs
        check_numbers(self.name, x)
        factor = self.learned(x)
        if factor is None:
            return
        if tuple(factor.sizes) == _one_each(x):
            check_fixed(self.name, x.sizes[_place(x)], "factors")
        sizes, fits = tuple(factor.sizes), [(1,), tuple(x.sizes), _one_each(x)]
        if x.axes[:1] != (LENGTH,):
            fits.append((*x.sizes[:1], *(1,) * (x.rank - 1)))
        if sizes not in fits:
            raise Misfit(
                "shape-mismatch",
                f"`scale` by {show_sizes(sizes)} does not fit {x}",
                help=f"`parameter({show_sizes(_one_each(x))})` has one for each channel",
                argument="factor",
            )

    def weights(self, *inputs: Tensor) -> tuple[Weight, ...]:
        factor = self.learned(inputs[0])
        return factor.weights() if factor else ()


def _place(x: Tensor) -> int:
    """The axis of the channels, or of the features of a sequence."""
    return -1 if x.axes[:1] == (LENGTH,) else 0


def _one_each(x: Tensor) -> tuple[Dim, ...]:
    """The sizes of one number for each channel, or for each feature of a sequence."""
    return (form(x.sizes[_place(x)]),)
