#!/usr/bin/env python3
"""Makes torch/: the models of published_lm_checkpoint and tagger_checkpoint as torch.save writes them, in both of its formats, and their
vocabularies as the published code pickles them.

Install (Debian 12):  apt-get install --no-install-recommends python3-torch python3-numpy libopenblas0-openmp
Run:                  /usr/bin/python3 tests/Goldens/make_torch_files.py
"""
import json
import pickle
import struct
import sys

sys.dont_write_bytecode = True

from collections import OrderedDict
from pathlib import Path

import numpy
import torch

FOLDER = Path(__file__).resolve().parent


def state_dict(name):
    data = (FOLDER / f"{name}.safetensors").read_bytes()
    size, = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + size])
    tensors = OrderedDict()
    for key, entry in header.items():
        if key != "__metadata__":
            start, end = entry["data_offsets"]
            values = numpy.frombuffer(data[8 + size + start:8 + size + end], "<f4")
            tensors[key] = torch.from_numpy(values.copy().reshape(entry["shape"]))
    return tensors


def saved(model):
    """As a training run saves it: an optimizer's state beside the model's, a matrix that is a view of its transpose, two that share a
    storage, one in double and one in half precision."""
    first = next(iter(model))
    optimizer = torch.optim.Adam([torch.nn.Parameter(model[first].clone())], lr=0.1)
    optimizer.param_groups[0]["params"][0].sum().backward()
    optimizer.step()
    names = [name for name, tensor in model.items() if tensor.dim() == 2]
    model[names[0]] = model[names[0]].t().contiguous().t()
    both = torch.cat([model[names[1]].flatten(), model[names[2]].flatten()])
    cut = model[names[1]].numel()
    model[names[2]] = both[cut:].view(model[names[2]].shape)
    model[names[1]] = both[:cut].view(model[names[1]].shape)
    model[names[3]] = model[names[3]].double()
    model._metadata = OrderedDict({"": {"version": 1}})
    return {"model": model, "optimizer": optimizer.state_dict(), "epoch": 3, "best": 0.5, "name": "run", "done": True, "none": None}


def write(name, model):
    content = saved(model)
    torch.save(content, FOLDER / "torch" / f"{name}.zip.th")
    torch.save(content, FOLDER / "torch" / f"{name}.older.th", _use_new_zipfile_serialization=False)


def dump(name, content, protocol):
    with open(FOLDER / "torch" / name, "wb") as file:
        pickle.dump(content, file, protocol)


def ids(*tokens):
    return {token: i for i, token in enumerate(tokens)}


def main():
    write("lm", state_dict("published_lm_checkpoint"))
    write("tagger", state_dict("tagger_checkpoint"))
    dump("lm_map.pk", {"w_map": ids(*(f"w{i}" for i in range(28)), "<unk>", "\n"), "test_data": [3, 1, 29] * 400, "range": 2}, 2)
    dump("tagger_map.pk", {
        "flm_map": ids("e", "u1", "u2", "<unk>", "u4", "u5", "fedc", "hfc", "\n"),
        "blm_map": ids("??", "cd", "hfc", "u3", "fedc", "u5", "u6", "<unk>", "e", "\n"),
        "gw_map": ids("hfc", "e", "fedc", "<unk>", "u4", "cd", "u6", "??", "<\n>"),
        "c_map": ids(" ", "\n", "c", "d", "e", "f", "<unk>", "h"),
        "y_map": ids("O", "B-X", "E-X", "I-X", "S-X", "<s>", "<eof>"),
        "emb_array": [[0.5, -1.0], [float(i) for i in range(3)], list(numpy.sqrt(numpy.arange(1.0, 3.0)))],
    }, 4)
    for path in sorted((FOLDER / "torch").iterdir()):
        print(f"{path.name:20} {path.stat().st_size:8,} bytes")


main()
