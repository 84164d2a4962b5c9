/**
 * The layout of shared memory in Rust.
 *
 * @module
 */
import {
  type Layout,
  layoutDigest,
  LINE_BYTES,
  magicNumber,
  type MessageLayout,
  type RecordLayout,
  SEQUENCE_BYTES,
} from "./shared_memory_layout.ts";

const ATOMIC = { u32: "AtomicU32", u64: "AtomicU64", f32: "AtomicU32" };

function pascalCase(name: string): string {
  return name.split("_").map((word) =>
    word.charAt(0).toUpperCase() + word.slice(1)
  ).join("");
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function atomicStruct(name: string, doc: string, record: RecordLayout): string {
  const fields = record.fields.map((field) =>
    `    /// ${sentence(field.doc)}\n    pub ${field.name}: ${
      ATOMIC[field.type]
    },`
  );
  return `/// ${doc}\n#[repr(C, align(${LINE_BYTES}))]\npub struct ${name} {\n${
    fields.join("\n")
  }\n}`;
}

function offsetChecks(name: string, record: RecordLayout): string[] {
  return record.fields.map((field) =>
    `    assert!(offset_of!(${name}, ${field.name}) == ${field.offset});`
  );
}

function slotStruct(message: MessageLayout): string {
  const name = pascalCase(message.name);
  const words = message.messageBytes / 8;
  return `/// A slot of ${message.name}.
#[repr(C, align(${LINE_BYTES}))]
pub struct ${name}Slot {
    /// Its sequence lock.
    pub sequence: AtomicU64,
    /// The message, word by word.
    pub words: [AtomicU64; ${words}],
}`;
}

function messageConstants(message: MessageLayout): string {
  const name = message.name.toUpperCase();
  return `/// How many slots ${message.name} has.
pub const ${name}_SLOTS: usize = ${message.slots};
/// Bytes of a row of ${message.name}.
pub const ${name}_ROW_BYTES: usize = ${message.row.bytes};
/// Columns of ${message.name}, of 32 bits each.
pub const ${name}_COLUMNS: usize = ${message.row.bytes / 4};`;
}

/**
 * Writes the Rust module.
 *
 * @param layout The layout.
 */
export function rustLayout(layout: Layout): string {
  const { messages, messageHeader } = layout;
  const headerWords = messageHeader.bytes / 8;
  const words = messageHeader.fields.filter((field) =>
    field.name !== "reserved"
  ).map((field) =>
    `/// The header's word that holds, in its lower bits: ${field.doc}.
pub const ${field.name.toUpperCase()}_WORD: usize = ${field.offset / 8};`
  );
  const regionFields = [
    `    /// What the region begins with.\n    pub header: Header,`,
    ...messages.map((message) =>
      `    /// What is said once of ${message.name}.\n    pub ${message.name}: Direction,`
    ),
    ...messages.map((message) =>
      `    /// ${
        sentence(`the slots of ${message.name}`)
      }\n    pub ${message.name}_slots: [${
        pascalCase(message.name)
      }Slot; ${message.slots}],`
    ),
  ];
  const checks = [
    ...offsetChecks("Header", layout.regionHeader),
    ...offsetChecks("Direction", layout.direction),
    ...messages.flatMap((message) => {
      const slot = `${pascalCase(message.name)}Slot`;
      return [
        `    assert!(offset_of!(${slot}, words) == ${SEQUENCE_BYTES});`,
        `    assert!(size_of::<${slot}>() == ${message.slotBytes});`,
        `    assert!(offset_of!(Region, ${message.name}) == ${message.directionOffset});`,
        `    assert!(offset_of!(Region, ${message.name}_slots) == ${message.slotsOffset});`,
      ];
    }),
    "    assert!(size_of::<Region>() <= REGION_BYTES);",
  ];
  return `//! The layout of a region, written by \`tools/write_shared_memory_layout.ts\`
//! from \`ffi/shared_memory_schema.json\`.

use std::mem::offset_of;
use std::sync::atomic::{AtomicU32, AtomicU64};

use crate::shared_constants;

#[cfg(not(target_endian = "little"))]
compile_error!("shared memory is laid out for little-endian machines");

shared_constants! {
    /// A digest of the layout of shared memory: a library of another layout is
    /// one of another interface.
    SHARED_MEMORY_DIGEST: u32 = 0x${layoutDigest(layout).toString(16)};
}

/// The letters ${layout.magic}.
pub const MAGIC: u64 = 0x${magicNumber(layout).toString(16)};
/// Which layout this is.
pub const LAYOUT_VERSION: u32 = ${layout.layoutVersion};
/// The size of a region.
pub const REGION_BYTES: usize = ${layout.regionBytes};
/// The most rows of a message.
pub const MAX_SERVERS: usize = ${layout.maxServers};
/// Words of a message's header.
pub const HEADER_WORDS: usize = ${headerWords};
${words.join("\n")}
${messages.map(messageConstants).join("\n")}

${atomicStruct("Header", "What a region begins with.", layout.regionHeader)}

${
    atomicStruct(
      "Direction",
      "What is said once of each direction.",
      layout.direction,
    )
  }

${messages.map(slotStruct).join("\n\n")}

/// All of a region that is used.
#[repr(C, align(${LINE_BYTES}))]
pub struct Region {
${regionFields.join("\n")}
}

const _: () = {
${checks.join("\n")}
};
`;
}
