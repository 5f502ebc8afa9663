"""The logo encoder's network, small enough for two hundred windows a picture."""

from itertools import pairwise

from torch import Tensor, nn
from torch.nn import functional

SIDE = 64
DIMENSION = 128
WIDTHS = (24, 48, 96, 192)


class Block(nn.Module):
    """Two convolutions with a residual connection."""

    def __init__(self, before: int, after: int, stride: int) -> None:
        super().__init__()
        self.first = convolution(before, after, stride)
        self.second = convolution(after, after, 1)
        same = stride == 1 and before == after
        self.around = nn.Identity() if same else convolution(before, after, stride, kernel=1)

    def forward(self, x: Tensor) -> Tensor:
        made: Tensor = self.second(functional.relu(self.first(x)))
        return functional.relu(made + self.around(x))


def convolution(before: int, after: int, stride: int, kernel: int = 3) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(before, after, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(after)
    )


class LogoNetwork(nn.Module):
    """`float32[n, 3, SIDE, SIDE]` of 0..255 to unit vectors `float32[n, DIMENSION]`.

    A window is normalised by its mean and contrast, so that a pale logo on a pale ground looks like a black
    one on white. After four stages the last map is not pooled: the positions of a logo's parts tell it from
    others.
    """

    def __init__(self) -> None:
        super().__init__()
        first = WIDTHS[0]
        self.stem = nn.Sequential(convolution(3, first, 2), nn.ReLU())
        stages = [Block(first, first, 1)]
        stages += [Block(a, b, 2) for a, b in pairwise(WIDTHS)]
        self.stages = nn.Sequential(*stages)
        self.narrow = nn.Sequential(convolution(WIDTHS[-1], 64, 1, kernel=1), nn.ReLU())
        self.head = nn.Linear(64 * (SIDE // 16) ** 2, DIMENSION)

    def forward(self, x: Tensor) -> Tensor:
        x = x - x.mean(dim=(2, 3), keepdim=True)
        x = x / (x.square().mean(dim=(1, 2, 3), keepdim=True).sqrt() + 4.0)
        x = self.narrow(self.stages(self.stem(x)))
        return functional.normalize(self.head(x.flatten(1)), dim=1)
