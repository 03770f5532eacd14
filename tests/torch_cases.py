"""One use of a layer a line, for each layer, argument and rank: what tests of emission build."""

CASES: dict[str, list[tuple[str, str]]] = {}


def cases(layer: str, inputs: str, *uses: str) -> None:
    """Uses of a layer on inputs, which are sizes such as ``3, 9, 8``, several parted by ``;``."""
    CASES.setdefault(layer, []).extend((inputs, use) for use in uses)


LINE, IMAGE, VOLUME = "4, 11", "4, 9, 8", "4, 7, 6, 5"

for name, rest in (("conv", "8, "), ("depthwise_conv", ""), ("separable_conv", "6, ")):
    cases(
        name,
        IMAGE,
        f"{name}({rest}3)",
        f"{name}({rest}3x2, stride=2x1, pad=0x1, dilation=1x2)",
        f"{name}({rest}3, stride=2, pad=1, bias=false)",
        f"{name}({rest}3, pad=same)",
        f"{name}({rest}4x3, pad=same, dilation=2x1)",
        f"{name}({rest}3, stride=2, pad=same)",
        f"{name}({rest}3x4, stride=3x2, pad=same, bias=false)",
        f"{name}({rest}3, pad=[[1, 1], [1, 1]])",
        f"{name}({rest}3, pad=[[0, 0], [0, 0]])",
        f"{name}({rest}3, pad=[[1, 1], [2, 2]])",
        f"{name}({rest}3, stride=2, pad=[[0, 1], [2, 1]], bias=false)",
    )
    for inputs in (LINE, VOLUME):
        rank = inputs.count(",")
        pairs = ", ".join(["[0, 1]"] * rank)
        cases(
            name,
            inputs,
            f"{name}({rest}3, stride=2, pad=1)",
            f"{name}({rest}2, pad=same)",
            f"{name}({rest}3, stride=2, pad=same)",
            f"{name}({rest}3, pad=[{pairs}])",
        )
cases("conv", IMAGE, "conv(8, 3, groups=4)", "conv(8, 3, groups=2, stride=2, pad=same)")
cases("conv", "1, 9, 8", "conv(8, 1)")
cases("depthwise_conv", IMAGE, "depthwise_conv(3, multiplier=2)")
cases("depthwise_conv", "1, 9, 8", "depthwise_conv(3, multiplier=3, pad=1)")
cases("separable_conv", IMAGE, "separable_conv(6, 3, multiplier=3)")

