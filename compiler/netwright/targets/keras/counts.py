"""Scalars that a Keras model holds and PyTorch's does not, or the other way round."""

from collections.abc import Callable

from netwright.flat import reached
from netwright.instance import Instance, expand, scalars


def lost(
    instance: Instance, wanted: Callable[[str], bool] = lambda path: True
) -> tuple[int, int, int]:
    """What trains in the layers of a net whose path is wanted, and is not held or held beside.

    They are the second biases of LSTM and RNN, which Keras has not, those of a GRU that has one for
    each gate, which Keras has all the same, and what no output depends on.
    """
    second = added = idle = 0
    live = reached(instance)
    for leaf in expand(instance.steps):
        if leaf.reused or not wanted(leaf.path):
            continue
        if leaf.path not in live:
            idle += sum(scalars(weight) for weight in leaf.step.weights if weight.trains)
            continue
        biases = {
            prefix: sum(scalars(w) for w in leaf.step.weights if w.name.startswith(prefix))
            for prefix in ("bias_ih", "bias_hh")
        }
        if leaf.step.op.name in ("lstm", "rnn"):
            second += biases["bias_hh"]
        elif leaf.step.op.name == "gru":
            added += biases["bias_ih"] - biases["bias_hh"]
    return second, added, idle
