/*
 * The other side of a region, for tests: a data plane, and what else a test
 * needs a process for that can be killed.
 *
 * peer echo NAME SECONDS        answers each msg_in by a msg_out of its weights
 * peer write-out|write-in NAME [N]  writes messages until it is killed, with
 *                               pauses of 0 to 7 N nanoseconds
 * peer die-out|die-in NAME N    writes two, and dies after store N of a third
 * peer read-out|read-in NAME N  reads N messages, or what comes in a second,
 *                               and counts the torn ones
 * peer draw NAME N              draws N servers by the newest weights
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>

static long stores_left = -1;

static void after_store(void);
#define LOADSTAR_AFTER_STORE() after_store()
#include "loadstar_peer.h"

static void after_store(void) {
  if (stores_left < 0) return;
  if (stores_left == 0) raise(SIGKILL);
  stores_left--;
}

static struct loadstar_peer peer;

static int fail(const char *what, int result) {
  fprintf(stderr, "Cannot %s: %d %s\n", what, result,
          result > -10000 && result < 0 ? strerror(-result) : "");
  return 1;
}

/* Every value of a message follows from one number. */
static int write_out(uint32_t number) {
  struct loadstar_server_statistics rows[LOADSTAR_MAX_SERVERS];
  float *values = &rows[0].flows_ongoing;
  uint32_t i, servers = 1 + number % LOADSTAR_MAX_SERVERS;
  for (i = 0; i < servers * (sizeof rows[0] / 4); i++) {
    values[i] = (float)(number % 1000000 + i);
  }
  return loadstar_write_msg_out(&peer, rows, servers, 1);
}

static int write_in(uint32_t number) {
  struct loadstar_server_weight rows[LOADSTAR_MAX_SERVERS];
  uint32_t i, servers = 1 + number % LOADSTAR_MAX_SERVERS;
  for (i = 0; i < servers; i++) {
    rows[i].weight = (float)(number % 1000000 + i);
    rows[i].odds = (float)(number % 1024) / 1024;
    rows[i].alias = (number + i) % servers;
  }
  return loadstar_write_msg_in(&peer, rows, servers, 1);
}

static int is_whole_out(const struct loadstar_msg_out *message) {
  const float *values = &message->rows[0].flows_ongoing;
  uint32_t i, servers = message->header.server_count;
  for (i = 0; i < servers * (sizeof message->rows[0] / 4); i++) {
    if (values[i] != values[0] + (float)i) return 0;
  }
  return 1;
}

static int is_whole_in(const struct loadstar_msg_in *message) {
  uint32_t i;
  for (i = 0; i < message->header.server_count; i++) {
    const struct loadstar_server_weight *row = &message->rows[i];
    if (row->weight != message->rows[0].weight + (float)i) return 0;
  }
  return 1;
}

static int write_forever(int (*write_one)(uint32_t), long stop_after, long pause_ns) {
  uint32_t number;
  int result;
  for (number = 0;; number++) {
    /* The third message has three servers, which fill half of a last word. */
    if (stop_after >= 0 && number == 2) stores_left = stop_after;
    result = write_one(number);
    if (result != 0) return fail("write", result);
    if (pause_ns > 0) {
      uint64_t end = loadstar_now_ns() + (number & 7) * (uint64_t)pause_ns;
      while (loadstar_now_ns() < end) continue;
    }
    if (number == 0) {
      puts("ready");
      fflush(stdout);
    }
  }
}

static int read_many(int out, long count) {
  static struct loadstar_msg_out msg_out;
  static struct loadstar_msg_in msg_in;
  long fresh = 0, torn = 0, lapped = 0;
  uint64_t end = loadstar_now_ns() + UINT64_C(1000000000);
  while (fresh < count && (fresh & 1023 || loadstar_now_ns() < end)) {
    int result = out ? loadstar_read_msg_out(&peer, &msg_out)
                     : loadstar_read_msg_in(&peer, &msg_in);
    if (result < 0) return fail("read", result);
    lapped += result == LOADSTAR_LAPPED;
    if (result != LOADSTAR_FRESH && result != LOADSTAR_RESTARTED_FRESH) {
      if (loadstar_now_ns() >= end) break;
      continue;
    }
    fresh++;
    torn += out ? !is_whole_out(&msg_out) : !is_whole_in(&msg_in);
  }
  printf("{\"fresh\":%ld,\"torn\":%ld,\"lapped\":%ld}\n", fresh, torn, lapped);
  return 0;
}

static int echo(double seconds) {
  static struct loadstar_msg_in message;
  static struct loadstar_server_statistics rows[LOADSTAR_MAX_SERVERS];
  uint64_t end = loadstar_now_ns() + (uint64_t)(seconds * 1e9);
  puts("ready");
  fflush(stdout);
  while (loadstar_now_ns() < end) {
    uint32_t i;
    int result = loadstar_read_msg_in(&peer, &message);
    if (result < 0) return fail("read", result);
    if (result != LOADSTAR_FRESH && result != LOADSTAR_RESTARTED_FRESH) {
      usleep(50);
      continue;
    }
    memset(rows, 0, sizeof rows);
    for (i = 0; i < message.header.server_count; i++) {
      rows[i].flows_ongoing = message.rows[i].weight;
      rows[i].flow_duration_mean = (float)result;
    }
    result = loadstar_write_msg_out(&peer, rows, message.header.server_count,
                                    message.header.active_servers);
    if (result != 0) return fail("write", result);
  }
  return 0;
}

static int draw(long count) {
  static struct loadstar_msg_in message;
  long drawn[LOADSTAR_MAX_SERVERS] = {0}, i;
  uint64_t state = 1;
  int result = loadstar_read_msg_in(&peer, &message);
  if (result != LOADSTAR_FRESH) return fail("read", result);
  for (i = 0; i < count; i++) {
    /* SplitMix64. */
    uint64_t z = (state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    drawn[loadstar_draw_server(&message, z ^ z >> 31)]++;
  }
  printf("[");
  for (i = 0; i < (long)message.header.server_count; i++) {
    printf(i == 0 ? "%ld" : ",%ld", drawn[i]);
  }
  puts("]");
  return 0;
}

int main(int count, char **arguments) {
  const char *mode = count > 2 ? arguments[1] : "";
  long number = count > 3 ? atol(arguments[3]) : -1;
  int result;
  if (count < 3) return fail("start without a mode and a name", 0);
  result = loadstar_open(&peer, arguments[2]);
  if (result != 0) return fail("open", result);
  if (strcmp(mode, "echo") == 0) return echo(atof(arguments[3]));
  if (strcmp(mode, "write-out") == 0) return write_forever(write_out, -1, number);
  if (strcmp(mode, "write-in") == 0) return write_forever(write_in, -1, number);
  if (strcmp(mode, "die-out") == 0) return write_forever(write_out, number, 0);
  if (strcmp(mode, "die-in") == 0) return write_forever(write_in, number, 0);
  if (strcmp(mode, "read-out") == 0) return read_many(1, number);
  if (strcmp(mode, "read-in") == 0) return read_many(0, number);
  if (strcmp(mode, "draw") == 0) return draw(number);
  return fail("understand the mode", 0);
}
