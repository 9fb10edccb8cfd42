"""The peer: what a user would pick instead, PyTorch + cuDNN, doing LD-Net's own work.

Written from the paper's and the official code's *shapes* (not their code): one JSON line per
measurement, so that the project's own benchmark can be laid beside it in the same run.

    python3 torch_ldnet.py [--what lm,dense,lstm,crf,infer,train,gemm] [--device cuda|cpu] [--threads N] [--only NAME,...] [--reps N] [--warm N] [--turns]

Shapes. LM: emb 300, 10 densely connected LSTM layers of 300, batch 128, 20 steps, projection 1600,
adaptive softmax cut-offs 4k/40k/200k/V. Tagger: char LSTMs 30->150 each way, words 100, BiLSTM 2x150,
19 tags, linear-chain CRF over full (from,to) potentials.
"""
import argparse, json, random, resource, sys, time
import torch, torch.nn as nn, torch.nn.functional as F

ap = argparse.ArgumentParser()
ap.add_argument("--what", default="lstm,dense,crf,gemm,infer,train,lm")
ap.add_argument("--device", default="cuda")
ap.add_argument("--threads", type=int, default=0)
ap.add_argument("--tf32", default="both")
ap.add_argument("--reps", type=int, default=0, help="measured calls of each row; 0: 30, 10 for whole steps")
ap.add_argument("--warm", type=int, default=0, help="calls before the first measured one; 0: 5, 3 for whole steps")
ap.add_argument("--turns", action="store_true", help="measure a row once for each line of standard input, so that another program's calls can come between; cpu only")
ap.add_argument("--cpu-time", action="store_true", help="time by the process's processor time, for a busy machine; use one thread")
ap.add_argument("--only", default="", help="names of the rows to measure, with commas; none: all")
args = ap.parse_args()
clock = time.process_time if args.cpu_time else time.perf_counter
only = set(filter(None, args.only.split(",")))
dev = torch.device(args.device)
if args.threads: torch.set_num_threads(args.threads)
cuda = dev.type == "cuda"

def tf32(on):
    torch.backends.cuda.matmul.allow_tf32 = on
    torch.backends.cudnn.allow_tf32 = on

