/* Bytes to a hub over a plain socket: what no client of ours would send. Everything has a deadline, and fails the running
   test by itself. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int raw_connect(uint16_t port);
/* Reads until the other side closes or `ms` pass; returns whether it closed. */
bool raw_read(int fd, char *out, size_t size, int ms);
/* false: the other side takes no more. */
bool raw_send(int fd, const char *bytes, size_t len);
/* Sends a text on a connection of its own, gives what comes back until it closes or five seconds have passed. */
void raw_ask(uint16_t port, const char *text, char *got, size_t size);
