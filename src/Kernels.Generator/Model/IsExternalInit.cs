namespace System.Runtime.CompilerServices;

/// <summary>What the compiler asks for where records are used; .NET Standard 2.0 lacks it.</summary>
static class IsExternalInit;
