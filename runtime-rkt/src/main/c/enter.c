/*
 * Brings a command into a container, as the container's first process is.
 *
 *   enter PID UID GID GROUPS BOUND NOPRIVS SECCOMP COMMAND...
 *
 * GROUPS is a list with commas, or "-". BOUND is the bounding set of capabilities in hexadecimal
 * digits; NOPRIVS is 1 when nothing run may gain privileges; SECCOMP is 2 when system calls are
 * filtered, by filters that are read from the process. nsenter(1) has none of these, and a command
 * that it runs as root has every capability of the host.
 *
 * Ends as the command does: with its exit code, or by the same signal. 126 and 127 mean, as in a
 * shell, that the command cannot be run or is not there; 125 that the container cannot be entered.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

enum {
  NOT_ENTERED = 125,
  NOT_RUN = 126,
  NOT_FOUND = 127,
  MOST_GROUPS = 1024,
  LAST_CAPABILITY = 63,
  MOST_FILTERS = 32
};

static struct sock_fprog filters[MOST_FILTERS];
static int filter_count;

static void fail(const char *what) {
  fprintf(stderr, "enter: %s: %s\n", what, strerror(errno));
  exit(NOT_ENTERED);
}

static int open_of(const char *pid, const char *name, int flags) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%s/%s", pid, name);
  int file = open(path, flags | O_CLOEXEC);
  if (file < 0) {
    fail(path);
  }
  return file;
}

/* All are opened before any is entered: /proc is another one afterwards. */
static void enter(const char *pid) {
  static const char *const names[] = {"ns/ipc", "ns/uts", "ns/net", "ns/pid", "ns/mnt"};
  int files[sizeof names / sizeof *names];
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    files[i] = open_of(pid, names[i], O_RDONLY);
  }
  int root = open_of(pid, "root", O_RDONLY | O_DIRECTORY);
  int folder = open_of(pid, "cwd", O_RDONLY | O_DIRECTORY);
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (setns(files[i], 0) != 0) {
      fail(names[i]);
    }
  }
  if (fchdir(root) != 0 || chroot(".") != 0 || fchdir(folder) != 0) {
    fail("root");
  }
}

/* The kernel tells filters of a process that is stopped, the oldest first. */
static void read_filters(const char *of) {
  pid_t pid = (pid_t)strtol(of, NULL, 10);
  if (ptrace(PTRACE_SEIZE, pid, 0, 0) != 0 || ptrace(PTRACE_INTERRUPT, pid, 0, 0) != 0 ||
      waitpid(pid, NULL, __WALL) != pid) {
    fail("filters of system calls");
  }
  while (filter_count < MOST_FILTERS) {
    long length = ptrace(PTRACE_SECCOMP_GET_FILTER, pid, filter_count, NULL);
    if (length < 0) {
      if (errno != ENOENT || filter_count == 0) {
        fail("filters of system calls");
      }
      break;
    }
    struct sock_fprog *filter = &filters[filter_count];
    filter->len = (unsigned short)length;
    filter->filter = calloc((size_t)length, sizeof *filter->filter);
    if (filter->filter == NULL ||
        ptrace(PTRACE_SECCOMP_GET_FILTER, pid, filter_count, filter->filter) != length) {
      fail("filters of system calls");
    }
    filter_count++;
  }
  ptrace(PTRACE_DETACH, pid, 0, 0);
}

static void become(const char *uid, const char *gid, char *groups, const char *bound,
                   const char *no_privs) {
  unsigned long long kept = strtoull(bound, NULL, 16);
  /* While it is allowed: afterwards only who can gain no privileges may. */
  for (int i = 0; i < filter_count; i++) {
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filters[i], 0, 0) != 0) {
      fail("filters of system calls");
    }
  }
  for (int capability = 0; capability <= LAST_CAPABILITY; capability++) {
    if (!(kept >> capability & 1) && prctl(PR_CAPBSET_READ, capability, 0, 0, 0) == 1 &&
        prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0) {
      fail("bounding set");
    }
  }
  gid_t list[MOST_GROUPS];
  size_t count = 0;
  for (char *group = strtok(groups, ","); group != NULL && count < MOST_GROUPS;
       group = strtok(NULL, ",")) {
    if (strcmp(group, "-") != 0) {
      list[count++] = (gid_t)strtoul(group, NULL, 10);
    }
  }
  gid_t first = (gid_t)strtoul(gid, NULL, 10);
  uid_t user = (uid_t)strtoul(uid, NULL, 10);
  if (setgroups(count, list) != 0 || setresgid(first, first, first) != 0 ||
      setresuid(user, user, user) != 0) {
    fail("user");
  }
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct data[2];
  if (syscall(SYS_capget, &header, data) != 0) {
    fail("capabilities");
  }
  for (int half = 0; half < 2; half++) {
    unsigned allowed = (unsigned)(kept >> (32 * half));
    data[half].permitted &= allowed;
    data[half].effective &= allowed;
    data[half].inheritable = 0;
  }
  if (syscall(SYS_capset, &header, data) != 0) {
    fail("capabilities");
  }
  if (*no_privs == '1' && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    fail("no new privileges");
  }
}

/* A PID namespace takes only children in, so this process stays outside and ends as its child. */
static int end_as(pid_t child) {
  int status;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) {
      fail("wait");
    }
  }
  if (WIFSIGNALED(status)) {
    signal(WTERMSIG(status), SIG_DFL);
    raise(WTERMSIG(status));
    return 128 + WTERMSIG(status);
  }
  return WEXITSTATUS(status);
}

int main(int count, char **words) {
  if (count < 9) {
    fprintf(stderr, "usage: enter PID UID GID GROUPS BOUND NOPRIVS SECCOMP COMMAND...\n");
    return NOT_ENTERED;
  }
  /* Or the container could open this file by /proc, wait for its end, and write to it: the next
     command would bring in what it wrote, as the host's root. What is executed is not bound. */
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
    fail("not to be looked into");
  }
  if (*words[7] == '2') {
    read_filters(words[1]);
  }
  enter(words[1]);
  pid_t child = fork();
  if (child < 0) {
    fail("fork");
  }
  if (child > 0) {
    /* What a terminal sends reaches both; only the command decides what it means. */
    signal(SIGINT, SIG_IGN);
    signal(SIGQUIT, SIG_IGN);
    return end_as(child);
  }
  /* Whoever started the server may have had it ignore some; a shell does for what it runs in the
     background. */
  for (int number = 1; number < NSIG; number++) {
    signal(number, SIG_DFL);
  }
  become(words[2], words[3], words[4], words[5], words[6]);
  /* After the change of user, which would take it back. */
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  execvp(words[8], words + 8);
  int missing = errno == ENOENT;
  fprintf(stderr, "exec: \"%s\": %s\n", words[8], strerror(errno));
  return missing ? NOT_FOUND : NOT_RUN;
}
