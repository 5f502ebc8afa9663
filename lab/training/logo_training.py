"""Contrastive training: a clean logo and the same logo in a scene come near; all others move away."""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from lab.training.logo_network import LogoNetwork
from lab.training.logo_scenes import Scenes

BATCH = 160  # logos a step, each once clean and once in a scene
BARE = 40  # grounds without a logo a step: nothing should be near them
NEAR = 4  # logos of a batch that look alike, once the network can find them
LIKENESS_AFTER = 0.12  # share of the training from which look-alikes are chosen
REFRESHED = 400  # steps between refreshes of the look-alikes
SAME = 0.72  # overlap from which two logos count as one and are not separated
RATE, WARM = 2e-3, 0.03
COLDEST, WARMEST = 0.04, 0.1  # temperature
EVALUATED = 100  # steps between points of the curve
HELD_BACK = 0.05  # share of the logos that only the curve uses
MAX_HELD_BACK = 400
FALSE = 0.01  # share of bare grounds that may be mistaken for a logo, at the curve's recall


@dataclass(frozen=True)
class Point:
    """`recall` is that of held-back logos in scenes, where 1 in 100 grounds without a logo is mistaken."""

    step: int
    seconds: float
    loss: float
    recall: float


@dataclass(frozen=True)
class Plan:
    """`start` is the state of a network to continue from; `rate` is the highest learning rate."""

    seconds: float
    rate: float = RATE
    seed: int = 0
    batch: int = BATCH
    start: dict[str, Tensor] | None = None


class LogoTraining:
    """Ends after the plan's seconds. The learning rate falls with the elapsed time, so that training of any
    length completes its schedule.
    """

    def __init__(
        self,
        masks: NDArray[np.uint8],
        grounds: NDArray[np.uint8],
        plan: Plan,
        report: Callable[[Point], None] = lambda _: None,
    ) -> None:
        torch.manual_seed(plan.seed)
        self.plan, self.report = plan, report
        self.dice = torch.Generator().manual_seed(plan.seed)
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        held = min(MAX_HELD_BACK, max(8, int(HELD_BACK * len(masks))))
        order = torch.randperm(len(masks), generator=self.dice)
        shown = torch.from_numpy(masks)[order]
        scenery = torch.from_numpy(grounds)
        self.train = Scenes(shown[held:], scenery, self.dice)
        self.held = Scenes(shown[:held], scenery, torch.Generator().manual_seed(plan.seed + 1))
        self.batch = min(plan.batch, len(self.train.masks))
        self.network = LogoNetwork().to(self.device, memory_format=torch.channels_last)
        if plan.start:
            self.network.load_state_dict(plan.start)
        warmth = COLDEST if plan.start else WARMEST
        self.sharpness = torch.nn.Parameter(torch.tensor(-math.log(warmth), device=self.device))
        self.alike: Tensor | None = None
        self.curve: list[Point] = []

    def run(self) -> LogoNetwork:
        started, losses = time.monotonic(), []
        optimiser = torch.optim.AdamW(
            [*self.network.parameters(), self.sharpness], lr=RATE, weight_decay=0.02
        )
        for step, spent in self.steps(started):
            for group in optimiser.param_groups:
                group["lr"] = self.plan.rate * min(
                    spent / WARM, 0.5 * (1 + math.cos(math.pi * spent)) + 0.005
                )
            if (spent > LIKENESS_AFTER or self.plan.start) and (
                self.alike is None or step % REFRESHED == 0
            ):
                self.alike = self.look_for_alike()
            loss = self.loss(self.chosen())
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.network.parameters(), 5.0)
            optimiser.step()
            losses.append(float(loss.detach()))
            if step % EVALUATED == 0:
                self.note(step, started, losses)
                losses = []
        self.note(step, started, losses or [self.curve[-1].loss])
        return self.network.eval()

    def steps(self, started: float) -> Iterator[tuple[int, float]]:
        step = 0
        while (spent := (time.monotonic() - started) / self.plan.seconds) < 1:
            step += 1
            yield step, max(spent, 1e-3)

    def chosen(self) -> Tensor:
        """Returns the logos of a batch: random ones, or some and those that look most like them."""
        many = len(self.train.masks)
        if self.alike is None:
            return torch.randperm(many, generator=self.dice)[: self.batch]
        seeds = torch.randperm(many, generator=self.dice)[: self.batch // NEAR]
        return torch.cat([seeds, self.alike[seeds].flatten()]).unique()

    def loss(self, numbers: Tensor) -> Tensor:
        clean, shown = self.train.clean(numbers), self.train.shown(numbers)
        bare = self.train.seen(self.train.ground(BARE)) * 255
        made = self.embed(torch.cat([clean, shown, bare]))
        clean, shown, bare = made.split([len(numbers), len(numbers), BARE])
        sharpness = self.sharpness.exp().clamp(max=1 / COLDEST)
        right = torch.arange(len(numbers), device=self.device)
        by_logo = sharpness * clean @ torch.cat([shown, bare]).T
        by_scene = sharpness * shown @ clean.T
        return functional.cross_entropy(by_logo, right) + functional.cross_entropy(by_scene, right)

    def embed(self, windows: Tensor) -> Tensor:
        windows = windows.to(self.device, memory_format=torch.channels_last)
        with torch.autocast(self.device.type, torch.bfloat16):
            return self.network(windows).float()

    @torch.inference_mode()
    def look_for_alike(self) -> Tensor:
        """Returns for each logo the `NEAR - 1` nearest others that do not look the same."""
        self.network.eval()
        masks = self.train.masks
        made = torch.cat(
            [self.embed(self.train.clean(part)) for part in torch.arange(len(masks)).split(512)]
        ).cpu()
        small = functional.interpolate(masks.float()[:, None] / 255, size=(24, 24), mode="area")
        flat = functional.normalize(small.flatten(1), dim=1)
        found = []
        for part in torch.arange(len(masks)).split(512):
            likeness = made[part] @ made.T
            likeness[flat[part] @ flat.T > SAME + 0.1] = -1.0
            found.append(likeness.topk(24).indices)
        self.network.train()
        near = torch.cat(found)
        keep = torch.rand(near.shape, generator=self.dice).argsort(1)[:, : NEAR - 1]
        return near.gather(1, keep)

    @torch.inference_mode()
    def note(self, step: int, started: float, losses: list[float]) -> None:
        self.network.eval()
        self.curve.append(
            Point(step, round(time.monotonic() - started, 1), float(np.mean(losses)), self.recall())
        )
        self.network.train()
        self.report(self.curve[-1])

    def recall(self) -> float:
        held = self.held
        held.dice.manual_seed(7)  # the same scenes every time
        numbers = torch.arange(len(held.masks))
        clean = self.embed(held.clean(numbers))
        shown = self.embed(held.shown(numbers))
        bare = self.embed(held.seen(held.ground(800)) * 255)
        limit = torch.quantile((bare @ clean.T).max(1).values.cpu(), 1 - FALSE)
        likeness = (shown @ clean.T).cpu()
        first = likeness.argmax(1) == numbers
        return float((first & (likeness.max(1).values >= limit)).float().mean())

    def told(self) -> list[dict[str, float]]:
        return [asdict(point) for point in self.curve]
