"""Simonyan and Zisserman, Very Deep Convolutional Networks for Large-Scale Image
Recognition, 2014. arXiv:1409.1556, table 1. As keras.applications has it, layer names
and counts too.

Generated from vgg.net by `netwright build vgg.net --target torch`.
"""

from collections.abc import Sequence

from torch import Tensor, nn

__all__ = ["VGG", "Stage", "vgg16", "vgg19"]


class Stage(nn.Module):
    """Convolutions of one width, then half the resolution.

    (in_channels, H, W) -> (channels, H // 2, W // 2)
    """

    def __init__(self, in_channels: int, width: int, depth: int) -> None:
        super().__init__()
        self.depth = depth
        channels = in_channels
        for i in range(depth):
            self.add_module(f"conv{i + 1}", nn.Conv2d(channels, width, 3, padding=1))
            channels = width
        self.relu = nn.ReLU(inplace=True)
        self.pool = nn.MaxPool2d(2)
        self.out_channels = channels

    def forward(self, x: Tensor) -> Tensor:
        for i in range(self.depth):
            x = self.get_submodule(f"conv{i + 1}")(x)
            x = self.relu(x)
        x = self.pool(x)
        return x


class VGG(nn.Module):
    """Five stages, then three fully connected layers: columns D and E.

    (3, 224, 224) -> (classes,)
    """

    def __init__(self, depths: Sequence[int], classes: int = 1000) -> None:
        super().__init__()
        self.depths = depths
        channels = 3
        height = 224
        columns = 224
        for i, n in enumerate(depths):
            block = Stage(channels, min(64 * 2**i, 512), n)
            self.add_module(f"block{i + 1}", block)
            channels = block.out_channels
            height = height // 2
            columns = columns // 2
        self.fc1 = nn.Linear(channels * height * columns, 4096)
        self.relu = nn.ReLU(inplace=True)
        self.fc2 = nn.Linear(4096, 4096)
        self.predictions = nn.Linear(4096, classes)
        self.softmax = nn.Softmax(dim=1)
        for module in self.modules():
            if isinstance(module, nn.Conv2d | nn.Linear):
                nn.init.xavier_uniform_(module.weight)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)

    def forward(self, x: Tensor) -> Tensor:
        for i in range(len(self.depths)):
            x = self.get_submodule(f"block{i + 1}")(x)
        x = x.flatten(1)
        x = self.fc1(x)
        x = self.relu(x)
        x = self.fc2(x)
        x = self.relu(x)
        x = self.predictions(x)
        x = self.softmax(x)
        return x


def vgg16(classes: int = 1000) -> VGG:
    """VGG16: 138,357,544 parameters, 15.5 GMACs at 3 x 224 x 224."""
    return VGG([2, 2, 3, 3, 3], classes=classes)


def vgg19(classes: int = 1000) -> VGG:
    """VGG19: 143,667,240 parameters, 19.6 GMACs at 3 x 224 x 224."""
    return VGG([2, 2, 4, 4, 4], classes=classes)
