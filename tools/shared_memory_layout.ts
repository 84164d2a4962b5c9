/**
 * The layout of shared memory: read from its schema, computed once, and told
 * to each language by the writers beside this module.
 *
 * @module
 */

/** Types of a field, with their sizes in bytes, which they are aligned to. */
export const SIZES = { u32: 4, u64: 8, f32: 4 } as const;

/** A field of a record, as the schema has it. */
export interface SchemaField {
  /** Its name, in snake_case. */
  readonly name: string;
  /** Its type. */
  readonly type: keyof typeof SIZES;
  /** What it holds, in its unit. */
  readonly doc: string;
}

/** A direction's message, as the schema has it. */
export interface SchemaMessage {
  /** Its name, in snake_case. */
  readonly name: string;
  /** What it says. */
  readonly doc: string;
  /** How many slots its direction has. */
  readonly slots: number;
  /** The name of a row, which is what it says of one server. */
  readonly rowName: string;
  /** What a row holds. */
  readonly row: readonly SchemaField[];
}

/** The schema: `ffi/shared_memory_schema.json`. */
export interface Schema {
  /** Eight letters. */
  readonly magic: string;
  /** Counts layouts. */
  readonly layoutVersion: number;
  /** The size of a region in bytes. */
  readonly regionBytes: number;
  /** The most rows of a message. */
  readonly maxServers: number;
  /** What the region begins with. */
  readonly regionHeader: readonly SchemaField[];
  /** What is said once of each direction. */
  readonly direction: readonly SchemaField[];
  /** What each message begins with. */
  readonly messageHeader: readonly SchemaField[];
  /** The directions' messages. */
  readonly messages: readonly SchemaMessage[];
}

/** A field with its place. */
export interface PlacedField extends SchemaField {
  /** Bytes from the record's begin. */
  readonly offset: number;
}

/** Fields with their places. */
export interface RecordLayout {
  /** The fields in order. */
  readonly fields: readonly PlacedField[];
  /** The bytes that fields take. */
  readonly bytes: number;
}

/** A direction with its places. */
export interface MessageLayout extends Omit<SchemaMessage, "row"> {
  /** A row. */
  readonly row: RecordLayout;
  /** Bytes from the region's begin to the record of its direction. */
  readonly directionOffset: number;
  /** Bytes from the region's begin to the first slot. */
  readonly slotsOffset: number;
  /** Bytes of a message: header and all rows. */
  readonly messageBytes: number;
  /** Bytes of a slot: sequence, message, rest of the last cache line. */
  readonly slotBytes: number;
}

/** The whole layout. */
export interface Layout extends
  Omit<
    Schema,
    "regionHeader" | "direction" | "messageHeader" | "messages"
  > {
  /** What the region begins with. */
  readonly regionHeader: RecordLayout;
  /** What is said once of each direction. */
  readonly direction: RecordLayout;
  /** What each message begins with. */
  readonly messageHeader: RecordLayout;
  /** The directions, in order. */
  readonly messages: readonly MessageLayout[];
}

/** Records of the region begin with a cache line of their own. */
export const LINE_BYTES = 64;

/** Bytes of the sequence that a slot begins with. */
export const SEQUENCE_BYTES = 8;

function fill(bytes: number, unit: number): number {
  return Math.ceil(bytes / unit) * unit;
}

function placeFields(fields: readonly SchemaField[]): RecordLayout {
  let bytes = 0;
  const placed = fields.map((field) => {
    const offset = bytes;
    const size = SIZES[field.type];
    if (offset % size !== 0) {
      throw new RangeError(
        `Cannot place field "${field.name}" at byte ${offset}, expected a multiple of ${size}`,
      );
    }
    bytes += size;
    return { ...field, offset };
  });
  return { fields: placed, bytes };
}

/**
 * Computes where everything lies.
 *
 * @param schema What there is.
 * @throws RangeError where a field is not aligned, or the region too small.
 */
export function layOut(schema: Schema): Layout {
  const regionHeader = placeFields(schema.regionHeader);
  const direction = placeFields(schema.direction);
  const messageHeader = placeFields(schema.messageHeader);
  const directionsOffset = fill(regionHeader.bytes, LINE_BYTES);
  let slotsOffset = directionsOffset +
    schema.messages.length * fill(direction.bytes, LINE_BYTES);
  const messages = schema.messages.map((message, index) => {
    const row = placeFields(message.row);
    const messageBytes = messageHeader.bytes + schema.maxServers * row.bytes;
    if (messageHeader.bytes % 8 !== 0 || messageBytes % 8 !== 0) {
      throw new RangeError(
        `Cannot copy message "${message.name}" of ${messageBytes} bytes by words, expected a multiple of 8`,
      );
    }
    const slotBytes = fill(SEQUENCE_BYTES + messageBytes, LINE_BYTES);
    const placed = {
      ...message,
      row,
      directionOffset: directionsOffset +
        index * fill(direction.bytes, LINE_BYTES),
      slotsOffset,
      messageBytes,
      slotBytes,
    };
    slotsOffset += message.slots * slotBytes;
    return placed;
  });
  if (slotsOffset > schema.regionBytes) {
    throw new RangeError(
      `Cannot place slots up to byte ${slotsOffset}, expected ${schema.regionBytes} at most`,
    );
  }
  return { ...schema, regionHeader, direction, messageHeader, messages };
}

/**
 * The magic as a number: its letters are bytes in rising order.
 *
 * @param layout The layout.
 */
export function magicNumber(layout: Pick<Layout, "magic">): bigint {
  const bytes = new TextEncoder().encode(layout.magic);
  if (bytes.length !== 8) {
    throw new RangeError(
      `Cannot use the magic "${layout.magic}", expected eight ASCII letters`,
    );
  }
  return new DataView(bytes.buffer).getBigUint64(0, true);
}

/**
 * A number that changes with every name, type and place: FNV-1a.
 *
 * @param layout The layout.
 */
export function layoutDigest(layout: Layout): number {
  const text = JSON.stringify(
    layout,
    (key, value) => key === "doc" ? undefined : value,
  );
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return hash >>> 0;
}
