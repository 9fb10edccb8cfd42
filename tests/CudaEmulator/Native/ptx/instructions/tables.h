// The instruction tables. A new instruction is a row of one of them, and, where C++ has no word for what it does, a
// function of the prelude.
#pragma once
#include "../forms.h"

namespace emu::ptx
{
extern const std::vector<Form> integerForms, carryForms, bitForms;
extern const std::vector<Form> realForms, halfForms, approximationForms, comparisonForms;
extern const std::vector<Form> moveForms, conversionForms, loadForms, storeForms;
extern const std::vector<Form> atomicForms, blockForms, warpForms, matrixForms, copyForms;

inline std::vector<const std::vector<Form>*> instructionTables()
{
    return {&integerForms, &carryForms, &bitForms, &realForms, &halfForms, &approximationForms, &comparisonForms,
        &moveForms, &conversionForms, &loadForms, &storeForms, &atomicForms, &blockForms, &warpForms, &matrixForms,
        &copyForms};
}
}
