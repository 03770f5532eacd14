"""A layer as the macros of PyTorch see it."""

from netwright.bind.external import External
from netwright.ops.base import Op
from netwright.targets.torch.detect import Boxes
from netwright.targets.torch.numbers import Numbers, is_number
from netwright.targets.torch.pools import Pools
from netwright.targets.torch.transposed import Transposed


class TorchView(Pools, Transposed, Boxes, Numbers):
    """What PyTorch asks of a layer, beside its arguments and sizes."""

    in_place = False
    factors: list[str] | None = None
    batch = "x"  # a variable of the forward whose first size is that of the batch

    @property
    def inplace(self) -> str | None:
        """``True`` where the activation may overwrite its input."""
        slope = next((name for name in ("slope", "alpha") if name in self.op.params), None)
        if slope is not None:
            least = self.value(slope)
            if not isinstance(least, int | float) or least < 0:
                return None  # PyTorch tells the gradient from the result, which needs a slope >= 0
        return "True" if self.in_place else None

    @property
    def in_features(self) -> str:
        """The features of the input, as the product that a `flatten` made of them."""
        return " * ".join(self.factors) if self.factors else self.features

    # Sequences

    @property
    def between(self) -> str | None:
        """The dropout between recurrent layers; one layer has none."""
        return None if self.value("layers") == 1 else self.arg("dropout")

    @property
    def nonlinearity(self) -> str | None:
        """What an `rnn` applies to its state, where it is not tanh."""
        return self.arg("activation") if "activation" in self.op.params else None

    @property
    def given_back(self) -> str:
        """Whether a recurrent layer gives its state at every step, or its last."""
        return "Sequence" if self.value("return") == "sequence" else "Last"

    def biased(self, layer: str) -> str:
        """A recurrent layer with as many biases as the spec says."""
        biases = self.value("biases")
        if biases == 2:
            return layer
        when = "" if biases == 1 else f", when={self.of('biases')} == 1"
        return f"{self.helper('one_bias')}({layer}{when})"

    @property
    def three(self) -> list[str]:
        """Query, key and value."""
        return self.inputs if len(self.inputs) == 3 else [self.x] * 3

    @property
    def self_attention(self) -> str:
        """The class of an `attention` in a chain."""
        self.helper("causal_mask")
        return self.helper("SelfAttention")

    @property
    def mask(self) -> str | None:
        """The mask of causal attention."""
        if self.value("causal") is False:
            return None
        query, key, _ = self.three
        return self.asked("causal", f"{self.helper('causal_mask')}({query}, {key})", "None")

    # Joins

    @property
    def gates(self) -> list[str]:
        """The factors of `mul`, gates with an axis for each of the others'."""
        most = max(tensor.rank for tensor in self.layer.tensors)
        ranks = [most - tensor.rank if tensor.rank == 1 else 0 for tensor in self.layer.tensors]
        return [
            f"{name}[:, :{', None' * more}]" if more else name
            for name, more in zip(self.inputs, ranks, strict=True)
        ]

    @property
    def single(self) -> bool:
        """Whether a layer that may join takes one tensor."""
        return len(self.inputs) == 1

    def folded(self, function: str) -> str:
        """A function of two tensors over all."""
        text = self.x
        for other in self.inputs[1:]:
            text = f"{function}({text}, {other})"
        return text

    # Layers of others

    @property
    def foreign(self) -> str:
        """The call of an `extern`'s class."""
        module, name = self.foreign_class("torch")
        if module == "torch.nn":
            name = f"nn.{name}"
        else:
            self.imports.append((module, name))
        args = [f"{key}={self.of(key)}" for key in self.external.values]
        return f"{name}({', '.join(args)})"


def macro(op: Op) -> str:
    """The name of a layer's macros."""
    return "extern" if isinstance(op, External) else op.name


__all__ = ["TorchView", "is_number", "macro"]
