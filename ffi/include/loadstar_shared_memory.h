/*
 * The layout of a region of shared memory, written by
 * tools/write_shared_memory_layout.ts from ffi/shared_memory_schema.json.
 * The protocol is in loadstar_peer.h and docs/shared_memory.md.
 */
#ifndef LOADSTAR_SHARED_MEMORY_H
#define LOADSTAR_SHARED_MEMORY_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define LOADSTAR_ASSERT(condition) static_assert(condition, #condition)
#else
#define LOADSTAR_ASSERT(condition) _Static_assert(condition, #condition)
#endif

#if !defined(__BYTE_ORDER__) || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "shared memory is laid out for little-endian machines"
#endif

#define LOADSTAR_MAGIC UINT64_C(0x5241545344414f4c) /* "LOADSTAR" */
#define LOADSTAR_LAYOUT_VERSION UINT32_C(1)
#define LOADSTAR_REGION_BYTES 12288
#define LOADSTAR_MAX_SERVERS 64
#define LOADSTAR_MSG_OUT_SLOTS 3
#define LOADSTAR_MSG_IN_SLOTS 4

struct loadstar_region_header {
  uint64_t magic; /* the letters LOADSTAR; written last, when all else is in place */
  uint32_t layout_version; /* which layout this is */
  uint32_t region_bytes; /* the size of the region */
  uint64_t epoch; /* one more each time an owner takes the region; the first is 1 */
  uint32_t owner_pid; /* the owner's process, for messages to people */
  uint32_t reserved; /* zero */
  uint64_t owner_heartbeat_ns; /* when the owner last gave a sign of life, CLOCK_MONOTONIC */
  uint64_t epoch_began_ns; /* when the epoch began, CLOCK_MONOTONIC */
  uint8_t padding[16];
};

struct loadstar_direction {
  uint64_t published; /* the number of the newest whole message, 0 for none; it lies in the slot number % slots */
  uint64_t heartbeat_ns; /* when the writer last gave a sign of life, CLOCK_MONOTONIC */
  uint32_t writer_pid; /* the writer's process, for messages to people */
  uint32_t reserved; /* zero */
  uint8_t padding[40];
};

struct loadstar_message_header {
  uint64_t epoch; /* the region's epoch when the message was written */
  uint64_t number; /* counts the direction's messages, never starts again */
  uint64_t time_ns; /* when the message was written, CLOCK_MONOTONIC */
  uint64_t active_servers; /* bit i for server i */
  uint32_t server_count; /* how many rows follow, 1 to 64; row i is server i */
  uint32_t reserved; /* zero */
};

struct loadstar_server_statistics {
  float flows_ongoing; /* flows that the server has now */
  float flow_completion_time_mean; /* seconds */
  float flow_completion_time_percentile_90; /* seconds */
  float flow_completion_time_standard_deviation; /* seconds */
  float flow_completion_time_discounted_mean; /* seconds */
  float flow_completion_time_discounted_percentile_90; /* seconds */
  float flow_duration_mean; /* seconds */
  float flow_duration_percentile_90; /* seconds */
  float flow_duration_standard_deviation; /* seconds */
  float flow_duration_discounted_mean; /* seconds */
  float flow_duration_discounted_percentile_90; /* seconds */
};

/* What the data plane says of the servers. */
struct loadstar_msg_out {
  struct loadstar_message_header header;
  struct loadstar_server_statistics rows[LOADSTAR_MAX_SERVERS];
};

struct loadstar_msg_out_slot {
  uint64_t sequence; /* 2n + 1 while message n is written, 2n + 2 when whole */
  struct loadstar_msg_out message;
  uint8_t padding[16];
};

struct loadstar_server_weight {
  float weight; /* the server's share of new flows, up to a common factor */
  float odds; /* of keeping this server when its row was drawn */
  uint32_t alias; /* the server to take otherwise: an index of the same rows */
};

/* What the control plane wants the data plane to do. */
struct loadstar_msg_in {
  struct loadstar_message_header header;
  struct loadstar_server_weight rows[LOADSTAR_MAX_SERVERS];
};

struct loadstar_msg_in_slot {
  uint64_t sequence; /* 2n + 1 while message n is written, 2n + 2 when whole */
  struct loadstar_msg_in message;
  uint8_t padding[16];
};

struct loadstar_region {
  struct loadstar_region_header header;
  struct loadstar_direction msg_out;
  struct loadstar_direction msg_in;
  struct loadstar_msg_out_slot msg_out_slots[LOADSTAR_MSG_OUT_SLOTS];
  struct loadstar_msg_in_slot msg_in_slots[LOADSTAR_MSG_IN_SLOTS];
  uint8_t padding[128];
};

