"""Koch, Zemel and Salakhutdinov, Siamese Neural Networks for One-Shot Image
Recognition, 2015.

Generated from siamese.net by `netwright build siamese.net --target torch`.
"""

from torch import Tensor, nn

__all__ = ["Siamese", "Twin", "siamese"]


class Twin(nn.Sequential):
    """The network that both images go through: figure 4.

    (in_channels, H, W) -> (width,), where `in_features` values leave the convolutions
    """

    def __init__(self, in_channels: int, in_features: int, width: int) -> None:
        super().__init__(
            nn.Conv2d(in_channels, 64, 10),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(2),
            nn.Conv2d(64, 128, 7),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(2),
            nn.Conv2d(128, 128, 4),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(2),
            nn.Conv2d(128, 256, 4),
            nn.ReLU(inplace=True),
            nn.Flatten(),
            nn.Linear(in_features, width),
            nn.Sigmoid(),
        )


class Siamese(nn.Module):
    """Probability that two characters are the same one: a weighted L1 distance of two
    codes.

    (1, 105, 105), (1, 105, 105) -> (1,)
    """

    def __init__(self, width: int = 4096) -> None:
        super().__init__()
        self.tower = Twin(1, 256 * 6 * 6, width)
        self.fc = nn.Linear(width, 1)
        self.sigmoid = nn.Sigmoid()
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.normal_(module.weight, std=0.01)
            elif isinstance(module, nn.Linear):
                nn.init.normal_(module.weight, std=0.2)

    def forward(self, left: Tensor, right: Tensor) -> Tensor:
        x: Tensor = (self.tower(left) - self.tower(right)).abs()
        x = self.fc(x)
        x = self.sigmoid(x)
        return x


def siamese(width: int = 4096) -> Siamese:
    """Siamese: 38,951,745 parameters, 1.82 GMACs at two of 1 x 105 x 105."""
    return Siamese(width=width)
