"""Hochreiter and Schmidhuber, Long Short-Term Memory, 1997; with the forget gate of
Gers et al., 1999. Cho et al., Learning Phrase Representations using RNN
Encoder-Decoder, 2014. arXiv:1406.1078. Elman, Finding Structure in Time, 1990.

Counts are PyTorch's, with two biases for each gate; Keras has one, and the function is
the same.

Generated from recurrent.net by `netwright build recurrent.net --target keras`.
"""

import keras
from keras import layers

__all__ = [
    "charactermodel",
    "gru",
    "gru_128_256",
    "lstm",
    "lstm_128_256",
    "rnn",
    "rnn_128_256",
    "stackedlstm",
    "tagger",
    "textlstm",
]


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


def textlstm(
    vocabulary: int = 20_000,
    width: int = 128,
    hidden: int = 256,
    classes: int = 2,
    name: str = "textlstm",
) -> keras.Model:
    """Classifier of token sequences: the last states of both directions decide.

    (T,) -> (classes,)

    TextLSTM: 3,349,506 trainable parameters, 0.157 GMACs at 200 tokens; 3,351,554 with
    the second biases, which Keras adds to the first.
    """
    tokens = keras.Input((None,), dtype="int32", name="tokens")
    x = layers.Embedding(vocabulary, width, name="embed")(tokens)
    x = layers.Bidirectional(layers.LSTM(hidden), name="lstm")(x)
    x = layers.Dropout(0.5)(x)
    x = layers.Dense(classes, name="fc")(x)
    return keras.Model(tokens, x, name=name)


def stackedlstm(
    vocabulary: int = 20_000,
    width: int = 128,
    hidden: int = 256,
    classes: int = 2,
    name: str = "stackedlstm",
) -> keras.Model:
    """The same with two recurrent layers on top of each other.

    (T,) -> (classes,)

    StackedLSTM: 4,924,418 trainable parameters, 0.472 GMACs at 200 tokens; 4,928,514
    with the second biases, which Keras adds to the first.
    """
    tokens = keras.Input((None,), dtype="int32", name="tokens")
    x = layers.Embedding(vocabulary, width, name="embed")(tokens)
    x = layers.Bidirectional(
        layers.LSTM(hidden, return_sequences=True), name="lstm_l0"
    )(x)
    x = layers.Dropout(0.5)(x)
    x = layers.Bidirectional(layers.LSTM(hidden), name="lstm_l1")(x)
    x = layers.Dropout(0.5)(x)
    x = layers.Dense(classes, name="fc")(x)
    return keras.Model(tokens, x, name=name)


def tagger(
    vocabulary: int = 20_000,
    width: int = 100,
    hidden: int = 100,
    tags: int = 9,
    name: str = "tagger",
) -> keras.Model:
    """A label for every token, from both sides of it: names, parts of speech.

    (T,) -> (T, tags)

    Tagger: 2,162,609 trainable parameters, 0.0081 GMACs at 50 tokens; 2,163,409 with
    the second biases, which Keras adds to the first.
    """
    tokens = keras.Input((None,), dtype="int32", name="tokens")
    x = layers.Embedding(vocabulary, width, name="embed")(tokens)
    x = layers.Dropout(0.5)(x)
    x = layers.Bidirectional(layers.LSTM(hidden, return_sequences=True), name="lstm")(x)
    x = layers.Dense(tags, name="fc")(x)
    return keras.Model(tokens, x, name=name)


def charactermodel(
    characters: int = 128, hidden: int = 512, name: str = "charactermodel"
) -> keras.Model:
    """The next character after every character of a text, from those before it.

    (T,) -> (T, characters)

    CharacterModel: 4,329,600 trainable parameters, 0.426 GMACs at 100 tokens; 4,333,696
    with the second biases, which Keras adds to the first.
    """
    text = keras.Input((None,), dtype="int32", name="text")
    x = layers.Embedding(characters, hidden, name="embed")(text)
    x = layers.LSTM(hidden, return_sequences=True, name="lstm_l0")(x)
    x = layers.Dropout(0.5)(x)
    x = layers.LSTM(hidden, return_sequences=True, name="lstm_l1")(x)
    x = layers.Dropout(0.5)(x)
    x = layers.Dense(characters, name="fc")(x)
    return keras.Model(text, x, name=name)


def lstm_128_256() -> keras.Model:
    """LSTM_128_256: 394,240 trainable parameters, 0.0393 GMACs at 100 x 128; 395,264
    with the second biases, which Keras adds to the first.
    """
    return lstm(128, 256, name="lstm_128_256")


def gru_128_256() -> keras.Model:
    """GRU_128_256: 296,448 trainable parameters, 0.0295 GMACs at 100 x 128."""
    return gru(128, 256, name="gru_128_256")


def rnn_128_256() -> keras.Model:
    """RNN_128_256: 98,560 trainable parameters, 0.0098 GMACs at 100 x 128; 98,816 with
    the second biases, which Keras adds to the first.
    """
    return rnn(128, 256, name="rnn_128_256")
