/* token: prints signed tokens for tests, as the program itself would write them.
 *   token KEYFILE d|o|l|c FIRST SECOND... */
#include <stdio.h>
#include <stdlib.h>

/* libraries */
#include <glib.h>

/* rundbrief */
#include "base/token.h"

int main(int argc, char **argv)
{
    if (argc < 5) {
        fprintf(stderr, "usage: token KEYFILE d|o|l|c FIRST SECOND...\n");
        return 2;
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(Keyring) keyring = keyring_load(argv[1], &error);
    if (!keyring) {
        fprintf(stderr, "token: %s\n", error->message);
        return 1;
    }
    for (int i = 4; i < argc; i++) {
        char text[TOKEN_TEXT_SIZE];
        Token token = {(TokenPurpose)argv[2][0], atoll(argv[3]), atoll(argv[i])};
        token_encode(keyring, &token, text);
        puts(text);
    }
    return 0;
}
