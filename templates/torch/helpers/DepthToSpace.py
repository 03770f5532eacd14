class DepthToSpace(nn.Module):
    """Channels become squares of n x n cells, the places of a square behind each other
    row by row.
    """

    def __init__(self, n: int) -> None:
        super().__init__()
        self.n = n

    def forward(self, x: Tensor) -> Tensor:
        _, channels, height, width = x.shape
        n = self.n
        x = x.reshape(-1, n, n, channels // (n * n), height, width)
        x = x.permute(0, 3, 4, 1, 5, 2)
        return x.reshape(-1, channels // (n * n), height * n, width * n)
