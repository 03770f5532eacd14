"""Hochreiter and Schmidhuber, Long Short-Term Memory, 1997; with the forget gate of
Gers et al., 1999. Cho et al., Learning Phrase Representations using RNN
Encoder-Decoder, 2014. arXiv:1406.1078. Elman, Finding Structure in Time, 1990.

Counts are those of Keras's layers, with one bias for each gate; its GRU alone has two.

Generated from recurrent.net by `netwright build recurrent.net --target torch`.
"""

from typing import Any

import torch
from torch import Tensor, nn

__all__ = ["GRU", "LSTM", "RNN", "gru_128_256", "lstm_128_256", "rnn_128_256"]


def zero_bias(layer: Any, _: Any = None) -> None:
    """The second bias of a recurrent layer is zero, and no weight."""
    names = [name for name in layer._flat_weights_names if name.startswith("bias_hh")]
    for name in names:
        zeros = torch.zeros_like(getattr(layer, name.replace("hh", "ih")).detach())
        layer._parameters.pop(name, None)
        layer.register_buffer(name, zeros, persistent=False)
    layer._init_flat_weights()


def one_bias(layer: Any, *, when: bool = True) -> Any:
    """A recurrent layer with one bias, also where its weights come from a file."""
    if when:
        zero_bias(layer)
        layer.register_load_state_dict_post_hook(zero_bias)
    return layer


class LSTM(nn.Module):
    """Long short-term memory along a sequence: the state at every step.

    (T, width) -> (T, hidden)
    """

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.lstm = one_bias(nn.LSTM(width, hidden, batch_first=True))

    def forward(self, x: Tensor) -> Tensor:
        x = self.lstm(x)[0]
        return x


class GRU(nn.Module):
    """Gated recurrent units along a sequence: the state at every step.

    (T, width) -> (T, hidden)
    """

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.gru = nn.GRU(width, hidden, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        x = self.gru(x)[0]
        return x


class RNN(nn.Module):
    """Elman's plain recurrence along a sequence: the state at every step.

    (T, width) -> (T, hidden)
    """

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.rnn = one_bias(nn.RNN(width, hidden, batch_first=True))

    def forward(self, x: Tensor) -> Tensor:
        x = self.rnn(x)[0]
        return x


def lstm_128_256() -> LSTM:
    """LSTM_128_256: 394,240 parameters, 0.0393 GMACs at 100 x 128."""
    return LSTM(128, 256)


def gru_128_256() -> GRU:
    """GRU_128_256: 296,448 parameters, 0.0295 GMACs at 100 x 128."""
    return GRU(128, 256)


def rnn_128_256() -> RNN:
    """RNN_128_256: 98,560 parameters, 0.0098 GMACs at 100 x 128."""
    return RNN(128, 256)
