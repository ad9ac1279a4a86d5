/* Any bytes as a settings file: either settings or at least one mistake, no crash. */
#include "config/load.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

/* libconfig 1.5 forgets the texts it holds when it meets a syntax error. */
const char *__lsan_default_suppressions(void)
{
    return "leak:libconfig";
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_autoptr(Problems) problems = problems_new();
    g_autoptr(Settings) settings = settings_parse(text, "/nonexistent/fuzz.conf", problems);
    if ((settings == NULL) != (problems_count(problems) > 0))
        __builtin_trap();
    g_free(problems_text(problems));
    return 0;
}
