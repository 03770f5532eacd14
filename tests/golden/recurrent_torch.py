"""Hochreiter and Schmidhuber, Long Short-Term Memory, 1997; with the forget gate of
Gers et al., 1999. Cho et al., Learning Phrase Representations using RNN
Encoder-Decoder, 2014. arXiv:1406.1078. Elman, Finding Structure in Time, 1990.

Counts are PyTorch's, with two biases for each gate; Keras has one, and the function is
the same.

Generated from recurrent.net by `netwright build recurrent.net --target torch`.
"""

import torch
from torch import Tensor, nn

__all__ = [
    "GRU",
    "LSTM",
    "RNN",
    "CharacterModel",
    "StackedLSTM",
    "Tagger",
    "TextLSTM",
    "charactermodel",
    "gru_128_256",
    "lstm_128_256",
    "rnn_128_256",
    "stackedlstm",
    "tagger",
    "textlstm",
]


class LSTM(nn.Module):
    """Long short-term memory along a sequence: the state at every step.

    (T, width) -> (T, hidden)
    """

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.lstm = nn.LSTM(width, hidden, batch_first=True)

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
        self.rnn = nn.RNN(width, hidden, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        x = self.rnn(x)[0]
        return x


class TextLSTM(nn.Module):
    """Classifier of token sequences: the last states of both directions decide.

    (T,) -> (classes,)
    """

    def __init__(
        self,
        vocabulary: int = 20_000,
        width: int = 128,
        hidden: int = 256,
        classes: int = 2,
    ) -> None:
        super().__init__()
        self.embed = nn.Embedding(vocabulary, width)
        self.lstm = nn.LSTM(width, hidden, batch_first=True, bidirectional=True)
        self.dropout = nn.Dropout(0.5)
        self.fc = nn.Linear(2 * hidden, classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.embed(x)
        _, (state, _) = self.lstm(x)
        x = torch.cat([state[-2], state[-1]], dim=1)
        x = self.dropout(x)
        x = self.fc(x)
        return x


class StackedLSTM(nn.Module):
    """The same with two recurrent layers on top of each other.

    (T,) -> (classes,)
    """

    def __init__(
        self,
        vocabulary: int = 20_000,
        width: int = 128,
        hidden: int = 256,
        classes: int = 2,
    ) -> None:
        super().__init__()
        self.embed = nn.Embedding(vocabulary, width)
        self.lstm = nn.LSTM(
            width,
            hidden,
            num_layers=2,
            batch_first=True,
            dropout=0.5,
            bidirectional=True,
        )
        self.dropout = nn.Dropout(0.5)
        self.fc = nn.Linear(2 * hidden, classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.embed(x)
        _, (state, _) = self.lstm(x)
        x = torch.cat([state[-2], state[-1]], dim=1)
        x = self.dropout(x)
        x = self.fc(x)
        return x


class Tagger(nn.Module):
    """A label for every token, from both sides of it: names, parts of speech.

    (T,) -> (T, tags)
    """

    def __init__(
        self,
        vocabulary: int = 20_000,
        width: int = 100,
        hidden: int = 100,
        tags: int = 9,
    ) -> None:
        super().__init__()
        self.embed = nn.Embedding(vocabulary, width)
        self.dropout = nn.Dropout(0.5)
        self.lstm = nn.LSTM(width, hidden, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(2 * hidden, tags)

    def forward(self, x: Tensor) -> Tensor:
        x = self.embed(x)
        x = self.dropout(x)
        x = self.lstm(x)[0]
        x = self.fc(x)
        return x


class CharacterModel(nn.Module):
    """The next character after every character of a text, from those before it.

    (T,) -> (T, characters)
    """

    def __init__(self, characters: int = 128, hidden: int = 512) -> None:
        super().__init__()
        self.embed = nn.Embedding(characters, hidden)
        self.lstm = nn.LSTM(hidden, hidden, num_layers=2, batch_first=True, dropout=0.5)
        self.dropout = nn.Dropout(0.5)
        self.fc = nn.Linear(hidden, characters)

    def forward(self, x: Tensor) -> Tensor:
        x = self.embed(x)
        x = self.lstm(x)[0]
        x = self.dropout(x)
        x = self.fc(x)
        return x


def lstm_128_256() -> LSTM:
    """LSTM_128_256: 395,264 parameters, 0.0393 GMACs at 100 x 128."""
    return LSTM(128, 256)


def gru_128_256() -> GRU:
    """GRU_128_256: 296,448 parameters, 0.0295 GMACs at 100 x 128."""
    return GRU(128, 256)


def rnn_128_256() -> RNN:
    """RNN_128_256: 98,816 parameters, 0.0098 GMACs at 100 x 128."""
    return RNN(128, 256)


def textlstm(
    vocabulary: int = 20_000, width: int = 128, hidden: int = 256, classes: int = 2
) -> TextLSTM:
    """TextLSTM: 3,351,554 parameters, 0.157 GMACs at 200 tokens."""
    return TextLSTM(vocabulary=vocabulary, width=width, hidden=hidden, classes=classes)


def stackedlstm(
    vocabulary: int = 20_000, width: int = 128, hidden: int = 256, classes: int = 2
) -> StackedLSTM:
    """StackedLSTM: 4,928,514 parameters, 0.472 GMACs at 200 tokens."""
    return StackedLSTM(
        vocabulary=vocabulary, width=width, hidden=hidden, classes=classes
    )


def tagger(
    vocabulary: int = 20_000, width: int = 100, hidden: int = 100, tags: int = 9
) -> Tagger:
    """Tagger: 2,163,409 parameters, 0.0081 GMACs at 50 tokens."""
    return Tagger(vocabulary=vocabulary, width=width, hidden=hidden, tags=tags)


def charactermodel(characters: int = 128, hidden: int = 512) -> CharacterModel:
    """CharacterModel: 4,333,696 parameters, 0.426 GMACs at 100 tokens."""
    return CharacterModel(characters=characters, hidden=hidden)
