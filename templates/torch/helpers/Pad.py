class Pad(nn.Module):
    """Cells before and after each axis, the last axis first."""

    def __init__(self, pads: tuple[int, ...], value: float = 0.0) -> None:
        super().__init__()
        self.pads = pads
        self.value = value

    def forward(self, x: Tensor) -> Tensor:
        return F.pad(x, self.pads, value=self.value)
