using static TorchSharp.torch;

namespace LdNetGpu.Bench.Torch;

/// <summary>The rows of bench/Cpu's table by libtorch, as its users write them: same shapes, same names.</summary>
static class Rows
{
    const int Steps = 20, Size = 300, StackLayers = 10;

    /// <summary>Makes the operands of a row, and returns what is timed.</summary>
    /// <exception cref="ArgumentException">There is no such row.</exception>
    public static Action Prepare(string name) => name switch
    {
        "gemm.2048x2048x2048" => Product(2048, 2048, 2048),
        "gemm.NT.2048x2048x2048" => ProductNT(2048, 2048, 2048),
        "gemm.2560x1200x300" => Product(2560, 1200, 300),
        "gemm.NT.2560x1200x300" => ProductNT(2560, 1200, 300),
        "gemm.NT.2560x1200x3000" => ProductNT(2560, 1200, 3000),
        "lstm.fwd.T20B128I300H300" => LstmForward(128),
        "lstm.fwdbwd.T20B128I300H300" => LstmWithGradients(128),
        "lstm.fwdbwd.T20B10I300H300" => LstmWithGradients(10),
        "dense.fwd.drop0.0" => StackForward(),
        "dense.fwdbwd.drop0.0" => StackWithGradients(0),
        "dense.fwdbwd.drop0.5" => StackWithGradients(0.5),
        "crf.nll.fwdbwd.T40B128K19" => CrfLoss(40, 128, 19),
        "crf.viterbi.T40B128K19" => CrfDecoding(40, 128, 19),
        "infer.origin.B128" => Inference(10, 128),
        "infer.pruned.B128" => Inference(1, 128),
        "train.origin.B10" => TrainingStep(10, 10),
        "train.pruned.B10" => TrainingStep(1, 10),
        _ => throw new ArgumentException($"There is no row '{name}'."),
    };

    static Action Product(int rows, int columns, int depth)
    {
        var (a, b) = (randn(rows, depth), randn(depth, columns));
        return () => a.mm(b);
    }

    static Action ProductNT(int rows, int columns, int depth)
    {
        var (a, b) = (randn(rows, depth), randn(columns, depth));
        return () => a.mm(b.t());
    }

    static Action LstmForward(int batch)
    {
        var (lstm, x) = (nn.LSTM(Size, Size), randn(Steps, batch, Size));
        return () =>
        {
            using var _ = no_grad();
            lstm.call(x);
        };
    }

    static Action LstmWithGradients(int batch)
    {
        var lstm = nn.LSTM(Size, Size);
        var x = randn([Steps, batch, Size], requires_grad: true);
        var cotangent = randn(Steps, batch, Size);
        return () =>
        {
            lstm.call(x).Item1.backward([cotangent]);
            x.grad = null;
            ClearGradients(lstm);
        };
    }

    static Action StackForward()
    {
        var (stack, x) = (new DenseLstm(StackLayers), randn(Steps, 128, Size));
        return () =>
        {
            using var _ = no_grad();
            stack.call(x);
        };
    }

    static Action StackWithGradients(double layerDropout)
    {
        var (stack, x) = (new DenseLstm(StackLayers, layerDropout), randn(Steps, 128, Size));
        var cotangent = randn(Steps, 128, stack.Width);
        return () =>
        {
            stack.call(x).backward([cotangent]);
            ClearGradients(stack);
        };
    }

    static Action CrfLoss(int steps, int batch, int tags)
    {
        var emissions = randn([steps, batch, tags], requires_grad: true);
        var transitions = randn([tags, tags], requires_grad: true);
        var target = randint(0, tags * tags, [steps, batch]);
        var mask = ones([steps, batch], ScalarType.Bool);
        return () =>
        {
            Crf.Loss(emissions.unsqueeze(2) + transitions, target, mask).backward();
            emissions.grad = transitions.grad = null;
        };
    }

    static Action CrfDecoding(int steps, int batch, int tags)
    {
        var (emissions, transitions) = (randn(steps, batch, tags), randn(tags, tags));
        var mask = ones([steps, batch], ScalarType.Bool);
        return () =>
        {
            using var _ = no_grad();
            Crf.Viterbi(emissions.unsqueeze(2) + transitions, mask);
        };
    }

    static Action Inference(int layers, int batch)
    {
        var tagger = new Tagger(layers);
        tagger.eval();
        var words = TaggerInput.Random(Steps, batch);
        var mask = ones([Steps, batch], ScalarType.Bool);
        return () =>
        {
            using var _ = no_grad();
            Crf.Viterbi(tagger.call(words), mask);
        };
    }

    static Action TrainingStep(int layers, int batch)
    {
        var tagger = new Tagger(layers);
        var trainable = tagger.parameters().Where(parameter => parameter.requires_grad).ToArray();
        var optimizer = optim.SGD(trainable, learningRate: 0.015, momentum: 0.9);
        var words = TaggerInput.Random(Steps, batch);
        var mask = ones([Steps, batch], ScalarType.Bool);
        var target = randint(0, Tagger.Tags * Tagger.Tags, [Steps, batch]);
        return () =>
        {
            optimizer.zero_grad();
            Crf.Loss(tagger.call(words), target, mask).backward();
            nn.utils.clip_grad_norm_(trainable, 5);
            optimizer.step();
        };
    }

    static void ClearGradients(nn.Module module)
    {
        foreach (var parameter in module.parameters()) parameter.grad = null;
    }
}
