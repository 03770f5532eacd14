class Crop(nn.Module):
    """Cuts cells off before and after each axis behind the channels."""

    def __init__(self, edges: tuple[tuple[int, int], ...]) -> None:
        super().__init__()
        self.edges = edges

    def forward(self, x: Tensor) -> Tensor:
        for axis, (before, after) in enumerate(self.edges, start=2):
            x = x.narrow(axis, before, x.shape[axis] - before - after)
        return x
