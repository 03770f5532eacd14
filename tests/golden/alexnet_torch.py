"""Krizhevsky et al., ImageNet Classification with Deep Convolutional Neural Networks,
2012, as Caffe's bvlc_alexnet has it.

Krizhevsky, One Weird Trick for Parallelizing Convolutional Neural Networks, 2014.
arXiv:1404.5997, as torchvision has it.

Generated from alexnet.net by `netwright build alexnet.net --target torch`.
"""

from torch import Tensor, nn

__all__ = ["AlexNet", "TowerNet", "alexnet", "alexnet_paper"]


class AlexNet(nn.Module):
    """Five convolutions and three fully connected layers in one tower, without
    normalisation.

    (3, H, W) -> (classes,)
    """

    def __init__(self, classes: int = 1000) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 64, 11, stride=4, padding=2),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(3, stride=2),
            nn.Conv2d(64, 192, 5, padding=2),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(3, stride=2),
            nn.Conv2d(192, 384, 3, padding=1),
            nn.ReLU(inplace=True),
            nn.Conv2d(384, 256, 3, padding=1),
            nn.ReLU(inplace=True),
            nn.Conv2d(256, 256, 3, padding=1),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(3, stride=2),
        )
        self.adaptive_avg_pool = nn.AdaptiveAvgPool2d(6)
        self.classifier = nn.Sequential(
            nn.Dropout(0.5),
            nn.Linear(9216, 4096),
            nn.ReLU(inplace=True),
            nn.Dropout(0.5),
            nn.Linear(4096, 4096),
            nn.ReLU(inplace=True),
            nn.Linear(4096, classes),
        )

    def forward(self, x: Tensor) -> Tensor:
        x = self.features(x)
        x = self.adaptive_avg_pool(x)
        x = x.flatten(1)
        x = self.classifier(x)
        return x


class TowerNet(nn.Module):
    """Towers that meet at the third convolution only, one for each GPU: figure 2. The
    paper says 224 x 224; its other numbers need 227.

    (3, 227, 227) -> (classes,)
    """

    def __init__(self, towers: int, classes: int = 1000) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 96, 11, stride=4)
        self.relu = nn.ReLU(inplace=True)
        self.lrn = nn.LocalResponseNorm(5)
        self.max_pool = nn.MaxPool2d(3, stride=2)
        self.conv2 = nn.Conv2d(96, 256, 5, padding=2, groups=towers)
        self.conv3 = nn.Conv2d(256, 384, 3, padding=1)
        self.conv4 = nn.Conv2d(384, 384, 3, padding=1, groups=towers)
        self.conv5 = nn.Conv2d(384, 256, 3, padding=1, groups=towers)
        self.fc6 = nn.Linear(256 * 6 * 6, 4096)
        self.dropout = nn.Dropout(0.5)
        self.fc7 = nn.Linear(4096, 4096)
        self.fc8 = nn.Linear(4096, classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv1(x)
        x = self.relu(x)
        x = self.lrn(x)
        x = self.max_pool(x)
        x = self.conv2(x)
        x = self.relu(x)
        x = self.lrn(x)
        x = self.max_pool(x)
        x = self.conv3(x)
        x = self.relu(x)
        x = self.conv4(x)
        x = self.relu(x)
        x = self.conv5(x)
        x = self.relu(x)
        x = self.max_pool(x)
        x = x.flatten(1)
        x = self.fc6(x)
        x = self.relu(x)
        x = self.dropout(x)
        x = self.fc7(x)
        x = self.relu(x)
        x = self.dropout(x)
        x = self.fc8(x)
        return x


def alexnet(classes: int = 1000) -> AlexNet:
    """AlexNet: 61,100,840 parameters, 0.714 GMACs at 3 x 224 x 224."""
    return AlexNet(classes=classes)


def alexnet_paper(classes: int = 1000) -> TowerNet:
    """AlexNet_Paper: 60,965,224 parameters, 0.724 GMACs at 3 x 227 x 227."""
    return TowerNet(2, classes=classes)