LOADSTAR_ASSERT(sizeof(float) == 4);
LOADSTAR_ASSERT(offsetof(struct loadstar_region_header, magic) == 0);
LOADSTAR_ASSERT(offsetof(struct loadstar_region_header, layout_version) == 8);
LOADSTAR_ASSERT(offsetof(struct loadstar_region_header, region_bytes) == 12);
LOADSTAR_ASSERT(offsetof(struct loadstar_region_header, epoch) == 16);
LOADSTAR_ASSERT(offsetof(struct loadstar_region_header, owner_pid) == 24);
LOADSTAR_ASSERT(offsetof(struct loadstar_region_header, reserved) == 28);
LOADSTAR_ASSERT(offsetof(struct loadstar_region_header, owner_heartbeat_ns) == 32);
LOADSTAR_ASSERT(offsetof(struct loadstar_region_header, epoch_began_ns) == 40);
LOADSTAR_ASSERT(offsetof(struct loadstar_direction, published) == 0);
LOADSTAR_ASSERT(offsetof(struct loadstar_direction, heartbeat_ns) == 8);
LOADSTAR_ASSERT(offsetof(struct loadstar_direction, writer_pid) == 16);
LOADSTAR_ASSERT(offsetof(struct loadstar_direction, reserved) == 20);
LOADSTAR_ASSERT(offsetof(struct loadstar_message_header, epoch) == 0);
LOADSTAR_ASSERT(offsetof(struct loadstar_message_header, number) == 8);
LOADSTAR_ASSERT(offsetof(struct loadstar_message_header, time_ns) == 16);
LOADSTAR_ASSERT(offsetof(struct loadstar_message_header, active_servers) == 24);
LOADSTAR_ASSERT(offsetof(struct loadstar_message_header, server_count) == 32);
LOADSTAR_ASSERT(offsetof(struct loadstar_message_header, reserved) == 36);
LOADSTAR_ASSERT(offsetof(struct loadstar_server_statistics, flows_ongoing) == 0);
LOADSTAR_ASSERT(offsetof(struct loadstar_server_statistics, flow_completion_time_mean) == 4);
LOADSTAR_ASSERT(offsetof(struct loadstar_server_statistics, flow_completion_time_percentile_90) == 8);
LOADSTAR_ASSERT(offsetof(struct loadstar_server_statistics, flow_completion_time_standard_deviation) == 12);
LOADSTAR_ASSERT(offsetof(struct loadstar_server_statistics, flow_completion_time_discounted_mean) == 16);
LOADSTAR_ASSERT(offsetof(struct loadstar_server_statistics, flow_completion_time_discounted_percentile_90) == 20);
LOADSTAR_ASSERT(offsetof(struct loadstar_server_statistics, flow_duration_mean) == 24);
LOADSTAR_ASSERT(offsetof(struct loadstar_server_statistics, flow_duration_percentile_90) == 28);
LOADSTAR_ASSERT(offsetof(struct loadstar_server_statistics, flow_duration_standard_deviation) == 32);
LOADSTAR_ASSERT(offsetof(struct loadstar_server_statistics, flow_duration_discounted_mean) == 36);
LOADSTAR_ASSERT(offsetof(struct loadstar_server_statistics, flow_duration_discounted_percentile_90) == 40);
LOADSTAR_ASSERT(sizeof(struct loadstar_server_statistics) == 44);
LOADSTAR_ASSERT(sizeof(struct loadstar_msg_out) == 2856);
LOADSTAR_ASSERT(sizeof(struct loadstar_msg_out_slot) == 2880);
LOADSTAR_ASSERT(offsetof(struct loadstar_region, msg_out) == 64);
LOADSTAR_ASSERT(offsetof(struct loadstar_region, msg_out_slots) == 192);
LOADSTAR_ASSERT(offsetof(struct loadstar_server_weight, weight) == 0);
LOADSTAR_ASSERT(offsetof(struct loadstar_server_weight, odds) == 4);
LOADSTAR_ASSERT(offsetof(struct loadstar_server_weight, alias) == 8);
LOADSTAR_ASSERT(sizeof(struct loadstar_server_weight) == 12);
LOADSTAR_ASSERT(sizeof(struct loadstar_msg_in) == 808);
LOADSTAR_ASSERT(sizeof(struct loadstar_msg_in_slot) == 832);
LOADSTAR_ASSERT(offsetof(struct loadstar_region, msg_in) == 128);
LOADSTAR_ASSERT(offsetof(struct loadstar_region, msg_in_slots) == 8832);
LOADSTAR_ASSERT(sizeof(struct loadstar_region) == LOADSTAR_REGION_BYTES);

#endif
