"""ResNet-50 in the text forms of ONNX and NNEF, for the parsers that their own projects have."""


class Text:
    """Writes a graph line by line; each layer gives the name of its result."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.weights: list[tuple[str, list[int]]] = []

    def weight(self, *sizes: int) -> str:
        """A weight of these sizes."""
        self.weights.append((f"w{len(self.weights)}", list(sizes)))
        return self.weights[-1][0]

    def let(self, value: str) -> str:
        """A line that names a value."""
        self.lines.append(f"    x{len(self.lines)} = {value}")
        return f"x{len(self.lines) - 1}"

    def conv(self, x: str, sizes: tuple[int, int, int], stride: int = 1) -> str:
        """A convolution of (out, in, side) without bias, then a normalisation."""
        out, channels, side = sizes
        y = self.convolution(x, self.weight(out, channels, side, side), stride, side // 2)
        return self.norm(y, out)

    def convolution(self, x: str, weight: str, stride: int, pad: int) -> str:
        """A convolution."""
        raise NotImplementedError

    def norm(self, x: str, channels: int) -> str:
        """A normalisation by batches."""
        raise NotImplementedError

    def call(self, name: str, *values: str) -> str:
        """A layer without attributes: `relu` or `add`."""
        raise NotImplementedError

    def pool(self, x: str) -> str:
        """The pool behind the stem."""
        raise NotImplementedError

    def head(self, x: str) -> str:
        """The mean over all places, and the classes."""
        raise NotImplementedError

    def net(self) -> str:
        """The lines of ResNet-50; gives the name of its output."""
        x = self.pool(self.call("relu", self.conv("image", (64, 3, 7), 2)))
        channels = 64
        for stage, depth in enumerate((3, 4, 6, 3)):
            width = 64 * 2**stage
            for block in range(depth):
                stride = 2 if stage and not block else 1
                x, channels = self.bottleneck(x, channels, width, stride), 4 * width
        return self.head(x)

    def bottleneck(self, x: str, channels: int, width: int, stride: int) -> str:
        """Three convolutions and a shortcut."""
        y = self.call("relu", self.conv(x, (width, channels, 1)))
        y = self.call("relu", self.conv(y, (width, width, 3), stride))
        y = self.conv(y, (4 * width, width, 1))
        if stride > 1 or channels != 4 * width:
            x = self.conv(x, (4 * width, channels, 1), stride)
        return self.call("relu", self.call("add", y, x))


class Onnx(Text):
    """The text that `onnx.parser` reads."""

    def convolution(self, x: str, weight: str, stride: int, pad: int) -> str:
        attributes = f"strides=[{stride},{stride}], pads=[{pad},{pad},{pad},{pad}]"
        return self.let(f"Conv <{attributes}> ({x}, {weight})")

    def norm(self, x: str, channels: int) -> str:
        weights = ", ".join(self.weight(channels) for _ in range(4))
        return self.let(f"BatchNormalization ({x}, {weights})")

    def call(self, name: str, *values: str) -> str:
        return self.let(f"{name.capitalize()} ({', '.join(values)})")

    def pool(self, x: str) -> str:
        return self.let(f"MaxPool <kernel_shape=[3,3], strides=[2,2], pads=[1,1,1,1]> ({x})")

    def head(self, x: str) -> str:
        x = self.let(f"Flatten ({self.let(f'GlobalAveragePool ({x})')})")
        weights = f"{self.weight(1000, 2048)}, {self.weight(1000)}"
        return self.let(f"Gemm <transB=1> ({x}, {weights})")


class Nnef(Text):
    """The text that `nnef` reads."""

    def convolution(self, x: str, weight: str, stride: int, pad: int) -> str:
        pads = f"[({pad},{pad}),({pad},{pad})]"
        return self.let(f"conv({x}, {weight}, stride=[{stride},{stride}], padding={pads});")

    def norm(self, x: str, channels: int) -> str:
        weights = ", ".join(self.weight(1, channels) for _ in range(4))
        return self.let(f"batch_normalization({x}, {weights}, epsilon=1e-5);")

    def call(self, name: str, *values: str) -> str:
        return self.let(f"{name}({', '.join(values)});")

    def pool(self, x: str) -> str:
        sides = "size=[1,1,3,3], stride=[1,1,2,2], padding=[(0,0),(0,0),(1,1),(1,1)]"
        return self.let(f"max_pool({x}, {sides}, border='ignore');")

    def head(self, x: str) -> str:
        x = self.let(f"squeeze({self.let(f'mean_reduce({x}, axes=[2,3]);')}, axes=[2,3]);")
        return self.let(f"linear({x}, {self.weight(1000, 2048)}, {self.weight(1, 1000)});")


def onnx() -> str:
    """ResNet-50 for `onnx.parser.parse_model`."""
    text = Onnx()
    out = text.net()
    takes = ", ".join(f"float{sizes} {name}" for name, sizes in text.weights)
    head = f'<ir_version: 8, opset_import: ["" : 17]>\nresnet (float[1,3,224,224] image, {takes})'
    return "\n".join([f"{head} => (float[1,1000] {out})", "{", *text.lines, "}"])


def nnef() -> str:
    """ResNet-50 for `nnef.parse_string`."""
    text = Nnef()
    out = text.net()
    weights = [
        f"    {name} = variable<scalar>(label='{name}', shape={sizes});"
        for name, sizes in text.weights
    ]
    first = "    image = external<scalar>(shape=[1,3,224,224]);"
    body = [first, *weights, *text.lines]
    return "\n".join(["version 1.0;", f"graph resnet(image) -> ({out})", "{", *body, "}"])
