"""A golden file under construction: named tensors, written in the safetensors format (https://github.com/huggingface/safetensors).

A tensor is named case/role/name. The roles are input, parameter, output, cotangent (the random gradient fed in for an output) and
gradient (of an input or a parameter, under the same name as that).
"""
import json
import struct

import torch

TYPES = {torch.float64: "F64", torch.float32: "F32", torch.int64: "I64"}


def normal(*shape, scale=1.0):
    """Random values that float32 holds exactly, so that tests in float and in double start from the same numbers."""
    return (scale * torch.randn(shape)).float().double()


def randomise(module, scale=0.4):
    """Gives every parameter of a module random values that float32 holds exactly."""
    with torch.no_grad():
        for _, parameter in sorted(module.named_parameters()):
            parameter.copy_(normal(*parameter.shape, scale=scale))
    return module


class GoldenFile:
    def __init__(self, name, seed):
        self.name = name
        self.tensors = {}
        torch.manual_seed(seed)

    def add(self, case, role, **tensors):
        for name, tensor in tensors.items():
            self.add_named(f"{case}/{role}/{name}", tensor)

    def add_parameters(self, case, module):
        for name, parameter in module.named_parameters():
            self.add_named(f"{case}/parameter/{name}", parameter)

    def add_gradients(self, case, module):
        """Gradients of all parameters that take part; a parameter that no path reaches gets none in the file."""
        for name, parameter in module.named_parameters():
            if parameter.grad is not None:
                self.add_named(f"{case}/gradient/{name}", parameter.grad)

    def add_named(self, name, tensor):
        if name in self.tensors:
            raise ValueError(f"{self.name}: {name} twice")
        self.tensors[name] = tensor.detach().clone().contiguous()

    def write(self, folder):
        header = {"__metadata__": {"torch": torch.__version__, "recipe": "tests/Goldens/make_goldens.py"}}
        data = bytearray()
        for name, tensor in self.tensors.items():
            start = len(data)
            code = {"F64": "d", "F32": "f", "I64": "q"}[TYPES[tensor.dtype]]
            data += struct.pack(f"<{tensor.numel()}{code}", *tensor.flatten().tolist())
            header[name] = {"dtype": TYPES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [start, len(data)]}
        text = json.dumps(header, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 8)
        path = folder / f"{self.name}.safetensors"
        path.write_bytes(struct.pack("<Q", len(text)) + text + data)
        return path


def random_cotangents(**outputs):
    return {name: normal(*output.shape) for name, output in outputs.items()}


def backward(outputs, cotangents):
    """Backpropagates from all outputs at once."""
    names = list(outputs)
    torch.autograd.backward([outputs[name] for name in names], [cotangents[name] for name in names])
