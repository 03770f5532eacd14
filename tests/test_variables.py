"""What tensors are called in emitted code."""

import netwright

CELL = """
block cell(previous: tensor, width) {
    conv_1: conv(width, 1x1)
    norm_1: batch_norm
    let newer = _
    previous -> relu
    conv_2: conv(width, 1x1)
    let older = _
    add [ newer -> tanh, older -> tanh ]
    add [ _, newer ]
}

net Cells {
    input image[3, 8, 8]
    stem: conv(4, 1x1)
    cell(stem, 4)
}
"""
FLAGGED = """
block fitted(previous: tensor, fits=true) {
    relu
    let newer = _
    previous
    if fits { conv: conv(4, 1x1) }
    let older = _
    add [ newer, older ]
    relu
}

net Flagged {
    input image[3, 8, 8]
    stem: conv(4, 1x1)
    fitted(stem)
}
"""


def test_a_tensor_that_only_a_let_names_has_that_name_alone() -> None:
    net = netwright.loads(CELL)["Cells"]
    assert "\n        newer = self.norm_1(x)\n" in net.torch()
    assert '\n    newer = BatchNorm(name=f"{name}_norm_1")(x)\n' in net.keras()


def test_a_flow_that_goes_on_from_other_tensors_is_called_x_again() -> None:
    code = netwright.loads(FLAGGED)["Flagged"].torch()
    assert "x = newer + older" in code
    assert "return x" in code and "return previous" not in code
