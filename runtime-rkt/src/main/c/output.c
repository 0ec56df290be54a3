/*
 * Carries the streams of one container. It runs in the container's pod, before the container does
 * and until all that it said was taken, whether or not anybody on the host listens.
 *
 *   output FOLDER RECORDS INPUT
 *
 * In FOLDER it makes the pipes "stdin", "stdout" and "stderr" for the container, and the sockets
 * "sock-stdin", "sock-stdout" and "sock-stderr" for those who attach. When they are there it goes on
 * in the background. INPUT is "none"; "open" for an input that never ends; "once" for one that ends
 * with the first client; "terminal" for a terminal instead of the pipes, to which the link
 * "terminal" leads and whose output is "stdout".
 *
 * RECORDS is a file that it appends to, or "-":
 *
 *   2026-11-23T07:20:35.776443686Z stdout F a whole line
 *   2026-11-23T07:20:35.776443687Z stderr P a part of a line that has 16 KiB or more
 *   end
 *
 * No two records have the same time. A last line without an end is a whole one.
 *
 * A client hears what is read after it has connected, before what it types is read. One that takes
 * nothing holds the container up for a while, and is dropped then. SIGTERM says that the container
 * has ended.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum {
  IN = 0,
  OUT = 1,
  ERR = 2,
  STREAMS = 3,
  MOST_CLIENTS = 32,
  LONGEST = 16 * 1024,
  STAMP = 48,
  CHUNK = 64 * 1024,
  PIPE = 1024 * 1024,
  SLOW_CLIENT_MS = 30 * 1000,
  SLOW_CLIENT_AT_END_MS = 1000,
  DISK_AGAIN_MS = 100,
  DISK_ATTEMPTS = 50
};

struct stream {
  const char *name;
  int pipe;
  int listener;
  int clients[MOST_CLIENTS];
  int client_count;
  char line[STAMP + LONGEST + 1];
  size_t length;
};

static struct stream streams[STREAMS] = {
    {.name = "stdin", .pipe = -1, .listener = -1},
    {.name = "stdout", .pipe = -1, .listener = -1},
    {.name = "stderr", .pipe = -1, .listener = -1},
};
static int records = -1;
static bool torn;
static bool once;
static char typed[4096];
static size_t typed_length;
static bool input_over;
static volatile sig_atomic_t ending;

static void on_term(int signal) {
  (void)signal;
  ending = 1;
}

static int fail(const char *what) {
  fprintf(stderr, "output: %s: %s\n", what, strerror(errno));
  return 1;
}

/* Both ends are held, so that a container may close and open its own as it likes. */
static int make_pipe(struct stream *stream) {
  if ((mkfifo(stream->name, 0666) != 0 && errno != EEXIST) ||
      (stream->pipe = open(stream->name, O_RDWR | O_NONBLOCK | O_CLOEXEC)) < 0) {
    return fail(stream->name);
  }
  /* Anything goes if the kernel does not let it be larger. */
  (void)fcntl(stream->pipe, F_SETPIPE_SZ, PIPE);
  return 0;
}

/* The other end is held too, so that the terminal is there before and after the container. */
static int make_terminal(void) {
  int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (terminal < 0 || grantpt(terminal) != 0 || unlockpt(terminal) != 0) {
    return fail("a terminal");
  }
  const char *name = ptsname(terminal);
  unlink("terminal");
  if (!name || open(name, O_RDWR | O_NOCTTY | O_CLOEXEC) < 0 || symlink(name, "terminal") != 0) {
    return fail("the terminal");
  }
  streams[OUT].pipe = terminal;
  streams[IN].pipe = fcntl(terminal, F_DUPFD_CLOEXEC, 0);
  return 0;
}

static int make_socket(struct stream *stream) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  snprintf(address.sun_path, sizeof address.sun_path, "sock-%s", stream->name);
  unlink(address.sun_path);
  stream->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (stream->listener < 0 ||
      bind(stream->listener, (struct sockaddr *)&address, sizeof address) != 0 ||
      listen(stream->listener, MOST_CLIENTS) != 0) {
    return fail(address.sun_path);
  }
  return 0;
}

