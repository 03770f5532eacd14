class PaddedConv1d(nn.Conv1d):
    """Convolution with `pad`, cells of zeros before and after each axis."""

    def __init__(
        self, *args: Any, pad: tuple[tuple[int, int], ...], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.pad = [cells for pair in reversed(pad) for cells in pair]

    def forward(self, input: Tensor) -> Tensor:
        return super().forward(F.pad(input, self.pad))
