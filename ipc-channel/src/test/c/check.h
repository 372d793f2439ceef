/* What the programs that check zipc.h have in common. */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Ends the program with its line where a fact does not hold. */
#define CHECK(fact)                                                                    \
    do {                                                                               \
        if (!(fact)) {                                                                 \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #fact);         \
            exit(1);                                                                   \
        }                                                                              \
    } while (0)

/* Whether a message is this text, which has come without its zero. */
#define IS(message, length, text) \
    ((length) == strlen(text) && memcmp(message, text, strlen(text)) == 0)

#endif
