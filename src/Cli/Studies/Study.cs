using LdNetGpu.Autograd;

namespace LdNetGpu.Cli.Studies;

/// <summary>Two implementations of one result: the ones that ship with the program, or a user's.</summary>
/// <param name="Name">As it is asked for.</param>
/// <param name="Question">What it finds out.</param>
/// <param name="First">The plain one.</param>
/// <param name="Second">The one that is to be better, whose speed is judged.</param>
sealed record Study(string Name, string Question, Func<int, IImplementation> First, Func<int, IImplementation> Second)
{
    /// <summary>Whether the two differ in kernels alone, and not where none run.</summary>
    public bool IsOfKernels { get; init; }

    /// <summary>One of implementations that are there already.</summary>
    /// <param name="name">Where they are from.</param>
    /// <param name="first">What the second is held against.</param>
    /// <param name="second">Whose speed is judged.</param>
    public static Study Of(string name, IImplementation first, IImplementation second) =>
        new(name, $"{first.Name}, or {second.Name}?", _ => first, _ => second);

    /// <summary>All that ship.</summary>
    public static IReadOnlyList<Study> All { get; } =
    [
        new("lstm-cell", "One step of an LSTM: a launch an operation, or the cell in one kernel?",
            batch => new LstmCell(batch, IsFused: false), batch => new LstmCell(batch, IsFused: true)),
        new("dense-concatenation", "Three densely connected layers: what they read copied together, or views of one "
            + "buffer?",
            batch => new DenseStack(batch, ByViews: false), batch => new DenseStack(batch, ByViews: true)),
        new("crf-warp", "A CRF's loss and gradients: the portable kernel, a group a sentence, or a warp a sentence?",
            batch => new CrfLoss(batch, ByWarps: false), batch => new CrfLoss(batch, ByWarps: true))
        {
            IsOfKernels = true,
        },
        new("cross-entropy", "Loss and gradient of a softmax: log-softmax and the rest apart, or one operation?",
            batch => new SoftmaxLoss(batch, IsFused: false), batch => new SoftmaxLoss(batch, IsFused: true)),
        new("dropout-on-load", "A linear layer of dropped inputs: dropped into memory first, or while they are read?",
            batch => new DroppedLinear(batch, OnLoad: false), batch => new DroppedLinear(batch, OnLoad: true)),
        new("one-pass-adam", "A step of Adam: a launch a parameter, or all in one?",
            batch => new AdamSteps(batch, AtOnce: false), batch => new AdamSteps(batch, AtOnce: true)),
    ];
}
