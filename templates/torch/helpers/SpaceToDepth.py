class SpaceToDepth(nn.Module):
    """Each square of n x n cells becomes channels, its places behind each other: row by
    row, or column by column.
    """

    def __init__(self, n: int, order: str = "row") -> None:
        super().__init__()
        self.n = n
        self.order = (3, 5) if order == "row" else (5, 3)

    def forward(self, x: Tensor) -> Tensor:
        _, channels, height, width = x.shape
        n = self.n
        x = x.reshape(-1, channels, height // n, n, width // n, n)
        x = x.permute(0, *self.order, 1, 2, 4)
        return x.reshape(-1, n * n * channels, height // n, width // n)