static void stamp(char *at, size_t size, const char *name, char tag) {
  static struct timespec last;
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (now.tv_sec < last.tv_sec || (now.tv_sec == last.tv_sec && now.tv_nsec <= last.tv_nsec)) {
    now = last;
    if (++now.tv_nsec == 1000000000) {
      now.tv_nsec = 0;
      now.tv_sec++;
    }
  }
  last = now;
  struct tm utc;
  gmtime_r(&now.tv_sec, &utc);
  char seconds[24];
  strftime(seconds, sizeof seconds, "%Y-%m-%dT%H:%M:%S", &utc);
  snprintf(at, size, "%s.%09ldZ %s %c ", seconds, now.tv_nsec, name, tag);
}

/* What a full disk does not take in five seconds is lost, and the next record has its own line. */
static void append(const char *bytes, size_t length) {
  for (int attempt = 0; length > 0;) {
    ssize_t count = write(records, bytes, length);
    if (count > 0) {
      torn = bytes[count - 1] != '\n';
      bytes += count;
      length -= (size_t)count;
      attempt = 0;
    } else if (count < 0 && errno != EINTR) {
      if (++attempt > DISK_ATTEMPTS) {
        return;
      }
      poll(NULL, 0, DISK_AGAIN_MS);
    }
  }
}

static void record(struct stream *stream, char tag) {
  char head[STAMP];
  stamp(head, sizeof head, stream->name, tag);
  size_t length = strlen(head);
  char *start = stream->line + STAMP - length;
  memcpy(start, head, length);
  stream->line[STAMP + stream->length] = '\n';
  if (torn) {
    append("\n", 1);
  }
  append(start, length + stream->length + 1);
  stream->length = 0;
}

static void log_bytes(struct stream *stream, const char *bytes, size_t count) {
  while (count > 0) {
    const char *end = memchr(bytes, '\n', count);
    size_t part = end ? (size_t)(end - bytes) : count;
    if (part > LONGEST - stream->length) {
      part = LONGEST - stream->length;
      end = NULL;
    }
    memcpy(stream->line + STAMP + stream->length, bytes, part);
    stream->length += part;
    bytes += part;
    count -= part;
    if (end) {
      bytes++;
      count--;
      record(stream, 'F');
    } else if (stream->length == LONGEST && count > 0) {
      /* It is known only now that the line goes on. */
      if (*bytes == '\n') {
        bytes++;
        count--;
        record(stream, 'F');
      } else {
        record(stream, 'P');
      }
    }
  }
}

static void drop(struct stream *stream, int index) {
  close(stream->clients[index]);
  stream->clients[index] = stream->clients[--stream->client_count];
}