for inputs in (LINE, IMAGE, VOLUME):
    rank = inputs.count(",")
    pairs = ", ".join(["[0, 1]"] * rank)
    cases(
        "local_conv",
        inputs,
        "local_conv(3, 2)",
        "local_conv(3, 3, stride=2, pad=1, bias=false)",
        "local_conv(3, 3, pad=same)",
        "local_conv(3, 2, stride=2, pad=same)",
        f"local_conv(3, 3, pad=[{pairs}])",
    )
    cases(
        "conv_transpose",
        inputs,
        "conv_transpose(6, 2, stride=2)",
        "conv_transpose(6, 3, stride=2, pad=1, output_pad=1, bias=false)",
        "conv_transpose(6, 3, stride=2, pad=same)",
        "conv_transpose(6, 4, stride=2, pad=same)",
        f"conv_transpose(6, 3, stride=2, pad=[{pairs}])",
        f"conv_transpose(6, 3, stride=2, pad=[{pairs.replace('0, 1', '1, 0')}])",
        f"conv_transpose(6, 3, pad=[{pairs.replace('0, 1', '2, 0')}])",
    )
    cases(
        "max_pool",
        inputs,
        "max_pool(2)",
        "max_pool(2, stride=2)",
        "max_pool(3, stride=2, pad=1)",
        "max_pool(3, stride=2, ceil=true)",
        "max_pool(3, stride=2, pad=1, ceil=true)",
        "max_pool(2, stride=1, dilation=2)",
        "max_pool(3, stride=1, pad=same)",
        "max_pool(2, stride=1, pad=same)",
        "max_pool(3, stride=2, pad=same)",
        f"max_pool(3, stride=2, pad=[{pairs}])",
        f"max_pool(3, stride=2, pad=[{pairs}], ceil=true)",
    )
    cases(
        "avg_pool",
        inputs,
        "avg_pool(2)",
        "avg_pool(3, stride=2, pad=1)",
        "avg_pool(3, stride=2, ceil=true)",
        "avg_pool(3, stride=2, pad=1, ceil=true, count_include_pad=false)",
        "avg_pool(3, stride=1, pad=same)",
        "avg_pool(3, stride=2, pad=same)",
        "avg_pool(3, stride=1, pad=same, count_include_pad=false)",
        "avg_pool(3, stride=2, pad=same, count_include_pad=false)",
        f"avg_pool(3, stride=2, pad=[{pairs}])",
        f"avg_pool(3, stride=2, pad=[{pairs}], count_include_pad=false)",
        f"avg_pool(3, stride=2, pad=[{pairs}], ceil=true)",
        f"avg_pool(3, stride=2, pad=[{pairs}], ceil=true, count_include_pad=false)",
    )
    for name in ("adaptive_avg_pool", "adaptive_max_pool"):
        cases(name, inputs, f"{name}(1)", f"{name}(3)")
    cases("global_avg_pool", inputs, "global_avg_pool")
    cases("global_max_pool", inputs, "global_max_pool")
    cases("upsample", inputs, "upsample(2)", f"upsample(size=[{', '.join('7' * rank)}])")
    cases("pad", inputs, "pad(1)", f"pad([{pairs}])", f"pad([{pairs}], value=1.5)")
    cases("pad", inputs, "pad([[1, 2]], axis=0)", "pad([[1, 2]], axis=last)", "pad(same, kernel=3)")
    cases("pad", inputs, "pad(same, kernel=3, stride=2)", "pad(same, kernel=2, value=0.5)")
    cases("crop", inputs, f"crop([{pairs}])", f"crop([{', '.join(['[2, 1]'] * rank)}])")
    cases("channel_shuffle", inputs, "channel_shuffle(2)")
    cases("spatial_dropout", inputs, "spatial_dropout(0.5)")
    cases(
        "instance_norm", inputs, "instance_norm", "instance_norm(eps=0.01, scale=true, shift=true)"
    )
    cases("instance_norm", inputs, "instance_norm(scale=true)", "instance_norm(shift=true)")
    cases("lrn", inputs, "lrn(5)", "lrn(2, alpha=0.01, beta=0.5, k=2.0)")
cases("local_conv", IMAGE, "local_conv(3, 2x3, stride=1x2, pad=0x1)")
cases("conv_transpose", IMAGE, "conv_transpose(8, 3x2, stride=2x1, pad=1x0, groups=2, dilation=2)")
cases("conv_transpose", IMAGE, "conv_transpose(8, 3, stride=2, pad=1x0, output_pad=1)")
cases(
    "max_pool",
    IMAGE,
    "max_pool(3x2, stride=1x2, pad=1x0)",
    "max_pool(3, stride=1, dilation=2, pad=same)",
)
cases("avg_pool", IMAGE, "avg_pool(3x2, stride=1x2, pad=1x0)")
cases("adaptive_avg_pool", IMAGE, "adaptive_avg_pool(3x2)")
cases("pad", IMAGE, "pad(0x3)", "pad([[0, 0], [1, 1]])", "pad([[2, 0]], axis=1)")
cases("pad", "5", "pad([[1, 2]], axis=0)")
cases("crop", f"{IMAGE}; 3, 6, 5", "crop(like=b)")
cases("crop", f"{LINE}; 3, 6", "crop(like=b)")
cases("crop", f"{VOLUME}; 3, 6, 5, 4", "crop(like=b)")
cases("upsample", IMAGE, "upsample(2x3)", "upsample(2, mode=bilinear)")
cases("upsample", IMAGE, "upsample(size=[13, 10], mode=bilinear, corners=true)")
cases("upsample", IMAGE, "upsample(2, mode=bicubic)", "upsample(size=[18, 16])")
cases("upsample", f"{IMAGE}; 3, 12, 11", "upsample(like=b)", "upsample(like=b, mode=bilinear)")
cases("spatial_dropout", "5", "spatial_dropout(0.5)")

