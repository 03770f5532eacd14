class Reorg(nn.Module):
    """Cells become channels as in Darknet, which reads the map under other sizes."""

    def __init__(self, n: int) -> None:
        super().__init__()
        self.n = n

    def forward(self, x: Tensor) -> Tensor:
        _, channels, height, width = x.shape
        n = self.n
        x = x.reshape(-1, channels // (n * n), height, n, width, n)
        x = x.permute(0, 3, 5, 1, 2, 4)
        return x.reshape(-1, n * n * channels, height // n, width // n)
