/* Sends a greeting five times a second until it is stopped, to receiver.c or to Waiting.java. */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include "zipc.h"

#define QUEUE_SIZE 8
#define MESSAGE_SIZE 1536

int main(void) {
    ZipcContext sender = zipc_create_sender("/my-zipc-path", QUEUE_SIZE, MESSAGE_SIZE);
    if (sender.queue == NULL) {
        fprintf(stderr, "sender: %s\n", zipc_error());
        return 1;
    }
    const char *greeting = "hello!"; /* sent without its zero */
    const struct timespec fifth = {0, 200 * 1000 * 1000};
    for (;;) {
        /* false if the queue is full: without a receiver, further greetings are not sent */
        zipc_send(&sender, (const uint8_t *)greeting, strlen(greeting));
        nanosleep(&fifth, NULL);
    }
}
