class SameConvTranspose1d(nn.ConvTranspose1d):
    """Transposed convolution to size * stride cells; the odd cell is cut at the end."""

    def forward(self, input: Tensor, output_size: list[int] | None = None) -> Tensor:
        x = super().forward(input, output_size)
        for axis, stride in enumerate(self.stride, start=2):
            size = input.shape[axis] * stride
            x = x.narrow(axis, (x.shape[axis] - size) // 2, size)
        return x
