// .entry and .func.
#pragma once
#include "context.h"

namespace emu::ptx
{
/// After .entry.
void translateEntry(Context& context);

/// After .func.
void translateFunction(Context& context);

/// Functions that are called and not in the text: those that the emulator brings; others are an error.
void defineExternals(Context& context);
}
