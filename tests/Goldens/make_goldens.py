#!/usr/bin/env python3
"""Makes the golden files beside this script with PyTorch 1.13: what README.md in this folder describes.

Install (Debian 12):  apt-get install --no-install-recommends python3-torch libopenblas0-openmp
Run:                  /usr/bin/python3 tests/Goldens/make_goldens.py

Seeded and single-threaded: a second run on the same machine gives the same bytes; another machine's BLAS may differ in the last
digits. Each file records the version of PyTorch that made it in its metadata. Nothing but PyTorch and the standard library is used.
"""
import sys

sys.dont_write_bytecode = True

from pathlib import Path

import torch

from recipe import adaptive_softmax, crf, dense_stack, language_model, layers, optimizers, recurrences, tagger

MODULES = [recurrences, dense_stack, adaptive_softmax, crf, optimizers, layers, language_model, tagger]


def main():
    if not torch.__version__.startswith("1.13"):
        sys.exit(f"PyTorch 1.13 makes these files; this is {torch.__version__}.")
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    folder = Path(__file__).resolve().parent
    for module in MODULES:
        for file in module.files():
            path = file.write(folder)
            print(f"{path.name:36} {path.stat().st_size:8,} bytes {len(file.tensors):4} tensors")


main()
