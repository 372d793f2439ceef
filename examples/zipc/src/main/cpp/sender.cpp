#include <iostream>
#include <chrono>
#include <thread>
#include "zipc.h"

#define QUEUE_SIZE 64
#define MESSAGE_SIZE 1024

int main() {
    ZipcContext sender = zipc_create_sender("/my-zipc-path", QUEUE_SIZE, MESSAGE_SIZE);

    const char* message = "hello";
    while (true) {
        zipc_send(&sender, (const uint8_t*)message, strlen(message) + 1);
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }

    // Clean up when done
    zipc_unlink("/my-zipc-path");
    return 0;
}
