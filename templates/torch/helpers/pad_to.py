def pad_to(x: Tensor, multiple: int) -> Tensor:
    """Zeros below and at the right, up to a multiple of cells."""
    height, width = x.shape[-2:]
    return F.pad(x, (0, -width % multiple, 0, -height % multiple))
