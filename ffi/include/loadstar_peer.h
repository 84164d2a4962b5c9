/*
 * The protocol of a region of shared memory, for programs in C and C++ on
 * Linux: docs/shared_memory.md. Readers and writers never wait for anybody.
 *
 * Results: 0 or above is well, below is LOADSTAR_E_... or -errno.
 */
#ifndef LOADSTAR_PEER_H
#define LOADSTAR_PEER_H

#ifndef _GNU_SOURCE
#error "define _GNU_SOURCE before the first #include: F_OFD_SETLK needs it"
#endif

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "loadstar_shared_memory.h"

/* Tests stop a writer here, between any two of its stores. */
#ifndef LOADSTAR_AFTER_STORE
#define LOADSTAR_AFTER_STORE()
#endif

enum {
  LOADSTAR_STALE = 0,     /* nothing new */
  LOADSTAR_FRESH = 1,     /* a message that this reader did not have */
  LOADSTAR_LAPPED = 2,    /* the writer was faster in every attempt */
  LOADSTAR_RESTARTED = 3, /* a new owner, whose epoch has no message yet */
  LOADSTAR_RESTARTED_FRESH = 4, /* a new owner, and its newest message */

  LOADSTAR_E_NOT_A_REGION = -10001, /* wrong magic, or not finished yet */
  LOADSTAR_E_VERSION = -10002,      /* another layout */
  LOADSTAR_E_SIZE = -10003,         /* not the size of a region */
  LOADSTAR_E_WRITER = -10004,       /* another process writes this direction */
  LOADSTAR_E_DAMAGED = -10005,      /* no writer can have written this */
  LOADSTAR_E_ARGUMENT = -10006      /* no servers, or too many */
};

/* Bytes of the file that are locked: who has the lock has the role. */
enum { LOADSTAR_OWNER = 0, LOADSTAR_MSG_OUT_WRITER = 1, LOADSTAR_MSG_IN_WRITER = 2 };

#define LOADSTAR_LAST_NUMBER (UINT64_C(1) << 62)
#define LOADSTAR_ATTEMPTS 64
#define LOADSTAR_HEADER_WORDS (sizeof(struct loadstar_message_header) / 8)

struct loadstar_peer {
  int file;
  int roles; /* bit r: this peer has taken role r */
  struct loadstar_region *region;
  uint64_t msg_out_epoch, msg_out_number; /* what this reader saw last */
  uint64_t msg_in_epoch, msg_in_number;
};

static inline uint64_t loadstar_now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Takes a role if nobody has it. The kernel gives it back when the last
 * descriptor of this opening is closed: do not hand it to other processes. */
static inline int loadstar_take(struct loadstar_peer *peer, int role) {
  struct flock lock;
  if (peer->roles >> role & 1) return 0;
  memset(&lock, 0, sizeof lock);
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  lock.l_start = role;
  lock.l_len = 1;
  if (fcntl(peer->file, F_OFD_SETLK, &lock) != 0) {
    return errno == EAGAIN || errno == EACCES ? LOADSTAR_E_WRITER : -errno;
  }
  peer->roles |= 1 << role;
  return 0;
}

/* Whether somebody else has a role: 0 or 1. */
static inline int loadstar_is_taken(const struct loadstar_peer *peer, int role) {
  struct flock lock;
  memset(&lock, 0, sizeof lock);
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  lock.l_start = role;
  lock.l_len = 1;
  if (fcntl(peer->file, F_OFD_GETLK, &lock) != 0) return -errno;
  return lock.l_type != F_UNLCK;
}

/* Opens a region that its owner has made. The name has no slash. */
static inline int loadstar_open(struct loadstar_peer *peer, const char *name) {
  struct loadstar_region_header begin;
  struct stat info;
  char path[256];
  void *address;
  int result = 0;
  memset(peer, 0, sizeof *peer);
  if (*name == 0 || *name == '.' || strchr(name, '/') != NULL || strlen(name) > 250) {
    return -EINVAL;
  }
  snprintf(path, sizeof path, "/%s", name);
  peer->file = shm_open(path, O_RDWR | O_CLOEXEC, 0);
  if (peer->file < 0) return -errno;
  if (fstat(peer->file, &info) != 0) {
    result = -errno;
  } else if (pread(peer->file, &begin, sizeof begin, 0) != (ssize_t)sizeof begin) {
    result = LOADSTAR_E_SIZE;
  } else if (begin.magic != LOADSTAR_MAGIC) {
    result = LOADSTAR_E_NOT_A_REGION;
  } else if (begin.layout_version != LOADSTAR_LAYOUT_VERSION) {
    result = LOADSTAR_E_VERSION;
  } else if (begin.region_bytes != LOADSTAR_REGION_BYTES ||
             info.st_size != LOADSTAR_REGION_BYTES) {
    result = LOADSTAR_E_SIZE;
  }
  if (result == 0) {
    address = mmap(NULL, LOADSTAR_REGION_BYTES, PROT_READ | PROT_WRITE,
                   MAP_SHARED, peer->file, 0);
    if (address == MAP_FAILED) {
      result = -errno;
    } else {
      peer->region = (struct loadstar_region *)address;
      peer->msg_out_epoch = peer->msg_in_epoch =
          __atomic_load_n(&peer->region->header.epoch, __ATOMIC_ACQUIRE);
      return 0;
    }
  }
  close(peer->file);
  return result;
}

