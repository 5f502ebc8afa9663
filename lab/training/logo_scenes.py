"""Draws logos on scenes as fast as training consumes them: a batch at a time, in torch.

One generator draws everything, so that a seed gives the same scenes again.
"""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from lab.training.logo_network import SIDE

CLEAN = 0.8  # share of the window that a clean logo's longer side takes


@dataclass
class Scenes:
    """`masks uint8[n, side, side]` of logos, `grounds uint8[m, 3, side, side]` of photographs."""

    masks: Tensor
    grounds: Tensor
    dice: torch.Generator

    def uniform(self, count: int, low: float, high: float) -> Tensor:
        return low + (high - low) * torch.rand(count, generator=self.dice)

    def chance(self, count: int, share: float) -> Tensor:
        return torch.rand(count, generator=self.dice) < share

    def pick(self, count: int, of: int) -> Tensor:
        return torch.randint(of, (count,), generator=self.dice)

    def ink(self, numbers: Tensor) -> Tensor:
        return self.masks[numbers].float().unsqueeze(1) / 255

    def clean(self, numbers: Tensor) -> Tensor:
        """Returns the logos black on white, or in negative."""
        count = len(numbers)
        laid = place(self.ink(numbers), scaling(torch.full((count, 2), CLEAN)))
        flip = self.chance(count, 0.5).float()[:, None, None, None]
        shade = laid * (1 - flip) + (1 - laid) * flip
        return (1 - shade).expand(-1, 3, -1, -1) * 255

    def ground(self, count: int) -> Tensor:
        """Returns photographs, each cut from a random place at a random size; a quarter are plain."""
        chosen = self.grounds[self.pick(count, len(self.grounds))].float() / 255
        frames = scaling(1 / self.uniform(count * 2, 0.45, 1.0).reshape(count, 2))
        frames[:, 0, 2], frames[:, 1, 2] = self.uniform(2 * count, -0.5, 0.5).reshape(2, count)
        made = place(chosen, frames, padding="reflection")
        plain = self.uniform(3 * count, 0, 1).reshape(count, 3, 1, 1).expand_as(made)
        return torch.where(self.chance(count, 0.25)[:, None, None, None], plain, made)

    def shown(self, numbers: Tensor) -> Tensor:
        """Returns each logo somewhere in a window, at any colour, size and tilt; some are see-through,
        blurred, or have another logo beside them.
        """
        count = len(numbers)
        made = self.ground(count)
        beside = self.chance(count, 0.12).float()[:, None, None, None]
        other = place(self.ink(self.pick(count, len(self.masks))), self.frames(count, far=True))
        made = self.inked(made, other * beside)
        made = self.inked(made, place(self.ink(numbers), self.frames(count)))
        return self.seen(made) * 255

    def frames(self, count: int, *, far: bool = False) -> Tensor:
        """Returns the positions of logos: matrices from a logo's square (-1..1) to the window's."""
        size = self.uniform(count, 0.54, 1.0)
        squeeze = torch.where(
            self.chance(count, 0.5), torch.ones(count), self.uniform(count, 0.62, 1.0)
        )
        wide = self.chance(count, 0.5).float()
        sides = torch.stack(
            [size * (wide + (1 - wide) * squeeze), size * (1 - wide + wide * squeeze)], 1
        )
        turn = self.uniform(count, -0.15, 0.15)
        turn = torch.where(self.chance(count, 0.15), self.uniform(count, -0.7, 0.7), turn)
        slack = (1 - size).clamp(min=0.06) + 0.12
        shift = self.uniform(2 * count, -1, 1).reshape(2, count) * slack
        if far:
            shift = shift.sign() * self.uniform(2 * count, 0.8, 1.4).reshape(2, count)
        frames = scaling(sides)
        cos, sin = turn.cos(), turn.sin()
        spin = torch.zeros(count, 3, 3)
        spin[:, 0, 0], spin[:, 0, 1], spin[:, 1, 0], spin[:, 1, 1] = cos, -sin, sin, cos
        spin[:, 2, 2] = 1
        lean = torch.eye(3).repeat(count, 1, 1)
        tilted = self.chance(count, 0.4).float()
        lean[:, 2, :2] = (self.uniform(2 * count, -0.3, 0.3).reshape(2, count) * tilted).T
        frames = lean @ spin @ frames
        frames[:, :2, 2] += shift.T
        return frames

    def inked(self, ground: Tensor, ink: Tensor) -> Tensor:
        """Inks each logo in one colour, far enough from the colours beneath it."""
        count = len(ground)
        colour = self.uniform(3 * count, 0, 1).reshape(count, 3)
        grey = self.chance(count, 0.3)[:, None]
        colour = torch.where(grey, colour[:, :1].expand_as(colour), colour)
        area = ink.sum(dim=(2, 3)).clamp(min=1)
        under = (ground * ink).sum(dim=(2, 3)) / area
        near = (colour - under).abs().max(dim=1, keepdim=True).values < 0.25
        away = torch.where(under > 0.5, under - 0.45, under + 0.45)
        colour = torch.where(near, away.clamp(0, 1), colour)
        solid = torch.where(
            self.chance(count, 0.75), torch.ones(count), self.uniform(count, 0.55, 1.0)
        )
        cover = ink * solid[:, None, None, None]
        return ground * (1 - cover) + colour[:, :, None, None] * cover

    def seen(self, made: Tensor) -> Tensor:
        """Degrades windows as a camera and an encoder do: light, blur, fewer pixels, noise."""
        count = len(made)
        coarse = functional.interpolate(
            functional.interpolate(made, scale_factor=0.5, mode="area"),
            scale_factor=2.0,
            mode="bilinear",
            align_corners=False,
        )
        soft = functional.avg_pool2d(functional.pad(made, (1, 1, 1, 1), mode="replicate"), 3, 1)
        which = torch.rand(count, generator=self.dice)[:, None, None, None]
        made = torch.where(which < 0.2, coarse, torch.where(which < 0.45, soft, made))
        slope = torch.linspace(-1, 1, made.shape[-1])
        light = 1 + 0.25 * (
            self.uniform(count, -1, 1)[:, None, None] * slope[None, :, None]
            + self.uniform(count, -1, 1)[:, None, None] * slope[None, None, :]
        )
        made = made * light[:, None]
        strength = self.uniform(count, 0, 0.06)[:, None, None, None]
        made = made + strength * torch.randn(made.shape, generator=self.dice)
        return made.clamp(0, 1)


