"""Attention: each place of a sequence reads the places that matter to it."""

from typing import Any

from netwright.ops.base import Axes, Kind, Misfit, Op, Role, Weight, op, optional, param
from netwright.ops.fit import check_count, check_sequence
from netwright.sym import Dim
from netwright.tensor import FEATURES, LENGTH, Size, Tensor, form

NAMES = ("query", "key", "value")


@op("attention", Role.ATTENTION, paper="Vaswani et al., Attention Is All You Need, 2017")
class Attention(Op):
    """Multi-head attention: ``(T, F) -> (T, F)`` of a sequence to itself.

    ``attention(8) [ query, key, value ]`` takes three: ``(Q, F), (K, F), (K, F) -> (Q, F)``.
    """

    inputs = (1, 3)

    heads: Dim = param("Parts that the features are split into.", least=1)
    bias: bool = param("Whether the four projections have a bias.", Kind.FLAG, default=True)
    dropout: float = param(
        "Chance to drop an attention weight.", Kind.NUMBER, default=0.0, least=0, most=1
    )
    causal: bool = param("Whether no place sees those behind it.", Kind.FLAG, default=False)
    init: Any = param("How the projections start.", Kind.INITIALISER, default=None)
    bias_init: Any = param("How the biases start.", Kind.INITIALISER, default=None)

    def check(self, *inputs: Tensor) -> None:
        check_count(self, inputs)
        if len(inputs) == 2:
            raise Misfit(
                "input-count",
                "`attention` takes one tensor, or three: query, key and value; found 2",
            )
        for operand, x in enumerate(inputs):
            check_sequence(self.name, x, operand if len(inputs) > 1 else None)
        features = inputs[0].sizes[1]
        self._check_features(*inputs)
        if form(features) % self.heads != 0:
            raise Misfit(
                "group-mismatch",
                f"{self.heads} heads do not divide {features} features",
                argument="heads",
            )

    def _check_features(self, query: Tensor, *others: Tensor) -> None:
        for operand, x in enumerate(others, start=1):
            if x.sizes[1] != query.sizes[1]:
                raise Misfit(
                    "shape-mismatch",
                    f"`attention` needs equal features, found {query.sizes[1]} in the query "
                    f"{query} and {x.sizes[1]} in the {NAMES[operand]} {x}",
                    operand=operand,
                )
        if others and others[0].sizes[0] != others[1].sizes[0]:
            key, value = others
            raise Misfit(
                "shape-mismatch",
                f"`attention` needs as many keys as values, found {key.sizes[0]} and "
                f"{value.sizes[0]} in {key} and {value}",
                operand=2,
            )

    def shape(self, *inputs: Tensor) -> Tensor:
        query = inputs[0]
        axes = query.axes if query.axes != ("", "") else (LENGTH, FEATURES)
        return Tensor(query.sizes, axes)

    def weights(self, *inputs: Tensor) -> tuple[Weight, ...]:
        width = form(inputs[0].sizes[1])
        return (
            Weight("in_proj_weight", (3 * width, width), Axes.ATTENTION),
            *optional("in_proj_bias", self.bias, 3 * width, axes=Axes.ATTENTION),
            Weight("out_proj.weight", (width, width), Axes.ATTENTION),
            *optional("out_proj.bias", self.bias, width),
        )

    def macs(self, *inputs: Tensor) -> Size:
        query, key = inputs[0].sizes[0], inputs[1 if len(inputs) > 1 else 0].sizes[0]
        width = form(inputs[0].sizes[1])
        return (query + key) * (2 * width * width) + query * key * (2 * width)
