/* echo PORT [ADDRESS]: sends back what arrives, on TCP and on UDP. */
#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int bound(int type, int port, const char *address) {
  int on = 1, s = socket(AF_INET, type, 0);
  struct sockaddr_in a;
  memset(&a, 0, sizeof a);
  a.sin_family = AF_INET;
  a.sin_port = htons((unsigned short)port);
  a.sin_addr.s_addr = inet_addr(address);
  if (s < 0) exit(1);
  setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(s, (struct sockaddr *)&a, sizeof a) < 0) exit(1);
  return s;
}

static void stop(int signal) {
  (void)signal;
  _exit(0);
}

int main(int argc, char **argv) {
  int port = argc > 1 ? atoi(argv[1]) : 7;
  const char *address = argc > 2 ? argv[2] : "0.0.0.0";
  int tcp, udp;
  char b[65536];
  signal(SIGTERM, stop);
  signal(SIGCHLD, SIG_IGN);
  tcp = bound(SOCK_STREAM, port, address);
  udp = bound(SOCK_DGRAM, port, address);
  if (listen(tcp, 64) < 0) return 1;
  for (;;) {
    struct pollfd p[2] = {{tcp, POLLIN, 0}, {udp, POLLIN, 0}};
    if (poll(p, 2, -1) < 0) continue;
    if (p[0].revents) {
      int c = accept(tcp, 0, 0);
      if (c >= 0 && fork() == 0) {
        ssize_t n;
        while ((n = read(c, b, sizeof b)) > 0)
          if (write(c, b, (size_t)n) != n) break;
        _exit(0);
      }
      close(c);
    }
    if (p[1].revents) {
      struct sockaddr_in from;
      socklen_t size = sizeof from;
      ssize_t n = recvfrom(udp, b, sizeof b, 0, (struct sockaddr *)&from, &size);
      if (n >= 0) sendto(udp, b, (size_t)n, 0, (struct sockaddr *)&from, size);
    }
  }
}
