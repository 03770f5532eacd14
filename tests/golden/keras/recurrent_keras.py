"""Hochreiter and Schmidhuber, Long Short-Term Memory, 1997; with the forget gate of
Gers et al., 1999. Cho et al., Learning Phrase Representations using RNN
Encoder-Decoder, 2014. arXiv:1406.1078. Elman, Finding Structure in Time, 1990.

Counts are those of Keras's layers, with one bias for each gate; its GRU alone has two.

Generated from recurrent.net by `netwright build recurrent.net --target keras`.
"""

import keras
from keras import layers

__all__ = ["gru", "gru_128_256", "lstm", "lstm_128_256", "rnn", "rnn_128_256"]


def lstm(width: int, hidden: int, name: str = "lstm") -> keras.Model:
    """Long short-term memory along a sequence: the state at every step.

    (T, width) -> (T, hidden)
    """
    sequence = keras.Input((None, width), name="sequence")
    x = layers.LSTM(hidden, return_sequences=True, name="lstm")(sequence)
    return keras.Model(sequence, x, name=name)


def gru(width: int, hidden: int, name: str = "gru") -> keras.Model:
    """Gated recurrent units along a sequence: the state at every step.

    (T, width) -> (T, hidden)
    """
    sequence = keras.Input((None, width), name="sequence")
    x = layers.GRU(hidden, return_sequences=True, name="gru")(sequence)
    return keras.Model(sequence, x, name=name)


def rnn(width: int, hidden: int, name: str = "rnn") -> keras.Model:
    """Elman's plain recurrence along a sequence: the state at every step.

    (T, width) -> (T, hidden)
    """
    sequence = keras.Input((None, width), name="sequence")
    x = layers.SimpleRNN(hidden, return_sequences=True, name="rnn")(sequence)
    return keras.Model(sequence, x, name=name)


def lstm_128_256() -> keras.Model:
    """LSTM_128_256: 394,240 trainable parameters, 0.0393 GMACs at 100 x 128."""
    return lstm(128, 256, name="lstm_128_256")


def gru_128_256() -> keras.Model:
    """GRU_128_256: 296,448 trainable parameters, 0.0295 GMACs at 100 x 128."""
    return gru(128, 256, name="gru_128_256")


def rnn_128_256() -> keras.Model:
    """RNN_128_256: 98,560 trainable parameters, 0.0098 GMACs at 100 x 128."""
    return rnn(128, 256, name="rnn_128_256")
