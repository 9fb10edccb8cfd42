"""optimizers: 20 steps of each rule under given gradients; clipping by the norm over two parameters; tables of which few rows are touched."""
import torch

from .golden_file import GoldenFile, normal

STEPS = 20


def files():
    file = GoldenFile("optimizers", 501)
    rules = {
        "sgd": lambda parameters: torch.optim.SGD(parameters, lr=0.015, momentum=0.9),
        "adam": lambda parameters: torch.optim.Adam(parameters, lr=0.01),
        "adagrad": lambda parameters: torch.optim.Adagrad(parameters, lr=0.1),
        "adadelta": lambda parameters: torch.optim.Adadelta(parameters, lr=1.0),
    }
    matrix, bias = normal(3, 5), normal(7)
    matrix_gradients, bias_gradients = normal(STEPS, 3, 5), normal(STEPS, 7)
    for name, rule in rules.items():
        trajectory(file, name, rule, [("parameter", matrix, matrix_gradients)])

    # Norms from about 0.5 to about 20: some steps are clipped at 5, others not.
    size = torch.logspace(-1, 0.6, STEPS).float().double()
    pairs = [(name, start, (gradients * size.view(-1, *[1] * start.dim())).float().double())
             for name, start, gradients in [("matrix", matrix, matrix_gradients), ("bias", bias, bias_gradients)]]
    for name in ["sgd", "adam"]:
        trajectory(file, f"{name}_clipped", rules[name], pairs, clip=5.0)

    table, touched = normal(6, 3), torch.rand(STEPS, 6) < 0.3
    gradients = normal(STEPS, 6, 3) * touched[:, :, None]
    for name in ["sgd", "adam"]:
        file.add(f"{name}_rows", "input", touched=touched.long())
        trajectory(file, f"{name}_rows", rules[name], [("parameter", table, gradients)])
    yield file


def trajectory(file, case, rule, parameters, clip=None):
    """parameters: (name, start, gradients [STEPS, ...]). Outputs hold every parameter after each step, [STEPS, ...]."""
    live = [torch.nn.Parameter(start.clone()) for _, start, _ in parameters]
    optimizer = rule(live)
    path, clipped, norms = [[] for _ in live], [[] for _ in live], []
    for step in range(STEPS):
        for parameter, (_, _, gradients) in zip(live, parameters):
            parameter.grad = gradients[step].clone()
        if clip is not None:
            norms.append(torch.nn.utils.clip_grad_norm_(live, clip))
        optimizer.step()
        for i, parameter in enumerate(live):
            path[i].append(parameter.detach().clone())
            clipped[i].append(parameter.grad.clone())
    for i, (name, start, gradients) in enumerate(parameters):
        file.add(case, "input", **{name: start, f"{name}_gradients": gradients})
        file.add(case, "output", **{name: torch.stack(path[i])})
        if clip is not None:
            file.add(case, "output", **{f"{name}_clipped_gradients": torch.stack(clipped[i])})
    if clip is not None:
        file.add(case, "input", max_norm=torch.tensor(clip))
        file.add(case, "output", norms=torch.stack(norms))
    defaults = optimizer.defaults
    file.add(case, "input", learning_rate=torch.tensor(defaults["lr"]), momentum=torch.tensor(float(defaults.get("momentum", 0))))
