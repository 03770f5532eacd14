class TrimmedConvTranspose3d(nn.ConvTranspose3d):
    """Transposed convolution less `trim`, cells before and after each axis."""

    def __init__(
        self, *args: Any, trim: tuple[tuple[int, int], ...], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.trim = trim

    def forward(self, input: Tensor, output_size: list[int] | None = None) -> Tensor:
        x = super().forward(input, output_size)
        for axis, (before, after) in enumerate(self.trim, start=2):
            x = x.narrow(axis, before, x.shape[axis] - before - after)
        return x