static inline void loadstar_close(struct loadstar_peer *peer) {
  munmap(peer->region, LOADSTAR_REGION_BYTES);
  close(peer->file);
}

/* One word of a message that is written or read while others write: an atomic
 * access, because a plain copy that races is undefined. */
static inline void loadstar_store(uint64_t *word, uint64_t value) {
  __atomic_store_n(word, value, __ATOMIC_RELAXED);
  LOADSTAR_AFTER_STORE();
}

static inline int loadstar_write_message(struct loadstar_peer *peer, int role,
                                         struct loadstar_direction *direction,
                                         uint64_t *first_slot, size_t slots,
                                         size_t slot_bytes, const void *rows,
                                         size_t row_bytes, uint32_t servers,
                                         uint64_t active_servers) {
  uint64_t header[LOADSTAR_HEADER_WORDS];
  uint64_t number, *sequence, *words, word;
  struct loadstar_message_header fields;
  size_t i, left = row_bytes * servers;
  int result;
  if (servers == 0 || servers > LOADSTAR_MAX_SERVERS ||
      active_servers & ~(UINT64_MAX >> (LOADSTAR_MAX_SERVERS - servers))) {
    return LOADSTAR_E_ARGUMENT;
  }
  result = loadstar_take(peer, role);
  if (result != 0) return result;
  /* Begins where a writer before this one ended, even if that died: the slot
   * of the last whole message is never the one that is written. */
  number = __atomic_load_n(&direction->published, __ATOMIC_ACQUIRE);
  if (number >= LOADSTAR_LAST_NUMBER) return LOADSTAR_E_DAMAGED;
  number++;
  sequence = first_slot + number % slots * (slot_bytes / 8);
  words = sequence + 1;
  fields.epoch = __atomic_load_n(&peer->region->header.epoch, __ATOMIC_ACQUIRE);
  fields.number = number;
  fields.time_ns = loadstar_now_ns();
  fields.active_servers = active_servers;
  fields.server_count = servers;
  fields.reserved = 0;
  memcpy(header, &fields, sizeof header);

  loadstar_store(sequence, 2 * number + 1);
  /* Whoever sees one of the words below also sees the odd sequence above. */
  __atomic_thread_fence(__ATOMIC_RELEASE);
  for (i = 0; i < LOADSTAR_HEADER_WORDS; i++) loadstar_store(words + i, header[i]);
  for (i = 0; left > 0; i++) {
    size_t part = left < 8 ? left : 8;
    word = 0;
    memcpy(&word, (const char *)rows + 8 * i, part);
    loadstar_store(words + LOADSTAR_HEADER_WORDS + i, word);
    left -= part;
  }
  /* Whoever sees this sees all words above. */
  __atomic_store_n(sequence, 2 * number + 2, __ATOMIC_RELEASE);
  LOADSTAR_AFTER_STORE();
  __atomic_store_n(&direction->published, number, __ATOMIC_RELEASE);
  LOADSTAR_AFTER_STORE();
  __atomic_store_n(&direction->writer_pid, (uint32_t)getpid(), __ATOMIC_RELAXED);
  __atomic_store_n(&direction->heartbeat_ns, fields.time_ns, __ATOMIC_RELAXED);
  return 0;
}

