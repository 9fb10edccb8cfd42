// An NVRTC that compiles nothing: each attempt fails with RESULT and a log that names a line, as the real one's do.
#include <stddef.h>
#include <string.h>

#ifndef MINOR
#define MINOR 0 // of its version
#endif
#ifndef RESULT
#define RESULT 6 // NVRTC_ERROR_COMPILATION
#endif

static const char log_text[] = "Kernels.cs(7): error: this compiler takes nothing";

int nvrtcVersion(int *major, int *minor) { *major = 13; *minor = MINOR; return 0; }
const char *nvrtcGetErrorString(int code) { return code ? "NVRTC_ERROR_COMPILATION" : "NVRTC_SUCCESS"; }
int nvrtcGetNumSupportedArchs(int *count) { *count = 2; return 0; }
int nvrtcGetSupportedArchs(int *known) { known[0] = 80; known[1] = 90; return 0; }
int nvrtcCreateProgram(void **program, const char *text, const char *name, int headers, const char **sources, const char **names) {
    (void)text; (void)name; (void)headers; (void)sources; (void)names;
    *program = (void *)1;
    return 0;
}
int nvrtcDestroyProgram(void **program) { *program = NULL; return 0; }
int nvrtcCompileProgram(void *program, int count, const char **options) { (void)program; (void)count; (void)options; return RESULT; }
int nvrtcGetProgramLogSize(void *program, size_t *size) { (void)program; *size = sizeof log_text; return 0; }
int nvrtcGetProgramLog(void *program, char *log) { (void)program; memcpy(log, log_text, sizeof log_text); return 0; }
int nvrtcGetCUBINSize(void *program, size_t *size) { (void)program; *size = 0; return 6; }
int nvrtcGetCUBIN(void *program, char *image) { (void)program; (void)image; return 6; }
int nvrtcGetPTXSize(void *program, size_t *size) { (void)program; *size = 0; return 6; }
int nvrtcGetPTX(void *program, char *image) { (void)program; (void)image; return 6; }
