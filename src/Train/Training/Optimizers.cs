using LdNetGpu.Autograd;
using LdNetGpu.Model;
using LdNetGpu.Model.Configuration;

namespace LdNetGpu.Train.Training;

static class Optimizers
{
    public static Optimizer<float> Create(OptimizerKind kind, Module<float> model, double learningRate,
        double momentum, IStateShards? shards = null) => kind switch
    {
        OptimizerKind.Adam => new Adam<float>(model.Trainable(), learningRate, shards: shards),
        OptimizerKind.Adagrad => new Adagrad<float>(model.Trainable(), learningRate, shards: shards),
        OptimizerKind.Adadelta => new Adadelta<float>(model.Trainable(), learningRate, shards: shards),
        OptimizerKind.Sgd => new Sgd<float>(model.Trainable(), learningRate, momentum, shards),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No optimizer has this name."),
    };
}
