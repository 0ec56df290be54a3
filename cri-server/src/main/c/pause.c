/*
 * The program of the built-in sandbox image: holds a pod's namespaces open and buries its dead.
 *
 *   pause               waits; ends with 0 on SIGTERM or SIGINT
 *   pause hello [PORT]  prints a line and sends one to whoever connects to the port (8080)
 *   pause say TEXT...   prints the text and ends
 *
 * As process 1 of a shared PID namespace it inherits every orphan of the pod, so each mode that
 * stays collects the children that end. It needs no library and no file besides itself, because
 * the image contains nothing else: system calls are made directly, for amd64 and arm64.
 */
#include <stddef.h>
#include <stdint.h>

/* ---- The kernel's interface ---- */

#if defined(__x86_64__)
enum {
  SYS_write = 1, SYS_close = 3, SYS_rt_sigprocmask = 14, SYS_read = 0, SYS_socket = 41,
  SYS_sendto = 44, SYS_bind = 49, SYS_listen = 50, SYS_setsockopt = 54, SYS_wait4 = 61,
  SYS_uname = 63, SYS_exit_group = 231, SYS_ppoll = 271, SYS_accept4 = 288, SYS_signalfd4 = 289
};

static long call6(long number, long a, long b, long c, long d, long e, long f) {
  long result;
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  register long r9 __asm__("r9") = f;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  return result;
}

__asm__(
    ".globl _start\n"
    "_start:\n"
    "  xor %ebp, %ebp\n"
    "  mov %rsp, %rdi\n"
    "  and $-16, %rsp\n"
    "  call start\n");
#elif defined(__aarch64__)
enum {
  SYS_write = 64, SYS_close = 57, SYS_rt_sigprocmask = 135, SYS_read = 63, SYS_socket = 198,
  SYS_sendto = 206, SYS_bind = 200, SYS_listen = 201, SYS_setsockopt = 208, SYS_wait4 = 260,
  SYS_uname = 160, SYS_exit_group = 94, SYS_ppoll = 73, SYS_accept4 = 242, SYS_signalfd4 = 74
};

static long call6(long number, long a, long b, long c, long d, long e, long f) {
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  register long x3 __asm__("x3") = d;
  register long x4 __asm__("x4") = e;
  register long x5 __asm__("x5") = f;
  __asm__ volatile("svc #0"
                   : "+r"(x0)
                   : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                   : "memory");
  return x0;
}

__asm__(
    ".globl _start\n"
    "_start:\n"
    "  mov x29, #0\n"
    "  mov x30, #0\n"
    "  mov x0, sp\n"
    "  bl start\n");
#else
#error "pause is written for amd64 and arm64"
#endif

#define CALL(number, a, b, c, d) call6(number, (long)(a), (long)(b), (long)(c), (long)(d), 0, 0)

enum { SIGINT = 2, SIGPIPE = 13, SIGTERM = 15, SIGCHLD = 17 };
enum { SIG_BLOCK = 0, WNOHANG = 1, POLLIN = 1, EINTR = 4 };
enum { AF_INET = 2, AF_INET6 = 10, SOCK_STREAM = 1, NONBLOCKING = 04000, CLOSE_ON_EXEC = 02000000 };
enum { SOL_SOCKET = 1, SO_REUSEADDR = 2, IPPROTO_IPV6 = 41, IPV6_V6ONLY = 26 };

struct pollfd { int fd; short events; short revents; };
struct sockaddr_in { uint16_t family; uint16_t port; uint32_t address; uint8_t zero[8]; };
struct sockaddr_in6 {
  uint16_t family; uint16_t port; uint32_t flow; uint8_t address[16]; uint32_t scope;
};
/* The first word names the signal; the rest of the 128 bytes does not matter here. */
struct signalfd_siginfo { uint32_t signal; uint8_t rest[124]; };
struct utsname { char system[65], node[65], release[65], version[65], machine[65], domain[65]; };

/* ---- Output ---- */

static __attribute__((noreturn)) void end(int status) {
  for (;;) CALL(SYS_exit_group, status, 0, 0, 0);
}

static size_t length(const char *text) {
  size_t n = 0;
  while (text[n]) n++;
  return n;
}

static int same(const char *a, const char *b) {
  while (*a && *a == *b) a++, b++;
  return *a == *b;
}

/* One line, put together before it is written, so that it arrives in one piece. */
static struct { char text[4096]; size_t length; } line;

static void add(const char *text) {
  for (; *text && line.length < sizeof line.text - 1; text++) line.text[line.length++] = *text;
}

static void print(int fd) {
  for (size_t done = 0; done < line.length;) {
    long n = CALL(SYS_write, fd, line.text + done, line.length - done, 0);
    if (n == -EINTR) continue;
    if (n <= 0) return;
    done += n;
  }
}

static __attribute__((noreturn)) void fail(int status, const char *why) {
  line.length = 0;
  add("pause: ");
  add(why);
  add("\n");
  print(2);
  end(status);
}

/* ---- What it does ---- */

