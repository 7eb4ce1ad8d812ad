#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Trains the digits network in MindSpore and writes every other file of this folder.

    pip install mindspore==2.10.0 scikit-learn==1.9.1
    ./train.py [FOLDER]        # half a minute on one core

The data are scikit-learn's 1,797 pictures of hand-written digits, 8x8 pixels
each; 450 of them are held out. Two checkpoints are kept, an early and a final
one, to show that one compiled network serves both.
"""
import json
import os
import sys
from pathlib import Path

os.environ.setdefault("GLOG_v", "3")
# Uncapped, MindSpore's convolutions fall back to slow code on AVX-512 CPUs.
os.environ.setdefault("ONEDNN_MAX_CPU_ISA", "AVX2")

import mindspore as ms
import numpy as np
from mindspore import Tensor, nn
from sklearn.datasets import load_digits

BATCH = 30
HELD_OUT = 450
EARLY, FINAL = 2, 15


class DigitsNet(nn.Cell):
    """LeNet for 8x8 pictures: two convolutions, two dense layers."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 12, 3, pad_mode="same", has_bias=False)
        self.norm = nn.BatchNorm2d(12)
        self.conv2 = nn.Conv2d(12, 24, 3, pad_mode="valid", has_bias=True)
        self.pool = nn.MaxPool2d(kernel_size=2, stride=2)
        self.relu = nn.ReLU()
        self.flatten = nn.Flatten()
        self.dense1 = nn.Dense(24 * 3 * 3, 32)
        self.dropout = nn.Dropout(p=0.25)
        self.dense2 = nn.Dense(32, 10)

    def construct(self, image):
        x = self.relu(self.norm(self.conv1(image)))
        x = self.pool(self.relu(self.conv2(x)))
        x = self.dropout(self.relu(self.dense1(self.flatten(x))))
        return self.dense2(x)


def initialise(net, random):
    """Uniform weights of variance 2 / fan-in, so that a seed fixes the run."""
    for parameter in net.trainable_params():
        if parameter.ndim > 1:
            bound = (6.0 / np.prod(parameter.shape[1:])) ** 0.5
            value = random.uniform(-bound, bound, parameter.shape)
            parameter.set_data(Tensor(value.astype(np.float32)))
        elif parameter.name.endswith("bias"):
            parameter.set_data(Tensor(np.zeros(parameter.shape, np.float32)))


def logits(net, images):
    net.set_train(False)
    batches = (Tensor(images[i:i + BATCH]) for i in range(0, len(images), BATCH))
    return np.concatenate([net(batch).asnumpy() for batch in batches])


def train_epoch(step, images, labels, order):
    step.set_train(True)
    for i in range(0, len(order), 32):
        part = order[i:i + 32]
        step(Tensor(images[part]), Tensor(labels[part]))


def main(folder):
    ms.set_context(mode=ms.GRAPH_MODE, device_target="CPU", runtime_num_threads=1)
    ms.set_seed(7)
    random = np.random.RandomState(7)
    digits = load_digits()
    images = (digits.images / 16.0).astype(np.float32)[:, None]
    labels = digits.target.astype(np.int32)
    order = random.permutation(len(labels))
    test, train = order[:HELD_OUT], order[HELD_OUT:]

    net = DigitsNet()
    initialise(net, random)
    loss = nn.WithLossCell(net, nn.SoftmaxCrossEntropyWithLogits(sparse=True, reduction="mean"))
    step = nn.TrainOneStepCell(loss, nn.Adam(net.trainable_params(), 2e-3))
    result = {"mindspore": ms.__version__, "held_out": HELD_OUT, "accuracy": {}}
    for epoch in range(1, FINAL + 1):
        train_epoch(step, images, labels, random.permutation(train))
        if epoch not in (EARLY, FINAL):
            continue
        y = logits(net, images[test])
        accuracy = float((y.argmax(1) == labels[test]).mean())
        result["accuracy"][f"epoch_{epoch}"] = accuracy
        np.save(folder / f"logits_epoch_{epoch}.npy", y)
        ms.save_checkpoint(net, str(folder / f"epoch_{epoch}.ckpt"))
        print(f"epoch {epoch}: {100 * accuracy:.1f} % of the held-out pictures")

    net.set_train(False)
    ms.export(net, Tensor(images[:BATCH]), file_name=str(folder / "model"), file_format="MINDIR")
    ms.export(net, Tensor(shape=[None, 1, 8, 8], dtype=ms.float32),
              file_name=str(folder / "model_dynamic"), file_format="MINDIR")
    np.savez_compressed(folder / "test.npz", images=images[test], labels=labels[test])
    np.save(folder / "batch.npy", images[test][:BATCH])
    np.save(folder / "batch_logits.npy", y[:BATCH])
    (folder / "result.json").write_text(json.dumps(result, indent=1) + "\n")
    for path in [*folder.glob("*.ckpt"), *folder.glob("*.mindir")]:
        path.chmod(0o644)  # MindSpore writes them read-only


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent
    target.mkdir(parents=True, exist_ok=True)
    main(target)
    sys.stdout.flush()
    os._exit(0)  # MindSpore's threads can hang at exit
