class SameConv3d(nn.Conv3d):
    """Convolution to ceil(size / stride) cells; the odd cell of padding at the end."""

    def forward(self, input: Tensor) -> Tensor:
        x = pad_same(input, self.kernel_size, self.stride, self.dilation)
        return super().forward(x)