static int open_signals(void) {
  /* Blocked signals wait in the descriptor; process 1 would otherwise never see them. */
  uint64_t blocked = 1ull << (SIGINT - 1) | 1ull << (SIGTERM - 1) | 1ull << (SIGCHLD - 1);
  uint64_t with_pipe = blocked | 1ull << (SIGPIPE - 1);
  CALL(SYS_rt_sigprocmask, SIG_BLOCK, &with_pipe, 0, sizeof with_pipe);
  long fd = CALL(SYS_signalfd4, -1, &blocked, sizeof blocked, NONBLOCKING | CLOSE_ON_EXEC);
  if (fd < 0) fail(1, "signalfd failed");
  return (int)fd;
}

static void bury_the_dead(void) {
  while (CALL(SYS_wait4, -1, 0, WNOHANG, 0) > 0) {}
}

static void read_signals(int signals) {
  static struct signalfd_siginfo info;
  while (CALL(SYS_read, signals, &info, sizeof info, 0) == sizeof info)
    if (info.signal == SIGTERM || info.signal == SIGINT) end(0);
  bury_the_dead();
}

/* Both families through one socket; only IPv4 where the kernel has no IPv6. */
static int open_port(unsigned port) {
  /* Filled in here: initialised data would be a segment of its own, as large as a page. */
  static struct sockaddr_in6 any6;
  static struct sockaddr_in any4;
  static const int yes = 1, no = 0;
  uint16_t in_network_order = (uint16_t)(port >> 8 | port << 8);
  int kind = SOCK_STREAM | NONBLOCKING | CLOSE_ON_EXEC;
  any6.family = AF_INET6;
  any4.family = AF_INET;
  any6.port = any4.port = in_network_order;

  long fd = CALL(SYS_socket, AF_INET6, kind, 0, 0);
  if (fd >= 0) {
    call6(SYS_setsockopt, fd, SOL_SOCKET, SO_REUSEADDR, (long)&yes, sizeof yes, 0);
    call6(SYS_setsockopt, fd, IPPROTO_IPV6, IPV6_V6ONLY, (long)&no, sizeof no, 0);
    if (CALL(SYS_bind, fd, &any6, sizeof any6, 0) == 0 && CALL(SYS_listen, fd, 128, 0, 0) == 0)
      return (int)fd;
    CALL(SYS_close, fd, 0, 0, 0);
  }
  fd = CALL(SYS_socket, AF_INET, kind, 0, 0);
  if (fd < 0) fail(1, "socket failed");
  call6(SYS_setsockopt, fd, SOL_SOCKET, SO_REUSEADDR, (long)&yes, sizeof yes, 0);
  if (CALL(SYS_bind, fd, &any4, sizeof any4, 0) != 0 || CALL(SYS_listen, fd, 128, 0, 0) != 0)
    fail(1, "the port cannot be listened on");
  return (int)fd;
}

static void greet_callers(int port) {
  for (;;) {
    long caller = CALL(SYS_accept4, port, 0, 0, NONBLOCKING | CLOSE_ON_EXEC);
    if (caller < 0) return;
    /* A line always fits into an empty socket's buffer. */
    CALL(SYS_sendto, caller, line.text, line.length, 0);
    CALL(SYS_close, caller, 0, 0, 0);
  }
}

/* Serves signals, and callers if there is a port, until it is told to end. */
static __attribute__((noreturn)) void stay(int signals, int port) {
  static struct pollfd fds[2];
  fds[0].fd = signals;
  fds[1].fd = port;
  fds[0].events = fds[1].events = POLLIN;
  bury_the_dead();
  for (;;) {
    /* The kernel skips negative descriptors. */
    call6(SYS_ppoll, (long)fds, 2, 0, 0, 0, 0);
    read_signals(signals);
    if (port >= 0) greet_callers(port);
  }
}

static unsigned port_from(const char *text) {
  unsigned port = 0;
  for (const char *c = text; *c; c++) {
    if (*c < '0' || *c > '9' || port > 65535) fail(2, "the port is not a number from 1 to 65535");
    port = port * 10 + (unsigned)(*c - '0');
  }
  if (port < 1 || port > 65535) fail(2, "the port is not a number from 1 to 65535");
  return port;
}

static __attribute__((noreturn)) void hello(unsigned port) {
  static struct utsname host;
  int signals = open_signals();
  int listening = open_port(port);
  add("hello from intermodal");
  if (CALL(SYS_uname, &host, 0, 0, 0) == 0) {
    add(", ");
    add(host.node);
  }
  add("\n");
  print(1);
  stay(signals, listening);
}

static __attribute__((noreturn)) void say(char **words) {
  for (char **word = words; *word; word++) {
    if (length(*word) + 2 > sizeof line.text - line.length) fail(2, "the text is too long");
    if (word != words) add(" ");
    add(*word);
  }
  add("\n");
  print(1);
  end(0);
}

/* The stack as the kernel leaves it: the number of arguments, the arguments, a null. */
__attribute__((noreturn, used)) void start(long *stack) {
  long count = stack[0];
  char **arguments = (char **)(stack + 1);
  if (count <= 1) stay(open_signals(), -1);
  if (same(arguments[1], "hello") && count <= 3)
    hello(count == 3 ? port_from(arguments[2]) : 8080);
  if (same(arguments[1], "say")) say(arguments + 2);
  fail(2, "usage: pause | pause hello [PORT] | pause say TEXT...");
}
