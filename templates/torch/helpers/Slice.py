class Slice(nn.Module):
    """The part of an axis from one place up to another."""

    def __init__(self, start: int, end: int, dim: int) -> None:
        super().__init__()
        self.start = start
        self.length = end - start
        self.dim = dim

    def forward(self, x: Tensor) -> Tensor:
        return x.narrow(self.dim, self.start, self.length)
