class PadSame(nn.Module):
    """Pads, so that a window gives ceil(size / stride) cells."""

    def __init__(
        self,
        kernel: int | tuple[int, ...],
        stride: int | tuple[int, ...] = 1,
        dilation: int | tuple[int, ...] = 1,
        value: float = 0.0,
    ) -> None:
        super().__init__()
        self.window = (kernel, stride, dilation)
        self.value = value

    def forward(self, x: Tensor) -> Tensor:
        return pad_same(x, *self.window, value=self.value)
