"""Draws the learning curve of the logo encoder from the JSON that train_logo_encoder wrote.

python benchmarks/logo_curve.py vision/encoders/weights/logo-1.json docs/images/logo-training.png
"""

import argparse
import json
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
from matplotlib import pyplot as plt


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("told", type=Path, help="the JSON beside a checkpoint")
    parser.add_argument("image", type=Path)
    chosen = parser.parse_args()
    curve = json.loads(chosen.told.read_text())["curve"]
    minutes = [point["seconds"] / 60 for point in curve]
    figure, loss = plt.subplots(figsize=(7, 3.6), layout="constrained")
    recall = loss.twinx()
    [one] = loss.plot(minutes, [point["loss"] for point in curve], color="#b3541e")
    [other] = recall.plot(minutes, [point["recall"] * 100 for point in curve], color="#1f6f8b")
    loss.set_xlabel("minutes of training")
    loss.set_ylabel("loss", color=one.get_color())
    recall.set_ylabel("recall at 1% false, %", color=other.get_color())
    loss.set_ylim(bottom=0)
    recall.set_ylim(0, 100)
    loss.set_title("Recall of held-back logos in scenes", loc="left")
    figure.savefig(chosen.image, dpi=130)


if __name__ == "__main__":
    main()
