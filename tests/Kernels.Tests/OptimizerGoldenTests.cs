using System.Numerics;
using LdNetGpu.Kernels.Views;

namespace LdNetGpu.Tests;

public sealed class OptimizerGoldenFloatTests : OptimizerGoldenTests<float>;

public sealed class OptimizerGoldenDoubleTests : OptimizerGoldenTests<double>;

/// <summary>Twenty steps of each rule against PyTorch's.</summary>
public abstract class OptimizerGoldenTests<T> : KernelTest<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    [Theory]
    [InlineData("sgd")]
    [InlineData("adam")]
    [InlineData("adagrad")]
    [InlineData("adadelta")]
    public void EveryStepMatchesPyTorch(string rule)
    {
        var golden = Golden.Load("optimizers").Case(rule);
        var parameter = golden.View<T>(Device, "input/parameter", stride: 7);
        var gradients = golden.View<T>(Device, "input/parameter_gradients");
        var (path, rows) = (golden.Values("output/parameter"), parameter.Rows);
        var (first, second) = (Zeros(rows, parameter.Columns), Zeros(rows, parameter.Columns, 6));
        for (var step = 1; step <= 20; step++)
        {
            var gradient = gradients.SliceRows((step - 1) * rows, rows);
            switch (rule)
            {
                case "sgd": Backend.Optimizers.Sgd(parameter, gradient, first, new(0.015, 0.9)); break;
                case "adam": Backend.Optimizers.Adam(parameter, gradient, first, second, new(0.01, step)); break;
                case "adagrad": Backend.Optimizers.Adagrad(parameter, gradient, first, new(0.1)); break;
                default: Backend.Optimizers.Adadelta(parameter, gradient, first, second, new(1)); break;
            }
            var size = (int)parameter.Count;
            Tolerance.AssertClose(path[((step - 1) * size)..(step * size)], parameter, k: 8 + 2 * step);
        }
        parameter.AssertGapsUntouched();
        second.AssertGapsUntouched();
    }

    [Theory]
    [InlineData("sgd_rows")]
    [InlineData("adam_rows")]
    public void TouchedRowsAloneComeToWhatDenseUpdatesInPyTorchDo(string rule)
    {
        var golden = Golden.Load("optimizers").Case(rule);
        var table = golden.View<T>(Device, "input/parameter");
        var gradients = golden.Values("input/parameter_gradients");
        var touched = golden.Indices("input/touched");
        var (first, second, last) = (Zeros(6, 3), Zeros(6, 3), Views.Indices(Device, 0, 0, 0, 0, 0, 0));
        for (var step = 1; step <= 20; step++)
        {
            var rows = Enumerable.Range(0, 6).Where(r => touched[(step - 1) * 6 + r] == 1).ToArray();
            var gradient =
                Views.From(Device, rows.Length, 3, (r, c) => Number(gradients[((step - 1) * 6 + rows[r]) * 3 + c]));
            Update(Views.Indices(Device, rows), gradient, step);
        }
        Update(Views.Indices(Device, 0, 1, 2, 3, 4, 5), default, 20);
        Tolerance.AssertClose(golden.Values("output/parameter")[^18..], table, k: 40);

        void Update(IndexView rows, MatrixView<T> gradient, int step)
        {
            if (rule == "sgd_rows")
                Backend.Optimizers.SgdRows(table, rows, gradient, first, last, new(0.015, 0.9, Number: step));
            else Backend.Optimizers.AdamRows(table, rows, gradient, first, second, last, new(0.01, step));
        }
    }
}
