// NVRTC's functions for tests: "compiles" any text to its options, except text with the word broken; its log names a C# line.
// Text with the words no built-ins fails as without them.
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static const char *source;
static char seen[512];

int nvrtcVersion(int *major, int *minor) { *major = 12; *minor = 4; return 0; }
const char *nvrtcGetErrorString(int code) { return code == 6 ? "NVRTC_ERROR_COMPILATION" : "NVRTC_SUCCESS"; }
int nvrtcGetNumSupportedArchs(int *count) { *count = 3; return 0; }
int nvrtcGetSupportedArchs(int *architectures) { architectures[0] = 52; architectures[1] = 80; architectures[2] = 90; return 0; }
int nvrtcCreateProgram(void **program, const char *text, const char *name, int headers, const char **contents, const char **names)
{
    source = strdup(text);
    *program = (void *)1;
    return headers == 0 ? 0 : 1;
}
int nvrtcDestroyProgram(void **program) { *program = 0; return 0; }
int nvrtcCompileProgram(void *program, int count, const char **options)
{
    seen[0] = 0;
    for (int i = 0; i < count; i++) strcat(strcat(seen, options[i]), " ");
    return strstr(source, "broken") ? 6 : strstr(source, "no built-ins") ? 7 : 0;
}
static int size(size_t *bytes) { *bytes = strlen(seen); return 0; }
static int image(char *bytes) { memcpy(bytes, seen, strlen(seen)); return 0; }
int nvrtcGetCUBINSize(void *program, size_t *bytes) { return size(bytes); }
int nvrtcGetCUBIN(void *program, char *bytes) { return image(bytes); }
int nvrtcGetPTXSize(void *program, size_t *bytes) { return size(bytes); }
int nvrtcGetPTX(void *program, char *bytes) { return image(bytes); }
static const char log[] = "Kernels.cs(42): error: identifier \"broken\" is undefined";
int nvrtcGetProgramLogSize(void *program, size_t *bytes) { *bytes = sizeof(log); return 0; }
int nvrtcGetProgramLog(void *program, char *bytes) { memcpy(bytes, log, sizeof(log)); return 0; }
