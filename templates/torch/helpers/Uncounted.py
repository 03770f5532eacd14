class Uncounted(nn.Module):
    """A mean pool that does not count the cells that a layer pads."""

    def __init__(self, pad: nn.Module, pool: nn.Module) -> None:
        super().__init__()
        self.pad = pad
        self.pool = pool

    def forward(self, x: Tensor) -> Tensor:
        inside: Tensor = self.pool(self.pad(torch.ones_like(x[:1, :1])))
        mean: Tensor = self.pool(self.pad(x))
        return mean / inside