def timed(f, reps=30):
    """Median and least microseconds of f(), on the device's own clock where it has one."""
    reps, warm = args.reps or reps, args.warm or 5
    for _ in range(warm): f()
    out = []
    if cuda:
        torch.cuda.synchronize()
        for _ in range(reps):
            a, b = torch.cuda.Event(True), torch.cuda.Event(True)
            a.record(); f(); b.record(); b.synchronize(); out.append(a.elapsed_time(b) * 1e3)
    else:
        for _ in range(reps):
            t = clock(); f(); out.append((clock() - t) * 1e6)
    out.sort()
    return out[len(out) // 2], out[0]

def wall(f):
    """Median and least wall microseconds (processor time where asked for), device drained: what a user of the Python program waits."""
    reps, warm = args.reps or 10, args.warm or 3
    for _ in range(warm): f()
    if cuda: torch.cuda.synchronize()
    out = []
    for _ in range(reps):
        t = clock(); f()
        if cuda: torch.cuda.synchronize()
        out.append((clock() - t) * 1e6)
    out.sort()
    return out[len(out) // 2], out[0]

def turns(f):
    """Median and least microseconds of each turn: calls for half a second, the first of several left out, for it finds another's data in the caches."""
    for _ in range(args.warm or 3): f()
    print("# ready", flush=True)
    for _ in sys.stdin:
        out = []
        while sum(out) < 5e5:
            t = clock(); f(); out.append((clock() - t) * 1e6)
        out = sorted(out[1:] or out)
        yield out[len(out) // 2], out[0]

def wanted(name): return not only or name in only

def row(name, f, by=timed, rate=None, **k):
    """Measures f and prints a line (one a turn), where the row is wanted; rate names a figure and makes it from the microseconds."""
    if not wanted(name): return
    for us, least in turns(f) if args.turns else [by(f)]:
        if rate: k[rate[0]] = rate[1](us)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        print(json.dumps({"peer": "torch", "device": dev.type, "name": name, "us": round(us, 2), "least_us": round(least, 2), "peak_bytes": peak, **k}), flush=True)

def words_per_s(n): return "words_per_s", lambda us: round(n / us * 1e6)

def graphed(f):
    """f captured into one CUDA graph: the peer at its fastest."""
    s = torch.cuda.Stream(); s.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(s):
        for _ in range(3): f()
    torch.cuda.current_stream().wait_stream(s)
    g = torch.cuda.CUDAGraph()
    with torch.cuda.graph(g): f()
    return g.replay

class DenseLstm(nn.Module):
    def __init__(self, layers=10, emb=300, hid=300, layer_drop=0.0):
        super().__init__()
        self.cells = nn.ModuleList(nn.LSTM(emb + i * hid, hid) for i in range(layers))
        self.layer_drop = layer_drop; self.width = emb + layers * hid
    def forward(self, x):
        deep = out = x
        for cell in self.cells:
            h, _ = cell(deep)
            out = torch.cat([out, h], 2)
            deep = torch.cat([deep, torch.zeros_like(h) if self.training and random.random() < self.layer_drop else h], 2)
        return out

class Adaptive(nn.Module):
    """Head over the frequent words plus one slot per tail; tail i has width dim/4^i."""
    def __init__(self, dim, cut):
        super().__init__(); self.cut = cut
        self.head = nn.Linear(dim, cut[0] + len(cut) - 1)
        self.tails = nn.ModuleList(nn.Sequential(nn.Linear(dim, dim // 4 ** i, False), nn.Linear(dim // 4 ** i, cut[i + 1] - cut[i], False)) for i in range(len(cut) - 1))
    def forward(self, x, y):
        head_y = y.clone(); loss = 0.0
        for i, tail in enumerate(self.tails):
            m = (y >= self.cut[i]) & (y < self.cut[i + 1])
            at = m.nonzero().squeeze(1)
            if at.numel():
                head_y[at] = self.cut[0] + i
                loss = loss + F.cross_entropy(tail(x.index_select(0, at)), y[at] - self.cut[i], reduction="sum")
        return (loss + F.cross_entropy(self.head(x), head_y, reduction="sum")) / x.size(0)

def zipf(n, v):
    """Token ids with a Zipf law, as word ids sorted by frequency have."""
    u = torch.rand(n); return torch.clamp((v ** u - 1).long(), 0, v - 1)

def lm():
    T, B, D = 20, 128, 1600
    for V in ((200_001 + 50_000, "V250k"), (793_471, "V793k")):
        V, tag = V
        for drop in (0.0, 0.5):
            emb = nn.Embedding(V, 300).to(dev); net = DenseLstm(layer_drop=drop).to(dev); proj = nn.Linear(net.width, D).to(dev)
            soft = Adaptive(D, [4000, 40000, 200000, V]).to(dev)
            par = [p for m in (emb, net, proj, soft) for p in m.parameters()]
            opt = torch.optim.Adam(par, lr=1e-3, fused=cuda)
            w = zipf(T * B, V).view(T, B).to(dev); y = zipf(T * B, V).to(dev)
            def step():
                opt.zero_grad(set_to_none=True)
                loss = soft(F.dropout(proj(net(F.dropout(emb(w), 0.01)).view(T * B, -1)), 0.01), y)
                loss.backward(); torch.nn.utils.clip_grad_norm_(par, 5.0); opt.step()
            def fb():
                loss = soft(proj(net(emb(w)).view(T * B, -1)), y); loss.backward()
                for p in par: p.grad = None
            def fwd():
                with torch.no_grad(): soft(proj(net(emb(w)).view(T * B, -1)), y)
            row(f"lm.step.{tag}.drop{drop}", step, wall, ("tokens_per_s", lambda us: round(T * B / us * 1e6)), tf32=torch.backends.cuda.matmul.allow_tf32)
            if drop == 0.0:
                row(f"lm.fwdbwd.{tag}", fb, wall); row(f"lm.fwd.{tag}", fwd, wall)
            del emb, net, proj, soft, par, opt
            if cuda: torch.cuda.empty_cache()

def dense():
    T, B = 20, 128
    for drop in (0.0, 0.5):
        net = DenseLstm(layer_drop=drop).to(dev); x = torch.randn(T, B, 300, device=dev)
        dy = torch.randn(T, B, net.width, device=dev)
        def fb():
            net(x).backward(dy)
            for p in net.parameters(): p.grad = None
        def fwd():
            with torch.no_grad(): net(x)
        row(f"dense.fwd.drop{drop}", fwd, T=T, B=B); row(f"dense.fwdbwd.drop{drop}", fb, T=T, B=B)
        if cuda and drop == 0.0:
            row("dense.fwd.graph", graphed(fwd))
            try: row("dense.fwdbwd.graph", graphed(fb))
            except Exception as e: print("# graph fwdbwd:", str(e)[:100]); torch.cuda.synchronize()

def lstm():
    for T, B, I, H, L in ((20, 128, 300, 300, 1), (20, 128, 1500, 300, 1), (20, 128, 3000, 300, 1), (128, 64, 1024, 1024, 1), (30, 512, 300, 150, 1), (180, 64, 30, 150, 1), (20, 10, 300, 300, 1)):
        m = nn.LSTM(I, H, L).to(dev); x = torch.randn(T, B, I, device=dev, requires_grad=True); dy = torch.randn(T, B, H, device=dev)
        def fwd():
            with torch.no_grad(): m(x)
        def fb():
            m(x)[0].backward(dy); x.grad = None
            for p in m.parameters(): p.grad = None
        tag = f"T{T}B{B}I{I}H{H}"
        row(f"lstm.fwd.{tag}", fwd); row(f"lstm.fwdbwd.{tag}", fb)
        if cuda: row(f"lstm.fwd.graph.{tag}", graphed(fwd))

def crf_nll(s, target, mask, start, end):
    T, B, K, _ = s.shape
    gold = s.view(T, B, -1).gather(2, target.unsqueeze(2)).squeeze(2).masked_select(mask).sum()
    part = s[0][:, start, :]
    for t in range(1, T):
        new = torch.logsumexp(s[t] + part.unsqueeze(2), 1)
        part = torch.where(mask[t].unsqueeze(1), new, part)
    return (part[:, end].sum() - gold) / B

def crf_viterbi(s, mask, end):
    T, B, K, _ = s.shape
    score, back = s[0][:, K - 2, :], []
    for t in range(1, T):
        score, bp = (s[t] + score.unsqueeze(2)).max(1)
        back.append(bp.masked_fill(~mask[t].unsqueeze(1), end))
    p = back[-1][:, end]; out = [p]
    for bp in reversed(back[:-1]):
        p = bp.gather(1, p.unsqueeze(1)).squeeze(1); out.append(p)
    return torch.stack(out[::-1])

def crf():
    ten = lambda f: timed(f, 10)
    for T, B in ((20, 10), (40, 128), (40, 1024)):
        K = 19
        e = torch.randn(T, B, K, device=dev, requires_grad=True); tr = torch.randn(K, K, device=dev, requires_grad=True)
        target = torch.randint(0, K * K, (T, B), device=dev); mask = torch.ones(T, B, dtype=torch.bool, device=dev)
        pot = lambda: e.unsqueeze(2) + tr.view(1, 1, K, K)
        def fb():
            crf_nll(pot(), target, mask, K - 2, K - 1).backward(); e.grad = None; tr.grad = None
        def vit():
            with torch.no_grad(): crf_viterbi(pot(), mask, K - 1)
        row(f"crf.nll.fwdbwd.T{T}B{B}K{K}", fb, ten); row(f"crf.viterbi.T{T}B{B}K{K}", vit, ten)
        if cuda and B == 128:
            # The compiled T-step loop: the strongest thing a PyTorch user would write in an afternoon.
            try:
                cn = torch.compile(crf_nll, dynamic=False)
                def fbc():
                    cn(pot(), target, mask, K - 2, K - 1).backward(); e.grad = None; tr.grad = None
                t0 = time.time(); fbc(); c = time.time() - t0
                row(f"crf.nll.fwdbwd.compiled.T{T}B{B}K{K}", fbc, ten, compile_s=round(c, 1))
            except Exception as ex: print("# compile:", str(ex)[:120])

def gemm():
    for M, N, K in ((2560, 1200, 3000), (2560, 1200, 300), (128, 1200, 300), (2560, 1600, 3300), (2560, 36000, 1600), (2048, 2048, 2048), (4096, 4096, 4096)):
        if not wanted(f"gemm.{M}x{N}x{K}") and not wanted(f"gemm.NT.{M}x{N}x{K}"): continue
        rate = "tflops", lambda us: round(2 * M * N * K / us / 1e6, 3)
        a = torch.randn(M, K, device=dev); b = torch.randn(K, N, device=dev); bt = torch.randn(N, K, device=dev)
        row(f"gemm.{M}x{N}x{K}", lambda: a @ b, timed, rate, tf32=torch.backends.cuda.matmul.allow_tf32)
        row(f"gemm.NT.{M}x{N}x{K}", lambda: a @ bt.t(), timed, rate, tf32=torch.backends.cuda.matmul.allow_tf32)

class Tagger(nn.Module):
    def __init__(self, lm_layers, hid=300, K=19):
        super().__init__()
        self.ce = nn.Embedding(90, 30); self.we = nn.Embedding(400_000, 100); self.fe = nn.Embedding(200_000, 300); self.be = nn.Embedding(200_000, 300)
        self.cf, self.cb = nn.LSTM(30, 150), nn.LSTM(30, 150)
        self.f, self.b = DenseLstm(lm_layers), DenseLstm(lm_layers)
        for m in (self.fe, self.be, self.f, self.b):
            for p in m.parameters(): p.requires_grad = False
        self.cs, self.ls = nn.Linear(300, 100), nn.Linear(self.f.width * 2, 100)
        self.rnn = nn.LSTM(300, 150, bidirectional=True); self.out = nn.Linear(300, K); self.tr = nn.Parameter(torch.zeros(K, K)); self.K = K
        self.drop = nn.Dropout(0.5)
    def forward(self, fc, fp, bc, bp, w, wl, rev):
        T, B = w.shape; d = self.drop
        cf = self.cf(d(self.ce(fc)))[0].view(-1, 150).index_select(0, fp).view(T, B, 150)
        cb = self.cb(d(self.ce(bc)))[0].view(-1, 150).index_select(0, bp).view(T, B, 150)
        c = self.cs(d(torch.cat([cf, cb], 2)))
        lf = self.f(self.fe(wl)); lb = self.b(self.be(wl)); lb = lb.view(T * B, -1).index_select(0, rev).view(T, B, -1)
        l = torch.relu(self.ls(d(torch.cat([lf, lb], 2))))
        h = self.rnn(d(torch.cat([c, l, self.we(w)], 2)))[0]
        return self.out(d(h)).unsqueeze(2) + self.tr

def tag_batch(T, B, chars=6):
    C = T * chars
    fc = torch.randint(0, 90, (C, B), device=dev)
    fp = (torch.arange(1, T + 1, device=dev).unsqueeze(1) * chars - 1).mul(B).add(torch.arange(B, device=dev)).view(-1)
    return fc, fp, fc, fp, zipf(T * B, 400_000).view(T, B).to(dev), zipf(T * B, 200_000).view(T, B).to(dev), torch.arange(T * B - 1, -1, -1, device=dev)

def infer():
    for layers, tag in ((10, "origin"), (1, "pruned")):
        net = Tagger(layers).to(dev).eval()
        for B in (10, 128, 512):
            T = 20; batch = tag_batch(T, B); mask = torch.ones(T, B, dtype=torch.bool, device=dev)
            def go():
                with torch.no_grad(): crf_viterbi(net(*batch), mask, net.K - 1)
            row(f"infer.{tag}.B{B}", go, wall, words_per_s(T * B))

def train():
    for layers, tag in ((10, "origin"), (1, "pruned")):
        net = Tagger(layers).to(dev).train(); par = [p for p in net.parameters() if p.requires_grad]
        opt = torch.optim.SGD(par, lr=0.015, momentum=0.9)
        for B in (10, 64):
            T = 20; batch = tag_batch(T, B); mask = torch.ones(T, B, dtype=torch.bool, device=dev); target = torch.randint(0, net.K ** 2, (T, B), device=dev)
            def step():
                opt.zero_grad(set_to_none=True); crf_nll(net(*batch), target, mask, net.K - 2, net.K - 1).backward()
                torch.nn.utils.clip_grad_norm_(par, 5.0); opt.step()
            row(f"train.{tag}.B{B}", step, wall, words_per_s(T * B))

print("#", torch.__version__, torch.cuda.get_device_name() if cuda else f"cpu x{torch.get_num_threads()}", "cudnn", torch.backends.cudnn.version())
torch.manual_seed(0); random.seed(0)
for on in ((True, False) if cuda and args.tf32 == "both" else (args.tf32 != "off",)):
    if cuda: tf32(on); print("# tf32", on)
    for w in args.what.split(","):
        if cuda and not on and w in ("crf",): continue
        try: globals()[w]()
        except Exception as e: print(f"# {w} failed: {type(e).__name__}: {str(e)[:200]}", flush=True)
