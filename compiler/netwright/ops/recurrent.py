"""Recurrent layers: a state that is carried along a sequence."""

from typing import Any

from netwright.ops.base import Axes, Kind, Op, Role, Weight, family, op, param, present
from netwright.ops.fit import check_sequence
from netwright.sym import Dim
from netwright.tensor import FEATURES, Size, Tensor, form


@family
class Recurrent(Op):
    """What the recurrent layers share; ``gates`` counts the matrices behind each other."""

    gates = 1

    hidden: Dim = param("Size of the state, in each direction.", least=1)
    layers: Dim = param("Layers on top of each other.", default=1, least=1, most=1000)
    bidirectional: bool = param(
        "Whether a second state runs from the end; the two are concatenated.",
        Kind.FLAG,
        default=False,
    )
    return_: str = param(
        "The state at every step, or `last`: the forward state's last, the backward one's first.",
        Kind.WORD,
        default="sequence",
        words=("sequence", "last"),
    )
    biases: Dim = param(
        "Biases for each gate: 2 as in PyTorch, 1 as in Keras.", default=2, least=1, most=2
    )
    dropout: float = param(
        "Chance to drop a value between the layers.", Kind.NUMBER, default=0.0, least=0, most=1
    )

    def check(self, *inputs: Tensor) -> None:
        check_sequence(self.name, inputs[0])

    @property
    def directions(self) -> Dim:
        """How many states run along the sequence."""
        return 1 + present(self.bidirectional)

    def shape(self, *inputs: Tensor) -> Tensor:
        (x,) = inputs
        width = self.hidden * self.directions
        if self.return_ == "last":
            return Tensor((width,), (FEATURES,))
        return Tensor((x.sizes[0], width), (x.axes[0], FEATURES))

    def weights(self, *inputs: Tensor) -> tuple[Weight, ...]:
        width = form(inputs[0].sizes[-1])
        first = self._layer("l0", width, 1)
        deeper = self.hidden * self.directions
        if isinstance(self.layers, int):
            rest = (self._layer(f"l{number}", deeper, 1) for number in range(1, self.layers))
            return (*first, *(weight for layer in rest for weight in layer))
        return (*first, *self._layer("l1", deeper, self.layers - 1))  # all the others at once

    def _layer(self, suffix: str, width: Dim, times: Dim) -> tuple[Weight, ...]:
        """Weights of one layer in its directions, or of several layers alike in one."""
        forward = self._direction(suffix, width, times)
        back = present(self.bidirectional)
        if back == 0:
            return forward
        return (*forward, *self._direction(f"{suffix}_reverse", width, times * back))

    def _direction(self, suffix: str, width: Dim, times: Dim) -> tuple[Weight, ...]:
        rows = times * self.gates * self.hidden
        weights = (
            Weight(f"weight_ih_{suffix}", (rows, width), Axes.RECURRENT),
            Weight(f"weight_hh_{suffix}", (rows, self.hidden), Axes.RECURRENT),
            Weight(f"bias_ih_{suffix}", (rows,), Axes.GATES),
        )
        if self.biases == 1:
            return weights
        return (*weights, Weight(f"bias_hh_{suffix}", (rows * (self.biases - 1),), Axes.GATES))

    def macs(self, *inputs: Tensor) -> Size:
        length, width = inputs[0].sizes[0], form(inputs[0].sizes[1])
        state, back = self.hidden, self.directions
        inner = (self.layers - 1) * (state * back + state)
        return length * (self.gates * state * back * (width + state + inner))


@op("lstm", Role.RECURRENT, paper="Hochreiter and Schmidhuber, Long Short-Term Memory, 1997")
class Lstm(Recurrent):
    """Long short-term memory: ``(T, F) -> (T, H)``, or ``(H)`` with ``return=last``.

    H is ``hidden``, twice that in both directions. The gates are i, f, g and o.
    """

    gates = 4

    init: Any = param("How the matrices start.", Kind.INITIALISER, default=None)
    bias_init: Any = param("How the biases start.", Kind.INITIALISER, default=None)


@op(
    "gru",
    Role.RECURRENT,
    paper="Cho et al., Learning Phrase Representations using RNN Encoder-Decoder, 2014",
)
class Gru(Recurrent):
    """Gated recurrent unit: ``(T, F) -> (T, H)``, or ``(H)`` with ``return=last``.

    H is ``hidden``, twice that in both directions. The gates are r, z and n, and r is applied
    behind the product with the state.
    """

    gates = 3

    init: Any = param("How the matrices start.", Kind.INITIALISER, default=None)
    bias_init: Any = param("How the biases start.", Kind.INITIALISER, default=None)


@op("rnn", Role.RECURRENT, paper="Elman, Finding Structure in Time, 1990")
class Rnn(Recurrent):
    """Plain recurrence: ``(T, F) -> (T, H)``, or ``(H)`` with ``return=last``.

    H is ``hidden``, twice that in both directions.
    """

    gates = 1

    activation: str = param(
        "What is applied to the new state.", Kind.WORD, default="tanh", words=("tanh", "relu")
    )
    init: Any = param("How the matrices start.", Kind.INITIALISER, default=None)
    bias_init: Any = param("How the biases start.", Kind.INITIALISER, default=None)
