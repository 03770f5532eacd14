class LocalConv(nn.Module):
    """Convolution with weights of its own at every place; `size` is the input's."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel: int | tuple[int, ...],
        *,
        size: tuple[int, ...],
        stride: int | tuple[int, ...] = 1,
        pad: int | str | tuple[int | tuple[int, int], ...] = 0,
        bias: bool = True,
    ) -> None:
        super().__init__()
        axes = range(len(size))
        kernels = [kernel if isinstance(kernel, int) else kernel[i] for i in axes]
        strides = [stride if isinstance(stride, int) else stride[i] for i in axes]
        self.windows = list(zip(kernels, strides, strict=True))
        if isinstance(pad, str):  # "same"
            rows = zip(size, self.windows, strict=True)
            more = [max((n - 1) // s * s + k - n, 0) for n, (k, s) in rows]
            pairs = [(n // 2, n - n // 2) for n in more]
        else:
            ends = [pad if isinstance(pad, int) else pad[i] for i in axes]
            pairs = [(n, n) if isinstance(n, int) else n for n in ends]
        self.pads = [cells for pair in reversed(pairs) for cells in pair]
        sides = zip(size, self.windows, pairs, strict=True)
        places = [(n + sum(pair) - k) // s + 1 for n, (k, s), pair in sides]
        self.weight = nn.Parameter(
            torch.empty(out_channels, in_channels, *places, *kernels)
        )
        bound = (in_channels * math.prod(kernels)) ** -0.5
        nn.init.uniform_(self.weight, -bound, bound)
        self.bias: nn.Parameter | None = None
        if bias:
            self.bias = nn.Parameter(torch.empty(out_channels, *places))
            nn.init.uniform_(self.bias, -bound, bound)

    def forward(self, x: Tensor) -> Tensor:
        x = F.pad(x, self.pads)
        for axis, (kernel, stride) in enumerate(self.windows, start=2):
            x = x.unfold(axis, kernel, stride)
        first = 2 + len(self.windows)
        weight = self.weight.flatten(first)
        x = torch.einsum("nc...k,oc...k->no...", x.flatten(first), weight)
        return x if self.bias is None else x + self.bias
