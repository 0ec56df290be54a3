/* dns NAME=ADDRESS...: answers for these names and no other, on port 53 by UDP and by TCP.
   The names are all that a cluster's DNS has to know of IPv4. */
#include <arpa/inet.h>
#include <ctype.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HEADER = 12, QUERY_MAX = 512, A = 1, NAME_UNKNOWN = 3 };

static char **table;

static int bound(int type) {
  int on = 1, s = socket(AF_INET, type, 0);
  struct sockaddr_in a;
  memset(&a, 0, sizeof a);
  a.sin_family = AF_INET;
  a.sin_port = htons(53);
  if (s < 0) return -1;
  setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(s, (struct sockaddr *)&a, sizeof a) < 0) {
    perror(type == SOCK_STREAM ? "port 53 by TCP" : "port 53 by UDP");
    return -1;
  }
  return s;
}

/* The name of the question with dots; returns where it ends, or 0. */
static size_t question(const unsigned char *q, size_t n, char *name) {
  size_t i = HEADER, out = 0;
  while (i < n && q[i] != 0) {
    size_t label = q[i++];
    if (label > 63 || i + label >= n || out + label + 2 > 256) return 0;
    while (label--) name[out++] = (char)tolower(q[i++]);
    name[out++] = '.';
  }
  name[out > 0 ? out - 1 : 0] = 0;
  return i + 5 <= n ? i + 5 : 0;
}

static const char *lookup(const char *name) {
  for (char **entry = table; *entry; entry++) {
    size_t length = strlen(name);
    if (strncmp(*entry, name, length) == 0 && (*entry)[length] == '=') return *entry + length + 1;
  }
  return 0;
}

/* Makes the answer in the query's place; q has room for 16 bytes more. */
static size_t answer(unsigned char *q, size_t n) {
  static const unsigned char record[] = {0xc0, HEADER, 0, A, 0, 1, 0, 0, 0, 5, 0, 4};
  char name[257];
  size_t end = n > HEADER ? question(q, n, name) : 0;
  const char *address;
  if (!end) return 0;
  address = lookup(name);
  q[2] = 0x84 | (q[2] & 1); /* an answer, with authority */
  q[3] = (unsigned char)(address ? 0 : NAME_UNKNOWN);
  memset(q + 6, 0, 6); /* additional records are not read */
  if (!address || q[end - 4] != 0 || q[end - 3] != A) return end;
  q[7] = 1;
  memcpy(q + end, record, sizeof record);
  inet_pton(AF_INET, address, q + end + sizeof record);
  return end + sizeof record + 4;
}

static int all(int s, unsigned char *b, size_t n) {
  while (n > 0) {
    ssize_t got = read(s, b, n);
    if (got <= 0) return 0;
    b += got;
    n -= (size_t)got;
  }
  return 1;
}

static void converse(int s) {
  unsigned char b[2 + QUERY_MAX + 16];
  while (all(s, b, 2)) {
    size_t n = (size_t)b[0] << 8 | b[1];
    if (n > QUERY_MAX || !all(s, b + 2, n) || !(n = answer(b + 2, n))) return;
    b[0] = (unsigned char)(n >> 8);
    b[1] = (unsigned char)n;
    if (write(s, b, n + 2) != (ssize_t)(n + 2)) return;
  }
}

static void stop(int signal) {
  (void)signal;
  _exit(0);
}

int main(int argc, char **argv) {
  struct pollfd p[2];
  (void)argc;
  table = argv + 1;
  signal(SIGTERM, stop);
  signal(SIGCHLD, SIG_IGN);
  p[0].fd = bound(SOCK_STREAM);
  p[1].fd = bound(SOCK_DGRAM);
  p[0].events = p[1].events = POLLIN;
  if (p[0].fd < 0 || p[1].fd < 0 || listen(p[0].fd, 64) < 0) return 1;
  for (;;) {
    if (poll(p, 2, -1) < 0) continue;
    if (p[0].revents) {
      int c = accept(p[0].fd, 0, 0);
      if (c >= 0 && fork() == 0) {
        converse(c);
        _exit(0);
      }
      close(c);
    }
    if (p[1].revents) {
      unsigned char b[QUERY_MAX + 16];
      struct sockaddr_in from;
      socklen_t size = sizeof from;
      ssize_t n = recvfrom(p[1].fd, b, QUERY_MAX, 0, (struct sockaddr *)&from, &size);
      size_t out = n > 0 ? answer(b, (size_t)n) : 0;
      if (out) sendto(p[1].fd, b, out, 0, (struct sockaddr *)&from, size);
    }
  }
}
