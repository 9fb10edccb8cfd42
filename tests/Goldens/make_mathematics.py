"""Values of the elementary functions to 106 bits, as two float64 each: python3 make_mathematics.py, with mpmath 1.3.

Writes mathematics.safetensors: for each function NAME/x (for pow also NAME/y), NAME/high and NAME/low, whose sum is the value.
"""

import json
import math
import random
import struct

from mpmath import mp, mpf

mp.prec = 2200
random.seed(1)

POINTS = 300


def spread(low, high, count):
    return [random.uniform(low, high) for _ in range(count)]


def any_size(count, least=-320, most=308):
    return [random.choice((-1, 1)) * random.uniform(1, 10) * 10.0 ** random.uniform(least, most - 1) for _ in range(count)]


def positive(count):
    return [abs(x) for x in any_size(count)] + spread(0.5, 2, count) + [1 + x for x in any_size(count, -16, 0) if x > -1]


def turns(count):
    """Close to multiples of π/2, where the reduction loses most."""
    return [float(mpf(k) * mp.pi / 2) for k in (random.getrandbits(random.randrange(1, 1000)) for _ in range(count))]



ANGLES = any_size(POINTS) + spread(-10, 10, POINTS) + spread(-1e5, 1e5, POINTS) + turns(POINTS)
SMALL = any_size(POINTS, -320, 2)
FUNCTIONS = {
    "Exp": (mp.exp, SMALL + spread(-745, 709.7, 2 * POINTS)),
    "Exp2": (lambda x: mp.power(2, x), SMALL + spread(-1074, 1023.9, 2 * POINTS)),
    "ExpM1": (mp.expm1, SMALL + spread(-3, 3, POINTS) + spread(-50, 709.7, POINTS)),
    "Log": (mp.log, positive(POINTS)),
    "Log2": (lambda x: mp.log(x) / mp.log(2), positive(POINTS)),
    "Log10": (lambda x: mp.log(x) / mp.log(10), positive(POINTS)),
    "LogP1": (lambda x: mp.log(1 + mpf(x)), [x for x in any_size(2 * POINTS) if x > -1] + spread(-0.999, 3, POINTS)),
    "Tanh": (mp.tanh, SMALL + spread(-3, 3, POINTS) + spread(-25, 25, POINTS)),
    "Sin": (mp.sin, ANGLES),
    "Cos": (mp.cos, ANGLES),
    "Tan": (mp.tan, ANGLES),
    "Atan": (mp.atan, any_size(POINTS) + spread(-4, 4, 2 * POINTS)),
}


def powers():
    """Pairs whose power is a finite number."""
    pairs = [(abs(x), random.uniform(-740, 705) / math.log(abs(x))) for x in any_size(2 * POINTS, -300, 300)]
    pairs += [(1 + x, random.uniform(-700, 700) / x) for x in any_size(POINTS, -12, -1)]
    return pairs + [(-random.uniform(0.1, 10), float(random.randrange(-100, 100))) for _ in range(POINTS)]


ROOTS = {
    "Sqrt": mp.sqrt,
    "Rsqrt": lambda x: 1 / mp.sqrt(x),
    "Rcp": lambda x: 1 / x,
}


def parts(value):
    high = float(value)
    return high, float(value - mpf(high)) if math.isfinite(high) else 0.0


def main():
    tensors = {}
    for name, (function, xs) in FUNCTIONS.items():
        values = [parts(function(mpf(x))) for x in xs]
        tensors |= {f"{name}/x": xs, f"{name}/high": [v[0] for v in values], f"{name}/low": [v[1] for v in values]}
    pairs = powers()
    values = [parts(mp.power(mpf(x), mpf(y))) for x, y in pairs]
    tensors |= {"Pow/x": [p[0] for p in pairs], "Pow/y": [p[1] for p in pairs],
                "Pow/high": [v[0] for v in values], "Pow/low": [v[1] for v in values]}
    # Behind all others, whose random numbers stay.
    for name, function in ROOTS.items():
        xs = [x for x in positive(POINTS) if x > 1e-307]
        values = [parts(function(mpf(x))) for x in xs]
        tensors |= {f"{name}/x": xs, f"{name}/high": [v[0] for v in values], f"{name}/low": [v[1] for v in values]}
    header, data = {}, b""
    for name, numbers in tensors.items():
        packed = struct.pack(f"<{len(numbers)}d", *numbers)
        header[name] = {"dtype": "F64", "shape": [len(numbers)], "data_offsets": [len(data), len(data) + len(packed)]}
        data += packed
    head = json.dumps(header).encode()
    head += b" " * (-len(head) % 8)
    with open("mathematics.safetensors", "wb") as file:
        file.write(struct.pack("<Q", len(head)) + head + data)


main()