static bool give(int client, const char *bytes, size_t count) {
  while (count > 0) {
    ssize_t taken = send(client, bytes, count, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (taken > 0) {
      bytes += taken;
      count -= (size_t)taken;
    } else if (errno == EAGAIN) {
      struct pollfd wait = {.fd = client, .events = POLLOUT};
      if (poll(&wait, 1, ending ? SLOW_CLIENT_AT_END_MS : SLOW_CLIENT_MS) == 0) {
        return false;
      }
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

/* Tells whether there was something. */
static bool carry_output(struct stream *stream) {
  static char bytes[CHUNK];
  ssize_t count = read(stream->pipe, bytes, sizeof bytes);
  if (count <= 0) {
    return false;
  }
  if (records >= 0) {
    log_bytes(stream, bytes, (size_t)count);
  }
  for (int i = stream->client_count - 1; i >= 0; i--) {
    if (!give(stream->clients[i], bytes, (size_t)count)) {
      drop(stream, i);
    }
  }
  return true;
}

static void accept_clients(struct stream *stream) {
  int client;
  while (stream->listener >= 0 &&
         (client = accept4(stream->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0) {
    if (stream->client_count == MOST_CLIENTS) {
      close(client);
    } else {
      stream->clients[stream->client_count++] = client;
    }
  }
}

static void pass_typed(struct stream *in) {
  ssize_t count = typed_length > 0 ? write(in->pipe, typed, typed_length) : 0;
  if (count > 0) {
    typed_length -= (size_t)count;
    memmove(typed, typed + count, typed_length);
  }
  if (typed_length == 0 && input_over) {
    close(in->pipe);
    in->pipe = -1;
  }
}

static void read_typed(struct stream *in, int index) {
  ssize_t count = read(in->clients[index], typed, sizeof typed);
  if (count > 0) {
    typed_length = (size_t)count;
  } else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
    drop(in, index);
    input_over = once;
  }
}

/* A client that listens says nothing: what it sends is its end. */
static void look_for_leavers(struct stream *stream, const struct pollfd *polled) {
  for (int i = stream->client_count - 1; i >= 0; i--) {
    char ignored[64];
    if (polled[i].revents != 0 && recv(stream->clients[i], ignored, sizeof ignored, MSG_DONTWAIT) == 0) {
      drop(stream, i);
    }
  }
}

static void turn(const sigset_t *while_waiting) {
  struct pollfd polled[STREAMS * (MOST_CLIENTS + 2)];
  nfds_t count = 0;
  nfds_t first_client[STREAMS];
  for (int i = 0; i < STREAMS; i++) {
    struct stream *stream = &streams[i];
    bool typing = i == IN;
    short pipe_events = typing ? (typed_length > 0 ? POLLOUT : 0) : POLLIN;
    polled[count++] = (struct pollfd){.fd = stream->pipe, .events = pipe_events};
    polled[count++] = (struct pollfd){.fd = stream->listener, .events = POLLIN};
    first_client[i] = count;
    for (int c = 0; c < stream->client_count; c++) {
      /* What was typed before has to be taken first. */
      bool wanted = !typing || typed_length == 0;
      polled[count++] =
          (struct pollfd){.fd = wanted ? stream->clients[c] : -1, .events = wanted ? POLLIN : 0};
    }
  }
  if (ppoll(polled, count, NULL, while_waiting) < 0) {
    return;
  }
  int typing_clients = streams[IN].client_count;
  for (int i = OUT; i <= ERR; i++) {
    look_for_leavers(&streams[i], polled + first_client[i]);
  }
  for (int i = 0; i < STREAMS; i++) {
    accept_clients(&streams[i]);
  }
  for (int i = OUT; i <= ERR; i++) {
    carry_output(&streams[i]);
  }
  if (streams[IN].pipe >= 0) {
    pass_typed(&streams[IN]);
    for (int c = typing_clients - 1; c >= 0 && typed_length == 0; c--) {
      if (polled[first_client[IN] + (nfds_t)c].revents != 0) {
        read_typed(&streams[IN], c);
        pass_typed(&streams[IN]);
      }
    }
  }
}

static void finish(void) {
  for (int i = OUT; i <= ERR; i++) {
    while (carry_output(&streams[i])) {
    }
    if (streams[i].length > 0) {
      record(&streams[i], 'F');
    }
  }
  if (records >= 0) {
    append(torn ? "\nend\n" : "end\n", torn ? 5 : 4);
    close(records);
  }
}

int main(int count, char **words) {
  if (count != 4) {
    fputs("output: FOLDER RECORDS none|open|once|terminal\n", stderr);
    return 2;
  }
  umask(0);
  if (strcmp(words[2], "-") != 0 &&
      (records = open(words[2], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) < 0) {
    return fail(words[2]);
  }
  if ((mkdir(words[1], 0700) != 0 && errno != EEXIST) || chdir(words[1]) != 0) {
    return fail(words[1]);
  }
  once = strcmp(words[3], "once") == 0;
  bool terminal = strcmp(words[3], "terminal") == 0;
  if (terminal && make_terminal() != 0) {
    return 1;
  }
  int first = strcmp(words[3], "none") == 0 ? OUT : IN;
  int last = terminal ? OUT : ERR;
  for (int i = first; i <= last; i++) {
    if ((!terminal && make_pipe(&streams[i]) != 0) || make_socket(&streams[i]) != 0) {
      return 1;
    }
  }
  /* It is noticed while waiting and nowhere else. */
  sigset_t term;
  sigset_t before;
  sigemptyset(&term);
  sigaddset(&term, SIGTERM);
  sigprocmask(SIG_BLOCK, &term, &before);
  sigdelset(&before, SIGTERM);
  struct sigaction action = {.sa_handler = on_term};
  sigaction(SIGTERM, &action, NULL);
  switch (fork()) {
    case -1:
      return fail("fork");
    case 0:
      break;
    default:
      return 0;
  }
  setsid();
  while (!ending) {
    turn(&before);
  }
  finish();
  return 0;
}
