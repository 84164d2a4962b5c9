/**
 * The layout of shared memory in C, and in TypeScript.
 *
 * @module
 */
import {
  type Layout,
  LINE_BYTES,
  magicNumber,
  type MessageLayout,
  type PlacedField,
  type RecordLayout,
  SEQUENCE_BYTES,
} from "./shared_memory_layout.ts";

const C_TYPE = { u32: "uint32_t", u64: "uint64_t", f32: "float" };

function cField(field: PlacedField): string {
  return `  ${C_TYPE[field.type]} ${field.name}; /* ${field.doc} */`;
}

function cStruct(name: string, record: RecordLayout, rest: string[]): string {
  const fields = [...record.fields.map(cField), ...rest];
  return `struct ${name} {\n${fields.join("\n")}\n};`;
}

function padding(bytes: number): string[] {
  return bytes === 0 ? [] : [`  uint8_t padding[${bytes}];`];
}

function toLine(bytes: number): number {
  return (LINE_BYTES - bytes % LINE_BYTES) % LINE_BYTES;
}

function offsetAssertions(name: string, record: RecordLayout): string[] {
  return record.fields.map((field) =>
    `LOADSTAR_ASSERT(offsetof(struct ${name}, ${field.name}) == ${field.offset});`
  );
}

function messageStructs(message: MessageLayout): string {
  const { name, rowName } = message;
  const rest = message.slotBytes - SEQUENCE_BYTES - message.messageBytes;
  return `${cStruct(`loadstar_${rowName}`, message.row, [])}

/* ${message.doc} */
struct loadstar_${name} {
  struct loadstar_message_header header;
  struct loadstar_${rowName} rows[LOADSTAR_MAX_SERVERS];
};

struct loadstar_${name}_slot {
  uint64_t sequence; /* 2n + 1 while message n is written, 2n + 2 when whole */
  struct loadstar_${name} message;
${padding(rest).join("\n")}${rest === 0 ? "" : "\n"}};`;
}

function messageAssertions(message: MessageLayout): string[] {
  const { name, rowName } = message;
  return [
    ...offsetAssertions(`loadstar_${rowName}`, message.row),
    `LOADSTAR_ASSERT(sizeof(struct loadstar_${rowName}) == ${message.row.bytes});`,
    `LOADSTAR_ASSERT(sizeof(struct loadstar_${name}) == ${message.messageBytes});`,
    `LOADSTAR_ASSERT(sizeof(struct loadstar_${name}_slot) == ${message.slotBytes});`,
    `LOADSTAR_ASSERT(offsetof(struct loadstar_region, ${name}) == ${message.directionOffset});`,
    `LOADSTAR_ASSERT(offsetof(struct loadstar_region, ${name}_slots) == ${message.slotsOffset});`,
  ];
}

/**
 * Writes the C header.
 *
 * @param layout The layout.
 */
export function cLayout(layout: Layout): string {
  const { messages } = layout;
  const last = messages[messages.length - 1];
  const used = last.slotsOffset + last.slots * last.slotBytes;
  const region = [
    "  struct loadstar_region_header header;",
    ...messages.map(({ name }) => `  struct loadstar_direction ${name};`),
    ...messages.map(({ name }) =>
      `  struct loadstar_${name}_slot ${name}_slots[LOADSTAR_${name.toUpperCase()}_SLOTS];`
    ),
    ...padding(layout.regionBytes - used),
  ];
  return `/*
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

#define LOADSTAR_MAGIC UINT64_C(0x${magicNumber(layout).toString(16)}) /* ${
    JSON.stringify(layout.magic)
  } */
#define LOADSTAR_LAYOUT_VERSION UINT32_C(${layout.layoutVersion})
#define LOADSTAR_REGION_BYTES ${layout.regionBytes}
#define LOADSTAR_MAX_SERVERS ${layout.maxServers}
${
    messages.map(({ name, slots }) =>
      `#define LOADSTAR_${name.toUpperCase()}_SLOTS ${slots}`
    ).join("\n")
  }

