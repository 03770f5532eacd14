def crop_axes(x: KerasTensor, *, like: KerasTensor) -> KerasTensor:
    """The centre of a sequence or volume, in the sizes of another."""
    extra = [a - b for a, b in zip(x.shape[1:-1], like.shape[1:-1], strict=True)]
    cuts = [(n // 2, n - n // 2) for n in extra]
    if len(cuts) == 1:
        return layers.Cropping1D(cuts[0])(x)
    return layers.Cropping3D(cuts)(x)
