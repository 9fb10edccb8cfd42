using System.Buffers.Binary;

namespace LdNetGpu.Train.Import;

/// <summary>
/// What the pickles of the published code's vocabularies name: ordered dictionaries, and NumPy's doubles, which stand
/// among word vectors.
/// </summary>
class PlainNames : IPickleNames
{
    static readonly PickleGlobal Ordered = new("collections", "OrderedDict"), Type = new("numpy", "dtype"),
        Scalar = new("numpy.core.multiarray", "scalar"), NewerScalar = new("numpy._core.multiarray", "scalar");

    public virtual bool Knows(PickleGlobal global) =>
        global == Ordered || global == Type || global == Scalar || global == NewerScalar;

    public virtual object? Make(PickleGlobal global, object?[] arguments)
    {
        if (global == Ordered) return Dictionary(arguments);
        if (global == Type) return arguments is [string code, ..] ? new PickleNumberType(code) : null;
        return (global == Scalar || global == NewerScalar)
            && arguments is [PickleNumberType { Code: "f8" }, byte[] { Length: sizeof(double) } number]
            ? BinaryPrimitives.ReadDoubleLittleEndian(number) : null;
    }

    public virtual object? Refer(object? id) => null;

    // Python 2 gives the pairs as a list of lists.
    static PickleDictionary? Dictionary(object?[] arguments)
    {
        var made = new PickleDictionary();
        if (arguments.Length == 0) return made;
        if (arguments is not [PickleList { Numbers: 0 } pairs]) return null;
        foreach (var pair in pairs.Items)
        {
            var (key, value) = pair switch
            {
                object?[] and [string name, var second] => (name, second),
                PickleList { Items: [string name, var second], Numbers: 0 } => (name, second),
                _ => (null, null),
            };
            if (key is null) return null;
            made[key] = value;
        }
        return made;
    }
}
