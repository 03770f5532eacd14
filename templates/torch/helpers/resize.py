def resize(x: Tensor, shorter: int, longer: int | None = None) -> Tensor:
    """Pictures whose shorter side is of one length, unless the longer one would be too long."""
    sides = x.shape[-2:]
    scale = shorter / min(sides)
    if longer is not None:
        scale = min(scale, longer / max(sides))
    return F.interpolate(
        x, scale_factor=scale, mode="bilinear", recompute_scale_factor=True
    )
