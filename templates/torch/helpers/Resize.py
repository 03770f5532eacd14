class Resize(nn.Module):
    """Pictures in another size, or so that their sides fit."""

    def __init__(
        self,
        size: int | tuple[int, int] | None = None,
        shorter: int = 0,
        longer: int | None = None,
    ) -> None:
        super().__init__()
        self.size, self.shorter, self.longer = size, shorter, longer

    def forward(self, x: Tensor) -> Tensor:
        if self.size is not None:
            return F.interpolate(x, size=self.size, mode="bilinear")
        sides = x.shape[-2:]
        scale = self.shorter / min(sides)
        if self.longer is not None:
            scale = min(scale, self.longer / max(sides))
        return F.interpolate(
            x, scale_factor=scale, mode="bilinear", recompute_scale_factor=True
        )
