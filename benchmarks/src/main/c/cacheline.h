/* What the two files of the C program have in common. */
#ifndef CACHELINE_H
#define CACHELINE_H

#include <stdint.h>

#define SETTLE_NANOS 10000000   /* of each slice, not counted: the processors wake up */

#if defined(__x86_64__)
#define PAUSE() __builtin_ia32_pause()
#else
#define PAUSE() __asm__ volatile("yield")
#endif

/* Says why on stdout and ends the process. */
void fail(const char *what);

uint64_t now(void);

/* The ring of long messages: mapped once, before the fork, and reset before each slice. */
void map_large(void);
void reset_large(void);
void lead_large(uint64_t length);
void follow_large(uint64_t *messages, uint64_t *nanos);

#endif
