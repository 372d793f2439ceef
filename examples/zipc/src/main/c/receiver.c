/* Waits for each message of sender.c or of Waiting.java, until none comes in time. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "zipc.h"

#define QUEUE_SIZE 8
#define MESSAGE_SIZE 1536
#define PATIENCE 800 /* milliseconds */

int main(void) {
    ZipcContext receiver = zipc_create_receiver("/my-zipc-path", QUEUE_SIZE, MESSAGE_SIZE);
    if (receiver.queue == NULL) {
        fprintf(stderr, "receiver: %s\n", zipc_error());
        return 1;
    }
    for (;;) {
        uint8_t *message; /* NULL if there is none: an empty message has the length 0, too */
        uint32_t length = zipc_receive_blocking(&receiver, &message, PATIENCE);
        if (message == NULL) {
            break;
        }
        printf("received message of len: %u\n", length);
        fflush(stdout);
    }
    int error = errno;
    zipc_destroy(&receiver);
    if (error != ETIMEDOUT) {
        fprintf(stderr, "receiver: the queue cannot be read: %s\n", strerror(error));
        return 1;
    }
    return 0;
}