def scaling(sides: Tensor) -> Tensor:
    """Turns `float[n, 2]` into scaling matrices."""
    frames = torch.zeros(len(sides), 3, 3)
    frames[:, 0, 0], frames[:, 1, 1], frames[:, 2, 2] = sides[:, 0], sides[:, 1], 1
    return frames


def place(pictures: Tensor, frames: Tensor, padding: str = "zeros") -> Tensor:
    """Lays `float[n, c, h, w]` into windows by matrices from its square to the window's."""
    back = torch.linalg.inv(frames)
    steps = (torch.arange(SIDE) + 0.5) * 2 / SIDE - 1
    y, x = torch.meshgrid(steps, steps, indexing="ij")
    points = torch.stack([x, y, torch.ones_like(x)], dim=-1).reshape(-1, 3)
    at = points @ back.transpose(1, 2)
    depth = at[..., 2:]
    at = at[..., :2] / torch.where(depth.abs() < 0.05, torch.full_like(depth, 0.05), depth)
    at = torch.where(depth <= 0.05, torch.full_like(at, 9.0), at)
    grid = at.reshape(len(pictures), SIDE, SIDE, 2)
    if pictures.shape[-1] > SIDE:
        pictures = functional.interpolate(pictures, size=(SIDE, SIDE), mode="area")
    return functional.grid_sample(pictures, grid, padding_mode=padding, align_corners=False)