for inputs in ("5", LINE, IMAGE, VOLUME):
    cases(
        "batch_norm",
        inputs,
        "batch_norm",
        "batch_norm(eps=0.001, momentum=0.01)",
        "batch_norm(scale=false, shift=false)",
        "batch_norm(scale=false)",
        "batch_norm(shift=false)",
    )
    cases("frozen_batch_norm", inputs, "frozen_batch_norm", "frozen_batch_norm(eps=0.001)")
    cases("l2_normalize", inputs, "l2_normalize", "l2_normalize(eps=0.1)")
    cases("layer_norm", inputs, "layer_norm(axis=0)", "layer_norm(axis=0, eps=0.1, scale=false)")
    cases("stochastic_depth", inputs, "stochastic_depth(0.3)")
    cases("dropout", inputs, "dropout", "dropout(0.2)")
    cases("prelu", inputs, "prelu", "prelu(shared=true)")
    cases("flatten", inputs, "flatten", "flatten(from=last)")
for inputs in (LINE, IMAGE, VOLUME):
    cases("group_norm", inputs, "group_norm(2)", "group_norm(4, eps=0.001)")
    cases("flatten", inputs, "flatten(from=1)")
    for name in ("sum", "mean", "max"):
        cases(name, inputs, name, f"{name}(axis=1)", f"{name}(axis=last)")
    cases("select", inputs, "select(1)", "select(-1, axis=1)", "select(0, axis=last)")
    cases("slice", inputs, "slice(1, 3)", "slice(0, 2, axis=1)", "slice(1, 5, axis=last)")
cases("select", "4, 5", "select(2)")
cases("lrn", VOLUME, "permute(2, 1, 0, 3) -> lrn(2)")

SEQUENCE = "6, 8"
cases("layer_norm", SEQUENCE, "layer_norm", "layer_norm(eps=0.001)", "layer_norm(shift=false)")
cases("layer_norm", SEQUENCE, "layer_norm(scale=false)", "layer_norm(scale=false, shift=false)")
cases("layer_norm", IMAGE, "permute(1, 2, 0) -> layer_norm(axis=1)")
cases("rms_norm", SEQUENCE, "rms_norm", "rms_norm(eps=0.01)")
cases("linear", "8", "linear(5)", "linear(5, bias=false)")
cases("linear", SEQUENCE, "linear(5)")
cases("embedding", "7: int(11)", "embedding(5)")
for name in ("lstm", "gru", "rnn"):
    cases(
        name,
        SEQUENCE,
        f"{name}(5)",
        f"{name}(5, return=last)",
        f"{name}(5, bidirectional=true)",
        f"{name}(5, bidirectional=true, return=last)",
        f"{name}(5, layers=2, dropout=0.1)",
        f"{name}(5, layers=2, bidirectional=true, return=last, biases=1)",
        f"{name}(5, biases=1, dropout=0.1)",
    )
cases("rnn", SEQUENCE, "rnn(5, activation=relu)")
cases("attention", SEQUENCE, "attention(2)", "attention(2, bias=false, dropout=0.1)")
cases("attention", SEQUENCE, "attention(2, causal=true)")
cases("attention", "6, 8; 5, 8; 5, 8", "attention(4) [ a, b, c ]")
cases("attention", "6, 8; 5, 8; 5, 8", "attention(4, causal=true) [ a, b, c ]")
cases("scale", IMAGE, "scale(0.5)", "scale(2)")
cases("permute", IMAGE, "permute(1, 2, 0)", "permute(0, 2, 1)")
cases("permute", LINE, "permute(1, 0)")
cases("reshape", IMAGE, "reshape(2, 2, 72)", "reshape([288])", "reshape(8, 36)")
for n in (1, 2):
    cases("space_to_depth", "8, 6, 4", f"space_to_depth({n})", f"space_to_depth({n}, order=column)")
    for name in ("depth_to_space", "pixel_shuffle", "reorg"):
        cases(name, "8, 6, 4", f"{name}({n})")


