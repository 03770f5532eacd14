class StochasticDepth(nn.Module):
    """In training an example is 0 with chance `p`, else over `1 - p`."""

    def __init__(self, p: float) -> None:
        super().__init__()
        self.p = p

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or self.p == 0:
            return x
        keep = x.new_ones(x.shape[0], *[1] * (x.dim() - 1))
        return x * F.dropout(keep, self.p)
