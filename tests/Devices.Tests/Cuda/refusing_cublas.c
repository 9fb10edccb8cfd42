// A cuBLAS that takes no stream, and counts how often it was given back.
int destroyed;

int cublasCreate_v2(void **handle) { *handle = &destroyed; return 0; }
int cublasDestroy_v2(void *handle) { (void)handle; destroyed++; return 0; }
int cublasSetStream_v2(void *handle, void *stream) { (void)handle; (void)stream; return 1; }
int cublasSetMathMode(void *handle, int mode) { (void)handle; (void)mode; return 0; }
int cublasSgemm_v2(void) { return 1; }
int cublasDgemm_v2(void) { return 1; }