static inline int loadstar_read_message(struct loadstar_peer *peer, uint64_t *last_epoch,
                                        uint64_t *last_number,
                                        const struct loadstar_direction *direction,
                                        const uint64_t *first_slot, size_t slots,
                                        size_t slot_bytes, void *message,
                                        size_t row_bytes) {
  struct loadstar_message_header header;
  uint64_t epoch, number, word, *sequence;
  size_t i, count;
  int attempt, news = 0, restarted;
  memset(&header, 0, sizeof header);
  for (attempt = 0;; attempt++) {
    if (attempt == LOADSTAR_ATTEMPTS) return LOADSTAR_LAPPED;
    number = __atomic_load_n(&direction->published, __ATOMIC_ACQUIRE);
    if (number == *last_number || number == 0) break;
    if (number > LOADSTAR_LAST_NUMBER) return LOADSTAR_E_DAMAGED;
    sequence = (uint64_t *)first_slot + number % slots * (slot_bytes / 8);
    word = __atomic_load_n(sequence, __ATOMIC_ACQUIRE);
    if (word < 2 * number + 2) return LOADSTAR_E_DAMAGED;
    if (word > 2 * number + 2) continue;
    count = LOADSTAR_HEADER_WORDS;
    for (i = 0; i < count; i++) {
      word = __atomic_load_n(sequence + 1 + i, __ATOMIC_RELAXED);
      memcpy((char *)message + 8 * i, &word, 8);
      if (i + 1 == LOADSTAR_HEADER_WORDS) {
        /* It may be torn here: it must only not lead out of the message. */
        memcpy(&header, message, sizeof header);
        if (header.server_count > LOADSTAR_MAX_SERVERS) {
          header.server_count = LOADSTAR_MAX_SERVERS;
        }
        count += (header.server_count * row_bytes + 7) / 8;
      }
    }
    /* If one of the words above is of a newer message, so is the sequence. */
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    if (__atomic_load_n(sequence, __ATOMIC_RELAXED) != 2 * number + 2) continue;
    memcpy(&header, message, sizeof header);
    if (header.number != number || header.server_count == 0 ||
        header.server_count > LOADSTAR_MAX_SERVERS ||
        header.active_servers &
            ~(UINT64_MAX >> (LOADSTAR_MAX_SERVERS - header.server_count))) {
      return LOADSTAR_E_DAMAGED;
    }
    *last_number = number;
    news = 1;
    break;
  }
  /* After the message: one that was written in this epoch is of this epoch. */
  epoch = __atomic_load_n(&peer->region->header.epoch, __ATOMIC_ACQUIRE);
  news = news && header.epoch == epoch;
  restarted = epoch != *last_epoch;
  *last_epoch = epoch;
  if (restarted) return news ? LOADSTAR_RESTARTED_FRESH : LOADSTAR_RESTARTED;
  return news ? LOADSTAR_FRESH : LOADSTAR_STALE;
}

/* Says how servers are, as the data plane does; row i is server i. */
static inline int loadstar_write_msg_out(struct loadstar_peer *peer,
                                         const struct loadstar_server_statistics *rows,
                                         uint32_t servers, uint64_t active_servers) {
  return loadstar_write_message(
      peer, LOADSTAR_MSG_OUT_WRITER, &peer->region->msg_out,
      &peer->region->msg_out_slots[0].sequence, LOADSTAR_MSG_OUT_SLOTS,
      sizeof(struct loadstar_msg_out_slot), rows, sizeof *rows, servers,
      active_servers);
}

/* Says which weights servers have, as the control plane does. The rows hold
 * the alias table as well. */
static inline int loadstar_write_msg_in(struct loadstar_peer *peer,
                                        const struct loadstar_server_weight *rows,
                                        uint32_t servers, uint64_t active_servers) {
  return loadstar_write_message(
      peer, LOADSTAR_MSG_IN_WRITER, &peer->region->msg_in,
      &peer->region->msg_in_slots[0].sequence, LOADSTAR_MSG_IN_SLOTS,
      sizeof(struct loadstar_msg_in_slot), rows, sizeof *rows, servers,
      active_servers);
}

/* Looks for news of the servers. The message holds something only where the
 * result says FRESH, so keep the last one apart. */
static inline int loadstar_read_msg_out(struct loadstar_peer *peer,
                                        struct loadstar_msg_out *message) {
  return loadstar_read_message(
      peer, &peer->msg_out_epoch, &peer->msg_out_number, &peer->region->msg_out,
      &peer->region->msg_out_slots[0].sequence, LOADSTAR_MSG_OUT_SLOTS,
      sizeof(struct loadstar_msg_out_slot), message,
      sizeof(struct loadstar_server_statistics));
}

/* Looks for new weights; as above. Their aliases are checked: they may be used
 * as indices. */
static inline int loadstar_read_msg_in(struct loadstar_peer *peer,
                                       struct loadstar_msg_in *message) {
  uint32_t i;
  int result = loadstar_read_message(
      peer, &peer->msg_in_epoch, &peer->msg_in_number, &peer->region->msg_in,
      &peer->region->msg_in_slots[0].sequence, LOADSTAR_MSG_IN_SLOTS,
      sizeof(struct loadstar_msg_in_slot), message,
      sizeof(struct loadstar_server_weight));
  if (result != LOADSTAR_FRESH && result != LOADSTAR_RESTARTED_FRESH) return result;
  for (i = 0; i < message->header.server_count; i++) {
    const struct loadstar_server_weight *row = &message->rows[i];
    if (row->alias >= message->header.server_count ||
        !(row->odds >= 0 && row->odds <= 1) || !(row->weight >= 0)) {
      return LOADSTAR_E_DAMAGED;
    }
  }
  return result;
}

/* Draws a server by weight in constant time from 64 random bits. */
static inline uint32_t loadstar_draw_server(const struct loadstar_msg_in *message,
                                            uint64_t random) {
  uint64_t place = (random >> 32) * message->header.server_count;
  const struct loadstar_server_weight *row = &message->rows[place >> 32];
  /* 24 bits: what a float holds, so that 1 is never reached. */
  float choice = (float)((uint32_t)random >> 8) * (1.0f / 16777216.0f);
  return choice < row->odds ? (uint32_t)(place >> 32) : row->alias;
}

#endif
