class PadCeil(nn.Module):
    """Pads at the end, so that a window reaches the last cells; none starts in `behind`,
    the cells of padding that are there already.
    """

    def __init__(
        self,
        kernel: int | tuple[int, ...],
        stride: int | tuple[int, ...] = 1,
        dilation: int | tuple[int, ...] = 1,
        *,
        behind: tuple[int, ...],
        value: float = 0.0,
    ) -> None:
        super().__init__()
        self.window = (kernel, stride, dilation)
        self.behind = behind
        self.value = value

    def forward(self, x: Tensor) -> Tensor:
        pads: list[int] = []
        for axis in reversed(range(len(self.behind))):
            k, s, d = (n if isinstance(n, int) else n[axis] for n in self.window)
            size, span = x.shape[axis + 2], d * (k - 1) + 1
            cells = min((size - span + s - 1) // s, (size - self.behind[axis] - 1) // s)
            pads += [0, cells * s + span - size]
        return F.pad(x, pads, value=self.value)
