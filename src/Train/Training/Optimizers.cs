using LdNetGpu.Autograd;
using LdNetGpu.Model;
using LdNetGpu.Model.Configuration;

namespace LdNetGpu.Train.Training;

static class Optimizers
{
    public static Optimizer<float> Create(OptimizerKind kind, Module<float> model, double learningRate,
        double momentum) => kind switch
    {
        OptimizerKind.Adam => new Adam<float>(model.Trainable(), learningRate),
        OptimizerKind.Adagrad => new Adagrad<float>(model.Trainable(), learningRate),
        OptimizerKind.Adadelta => new Adadelta<float>(model.Trainable(), learningRate),
        OptimizerKind.Sgd => new Sgd<float>(model.Trainable(), learningRate, momentum),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No optimizer has this name."),
    };
}
