/* The ring of long messages: mapped once, before the fork, and reset after each slice. */
#ifndef LARGE_H
#define LARGE_H

#include <stdint.h>

void map_large(void);
void reset_large(void);
void lead_large(uint64_t length);
void follow_large(uint64_t *messages, uint64_t *nanos);

#endif