${
    cStruct(
      "loadstar_region_header",
      layout.regionHeader,
      padding(toLine(layout.regionHeader.bytes)),
    )
  }

${
    cStruct(
      "loadstar_direction",
      layout.direction,
      padding(toLine(layout.direction.bytes)),
    )
  }

${cStruct("loadstar_message_header", layout.messageHeader, [])}

${messages.map(messageStructs).join("\n\n")}

struct loadstar_region {
${region.join("\n")}
};

LOADSTAR_ASSERT(sizeof(float) == 4);
${
    [
      ...offsetAssertions("loadstar_region_header", layout.regionHeader),
      ...offsetAssertions("loadstar_direction", layout.direction),
      ...offsetAssertions("loadstar_message_header", layout.messageHeader),
      ...messages.flatMap(messageAssertions),
    ].join("\n")
  }
LOADSTAR_ASSERT(sizeof(struct loadstar_region) == LOADSTAR_REGION_BYTES);

#endif
`;
}

function camelCase(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function tsMessage(message: MessageLayout, headerBytes: number): string {
  const name = message.name.toUpperCase();
  const columns = message.row.fields.map((field) =>
    `  /** ${field.doc.charAt(0).toUpperCase()}${field.doc.slice(1)}. */\n  ${
      camelCase(field.name)
    }: ${field.offset / 4},`
  );
  return `/** How many slots ${message.name} has. */
export const ${name}_SLOTS = ${message.slots};

/** Bytes from the region's begin to the first slot of ${message.name}. */
export const ${name}_SLOTS_OFFSET = ${message.slotsOffset};

/** Bytes from the region's begin to what is said once of ${message.name}. */
export const ${name}_DIRECTION_OFFSET = ${message.directionOffset};

/** Bytes of a slot of ${message.name}. */
export const ${name}_SLOT_BYTES = ${message.slotBytes};

/** Bytes of ${message.name}, of which rows begin at byte ${headerBytes}. */
export const ${name}_BYTES = ${message.messageBytes};

/** Columns of ${message.name}: where in a row of 32-bit values each lies. */
export const ${name}_COLUMNS = {
${columns.join("\n")}
} as const;`;
}

/**
 * Writes the TypeScript module.
 *
 * @param layout The layout.
 */
export function typescriptLayout(layout: Layout): string {
  const offsets = (record: RecordLayout) =>
    record.fields.filter(({ name }) => name !== "reserved").map((field) =>
      `  /** ${field.type}: ${field.doc}. */\n  ${
        camelCase(field.name)
      }: ${field.offset},`
    ).join("\n");
  return `/**
 * The layout of a region of shared memory, written by
 * \`tools/write_shared_memory_layout.ts\` from \`shared_memory_schema.json\`.
 *
 * @module
 */

/** The letters that a region begins with. */
export const MAGIC = ${JSON.stringify(layout.magic)};

/** Which layout this is. */
export const LAYOUT_VERSION = ${layout.layoutVersion};

/** The size of a region in bytes. */
export const REGION_BYTES = ${layout.regionBytes};

/** The most servers that a message tells of. */
export const MAX_SERVERS = ${layout.maxServers};

/** Where the fields of a region's header lie, in bytes. */
export const REGION_HEADER = {
${offsets(layout.regionHeader)}
} as const;

/** Where the fields of what is said once of a direction lie, in bytes. */
export const DIRECTION = {
${offsets(layout.direction)}
} as const;

/** Where the fields of a message's header lie, in bytes. */
export const MESSAGE_HEADER = {
${offsets(layout.messageHeader)}
} as const;

/** Bytes of a message's header; rows follow. */
export const MESSAGE_HEADER_BYTES = ${layout.messageHeader.bytes};

${
    layout.messages.map((message) =>
      tsMessage(message, layout.messageHeader.bytes)
    ).join("\n\n")
  }
`;
}
