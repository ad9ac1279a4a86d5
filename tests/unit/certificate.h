#pragma once
/* Certificates for tests of TLS. */
#include <glib.h>
#include <stdbool.h>

/* A certificate for 127.0.0.1 that nobody signed; false without the program that makes it. */
static inline bool certificate_make(const char *cert, const char *key)
{
    int status = -1;
    const char *argv[] = {"openssl",  "req",
                          "-x509",    "-newkey",
                          "rsa:2048", "-nodes",
                          "-days",    "2",
                          "-subj",    "/CN=127.0.0.1",
                          "-addext",  "subjectAltName=IP:127.0.0.1",
                          "-keyout",  key,
                          "-out",     cert,
                          NULL};
    return g_spawn_sync(NULL, (char **)argv, NULL,
                        G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL,
                        NULL, &status, NULL) &&
           status == 0;
}
