class ChannelLayerNorm(nn.LayerNorm):
    """Layer normalisation over the channels, or over the axis `dim`."""

    def __init__(self, *args: Any, dim: int = 1, **options: Any) -> None:
        super().__init__(*args, **options)
        self.dim = dim

    def forward(self, input: Tensor) -> Tensor:
        x = super().forward(input.movedim(self.dim, -1))
        return x.movedim(-1, self.dim)