FOUR = "[0.1, 0.2, 0.3, 0.4], [1, 2, 0.5, 0.25]"
cases("normalize", IMAGE, f"normalize({FOUR})", "normalize(mean=[1, 2, 3, 4], std=[1, 2, 3, 4])")
cases("resize", IMAGE, "resize([12, 5])", "resize([7])", "resize(shorter=12)")
cases("resize", IMAGE, "resize(shorter=20, longer=21)", "resize(shorter=3, longer=50)")
cases("pad_to", IMAGE, "pad_to(4)", "pad_to(1)", "pad_to(20)")
cases("cells", "6, 3, 4", "cells(2)", "cells(6)", "cells(1)")
for inputs in (LINE, IMAGE, VOLUME):
    cases("normalize", inputs, f"normalize({FOUR})")

for inputs in ("5", SEQUENCE, IMAGE):
    two, three = f"{inputs}; {inputs}", f"{inputs}; {inputs}; {inputs}"
    for name in ("add", "mul", "max", "min", "mean"):
        cases(name, two, f"{name} [ a, b ]")
        cases(name, three, f"{name} [ a, b, c ]")
    for name in ("sub", "l1_distance"):
        cases(name, two, f"{name} [ a, b ]")
    for name in ("concat", "stack"):
        cases(name, two, f"{name} [ a, b ]", f"{name}(axis=last) [ a, b, a ]")
cases("concat", f"{IMAGE}; 4, 2, 8", "concat(axis=1) [ a, b ]")
cases("stack", "4, 5; 4, 5", "stack(axis=1) [ a, b ]")
cases("mul", f"{IMAGE}; 4", "mul [ a, b ]", "mul [ b, a ]")
cases("mul", f"{IMAGE}; 4, 1, 1", "mul [ a, b ]")
cases("mul", f"{LINE}; 4; 4", "mul [ a, b, c ]")
cases("l2_distance", "5; 5", "l2_distance [ a, b ]")
cases("matmul", "3, 4; 4, 5", "matmul [ a, b ]")
cases("matmul", "2, 3, 4; 2, 4, 5", "matmul [ a, b ]")
cases("list", "3, 4; 3, 4", "list [ a, b ] -> concat")

PLAIN = (
    "relu relu6 leaky_relu elu selu gelu silu mish softplus sigmoid hard_sigmoid hard_swish tanh "
    "softmax log_softmax identity"
)
for name in PLAIN.split():
    cases(name, "5", name)
    cases(name, IMAGE, name)
cases("leaky_relu", IMAGE, "leaky_relu(0.1)", "leaky_relu(slope=0)")
cases("elu", IMAGE, "elu(alpha=0.5)")
cases("gelu", IMAGE, "gelu(approximate=true)")
cases("softmax", IMAGE, "softmax(axis=1)", "softmax(axis=last)")
cases("log_softmax", IMAGE, "log_softmax(axis=2)", "log_softmax(axis=last)")

NAMED_ONLY = [  # learned numbers, which only a label can name, and what is no chain
    ("parameter", "3, 4", "parameter([3, 4])"),
    ("parameter", "3, 4", "parameter([3, 4], init=1.0)"),
    ("parameter", "3, 4", "parameter([3, 4], init=0.5)"),
    ("parameter", "3, 4", "parameter([3, 4], init=normal(std=0.02), batch=true)"),
    ("parameter", "3, 4", "parameter([3, 4], init=truncated_normal(std=0.02))"),
    ("scale", IMAGE, "scale(parameter)"),
    ("scale", IMAGE, "scale(parameter([1], init=0.0))"),
    ("scale", IMAGE, "scale(parameter([4, 1, 1], init=0.1))"),
    ("scale", IMAGE, "scale(parameter([4, 9, 8]))"),
    ("scale", LINE, "scale(parameter)"),
    ("scale", "5", "scale(parameter)"),
]
