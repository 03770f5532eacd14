"""Emitted Keras as it is written: what Keras does anyway is left out, activations are arguments."""

import netwright


def body(text: str) -> str:
    """The emitted Keras of a spec with one net."""
    (net,) = netwright.loads(text).values()
    return net.keras()


HEAD = """
net Head(classes=5) {{
    input image[3, 8, 8]
    {lines}
}}
"""


def test_a_softmax_behind_a_linear_is_its_activation() -> None:
    code = body(HEAD.format(lines="global_avg_pool -> linear(classes) -> softmax"))
    assert 'layers.Dense(classes, activation="softmax", name="1")' in code
    assert "Softmax" not in code


def test_a_softmax_over_channels_is_the_activation_of_a_convolution() -> None:
    code = body(HEAD.format(lines="conv(classes, 1x1) -> softmax"))
    assert 'activation="softmax"' in code


def test_a_softmax_over_the_steps_of_a_sequence_is_a_layer() -> None:
    text = "net Steps {\n    input words[6, 4]\n    linear(3) -> softmax\n}\n"
    assert "layers.Softmax(axis=1)" in body(text)


def test_an_activation_behind_an_indexed_label_is_an_argument() -> None:
    lines = "for i in range(2) {\n conv{i}: conv(4, 3x3)\n relu\n}"
    code = body(HEAD.format(lines=lines))
    assert 'activation="relu", name=f"conv{i}"' in code and "ReLU" not in code


def test_an_activation_behind_a_label_that_is_read_is_a_layer() -> None:
    lines = "for i in range(2) {\n conv{i}: conv(3, 1x1)\n relu\n}\n add [ _, conv0 ]"
    assert "layers.ReLU()" in body(HEAD.format(lines=lines))


def test_starts_that_are_keras_s_own_are_left_out() -> None:
    lines = "conv(4, 3x3) -> batch_norm(init=ones, bias_init=zeros) -> flatten -> linear(classes)"
    starts = "init=glorot_uniform, bias_init=zeros"
    code = body(f"set conv({starts}), linear({starts})\n{HEAD.format(lines=lines)}")
    assert "initializer" not in code


def test_starts_that_are_not_keras_s_own_are_said() -> None:
    code = body("set gru(init=glorot_uniform), embedding(init=glorot_uniform)\n" + GRU)
    assert code.count('"glorot_uniform"') == 2


GRU = """
net Memory {
    input words[T=6]: int(9)
    embedding(4) -> gru(3)
}
"""
