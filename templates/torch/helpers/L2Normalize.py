class L2Normalize(nn.Module):
    """The channels at each place over their length."""

    def __init__(self, eps: float = 1e-12) -> None:
        super().__init__()
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        return F.normalize(x, eps=self.eps)
