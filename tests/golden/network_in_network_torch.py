"""Lin et al., Network In Network, 2013. arXiv:1312.4400

For CIFAR-10, with the widths of the authors' Caffe files.

Generated from network_in_network.net by `netwright build network_in_network.net
--target torch`.
"""

from torch import Tensor, nn

__all__ = ["Mlpconv", "NetworkInNetwork", "networkinnetwork"]


class Mlpconv(nn.Sequential):
    """A convolution and, in place of more of them, a small perceptron that slides over
    its cells: figure 1b.

    (in_channels, H, W) -> (out, H + 2 * (kernel // 2) + 1 - kernel,
    W + 2 * (kernel // 2) + 1 - kernel)
    """

    def __init__(
        self, in_channels: int, width: int, kernel: int, hidden: int, out: int
    ) -> None:
        super().__init__(
            nn.Conv2d(in_channels, width, kernel, padding=kernel // 2),
            nn.ReLU(inplace=True),
            nn.Conv2d(width, hidden, 1),
            nn.ReLU(inplace=True),
            nn.Conv2d(hidden, out, 1),
            nn.ReLU(inplace=True),
        )


class NetworkInNetwork(nn.Module):
    """Three perceptron layers, and the average of each class's map in place of a linear
    layer: figure 2.

    (3, H, W) -> (classes,)
    """

    def __init__(self, classes: int = 10) -> None:
        super().__init__()
        self.mlp1 = Mlpconv(3, 192, 5, 160, 96)
        self.max_pool = nn.MaxPool2d(3, stride=2, ceil_mode=True)
        self.dropout = nn.Dropout(0.5)
        self.mlp2 = Mlpconv(96, 192, 5, 192, 192)
        self.avg_pool = nn.AvgPool2d(3, stride=2, ceil_mode=True)
        self.mlp3 = Mlpconv(192, 192, 3, 192, classes)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.normal_(module.weight, std=0.05)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)

    def forward(self, x: Tensor) -> Tensor:
        x = self.mlp1(x)
        x = self.max_pool(x)
        x = self.dropout(x)
        x = self.mlp2(x)
        x = self.avg_pool(x)
        x = self.dropout(x)
        x = self.mlp3(x)
        x = x.mean(dim=(2, 3))
        return x


def networkinnetwork(classes: int = 10) -> NetworkInNetwork:
    """NetworkInNetwork: 966,986 parameters, 0.222 GMACs at 3 x 32 x 32."""
    return NetworkInNetwork(classes=classes)
