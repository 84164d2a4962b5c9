/**
 * What the two sides of a region of shared memory tell each other.
 *
 * @module
 */
import {
  MAX_SERVERS,
  MESSAGE_HEADER,
  MESSAGE_HEADER_BYTES,
  MSG_IN_BYTES,
  MSG_IN_COLUMNS,
  MSG_OUT_BYTES,
  MSG_OUT_COLUMNS,
} from "./shared_memory_layout.ts";

/** Numbers of msg_out for each server; `MSG_OUT_COLUMNS` names them. */
export const STATISTICS_PER_SERVER: number =
  Object.keys(MSG_OUT_COLUMNS).length;

/** What every message says of itself. */
export interface MessageHeader {
  /** Counts the direction's messages; never starts again. */
  readonly number: number;
  /** The region's epoch when it was written. */
  readonly epoch: number;
  /**
   * When it was written, in nanoseconds of CLOCK_MONOTONIC; exact until the
   * machine has been up for 104 days, then rounded to two.
   */
  readonly timeNs: number;
  /** How many servers it tells of; row i is server i. */
  readonly servers: number;
  /** Bit i for server i. */
  readonly activeServers: bigint;
}

/** What the data plane says of the servers. */
export interface MsgOut extends MessageHeader {
  /** `[servers, 11]`, row by row; `MSG_OUT_COLUMNS` names the columns. */
  readonly statistics: Float32Array<ArrayBuffer>;
}

/** What the control plane wants the data plane to do. */
export interface MsgIn extends MessageHeader {
  /** `[servers]`: shares of new flows, up to a common factor. */
  readonly weights: Float32Array<ArrayBuffer>;
  /** `[servers]`: the alias table's probability of keeping a drawn server. */
  readonly odds: Float32Array<ArrayBuffer>;
  /** `[servers]`: the server to take otherwise, an index of the same arrays. */
  readonly aliases: Uint32Array<ArrayBuffer>;
}

/**
 * What looking for a message came to:
 *
 * - `fresh`: a message that this reader did not have;
 * - `stale`: nothing newer than what it has;
 * - `lapped`: the writer was faster in every one of 64 attempts, look again;
 * - `restarted`: the region has another owner than at the last look. Messages
 *   from before count no longer.
 */
export type ReadingStatus = "fresh" | "stale" | "lapped" | "restarted";

/** What a reader gets. */
export interface Reading<Message> {
  /** Whether there is news. */
  readonly status: ReadingStatus;
  /**
   * The newest whole message that this reader has, new or not; `undefined`
   * before the first of the owner's epoch.
   */
  readonly message: Message | undefined;
  /** Messages that came between this one and the last one, and are gone. */
  readonly missed: number;
}

const HEADER_NUMBERS = MESSAGE_HEADER_BYTES / 4;
const WORD = 2 ** 32;

/** Places of the header's fields, in numbers of 32 bits. */
const EPOCH = MESSAGE_HEADER.epoch / 4;
const NUMBER = MESSAGE_HEADER.number / 4;
const TIME = MESSAGE_HEADER.timeNs / 4;
const ACTIVE_SERVERS = MESSAGE_HEADER.activeServers / 4;
const SERVER_COUNT = MESSAGE_HEADER.serverCount / 4;

const STATUSES: readonly ReadingStatus[] = [
  "stale",
  "fresh",
  "lapped",
  "restarted",
  "restarted",
];

/** Numbers of the native results that bring a message. */
const FRESH = 1;
const RESTARTED = 3;
const RESTARTED_FRESH = 4;

/**
 * Bytes that messages are cut from, one after the other, so that they are safe
 * to keep: allocating memory for each takes longer than all else.
 */
const BLOCK_BYTES = 1 << 15;

/** Makes a message of words, from an index on. */
type Decode<Message> = (
  words: Uint32Array<ArrayBuffer>,
  index: number,
  activeServers: bigint,
) => Message;

/** One reader's side of a direction. */
export class Inbox<Message extends MessageHeader> {
  /** What native code copies to, at {@linkcode Inbox.offset}. */
  words: Uint32Array<ArrayBuffer> = new Uint32Array(BLOCK_BYTES / 4);
  /** Where in the words the next message begins. */
  offset = 0;
  readonly #bytes: number;
  readonly #rowNumbers: number;
  readonly #decode: Decode<Message>;
  #message: Message | undefined;
  #number = 0;
  // Bigints are slow to make, and those of most messages are as the last one's.
  #activeLow = 0;
  #activeHigh = 0;
  #activeServers = 0n;

  /**
   * Makes one without a message.
   *
   * @param bytes The size of a message of all servers.
   * @param decode Makes a message, which is safe to keep, of words.
   */
  constructor(bytes: number, decode: Decode<Message>) {
    this.#bytes = bytes;
    this.#rowNumbers = (bytes - MESSAGE_HEADER_BYTES) / 4 / MAX_SERVERS;
    this.#decode = decode;
  }

  /**
   * What a native result means.
   *
   * @param result What reading returned, 0 or above.
   */
  receive(result: number): Reading<Message> {
    let missed = 0;
    if (result === FRESH || result === RESTARTED_FRESH) {
      const { words, offset } = this;
      this.#readActiveServers();
      const message = this.#decode(words, offset, this.#activeServers);
      if (this.#number !== 0) missed = message.number - this.#number - 1;
      this.#number = message.number;
      this.#message = message;
      this.#advance(HEADER_NUMBERS + this.#rowNumbers * message.servers);
    } else if (result === RESTARTED) {
      this.#message = undefined;
    }
    return { status: STATUSES[result], message: this.#message, missed };
  }

  #readActiveServers(): void {
    const low = this.words[this.offset + ACTIVE_SERVERS];
    const high = this.words[this.offset + ACTIVE_SERVERS + 1];
    if (low === this.#activeLow && high === this.#activeHigh) return;
    this.#activeLow = low;
    this.#activeHigh = high;
    this.#activeServers = BigInt(high) << 32n | BigInt(low);
  }

  #advance(numbers: number): void {
    this.offset += numbers;
    if (4 * this.offset + this.#bytes <= BLOCK_BYTES) return;
    this.words = new Uint32Array(BLOCK_BYTES / 4);
    this.offset = 0;
  }
}

function long(words: Uint32Array, index: number): number {
  return words[index] + WORD * words[index + 1];
}

function decodeMsgOut(
  words: Uint32Array<ArrayBuffer>,
  index: number,
  activeServers: bigint,
): MsgOut {
  const servers = words[index + SERVER_COUNT];
  return {
    number: long(words, index + NUMBER),
    epoch: long(words, index + EPOCH),
    timeNs: long(words, index + TIME),
    servers,
    activeServers,
    statistics: new Float32Array(
      words.buffer,
      4 * (index + HEADER_NUMBERS),
      STATISTICS_PER_SERVER * servers,
    ),
  };
}

function decodeMsgIn(
  words: Uint32Array<ArrayBuffer>,
  index: number,
  activeServers: bigint,
): MsgIn {
  const servers = words[index + SERVER_COUNT];
  // Native code puts rows in order column by column.
  const { buffer } = words;
  const begin = 4 * (index + HEADER_NUMBERS);
  const column = 4 * servers;
  return {
    number: long(words, index + NUMBER),
    epoch: long(words, index + EPOCH),
    timeNs: long(words, index + TIME),
    servers,
    activeServers,
    weights: new Float32Array(
      buffer,
      begin + column * MSG_IN_COLUMNS.weight,
      servers,
    ),
    odds: new Float32Array(
      buffer,
      begin + column * MSG_IN_COLUMNS.odds,
      servers,
    ),
    aliases: new Uint32Array(
      buffer,
      begin + column * MSG_IN_COLUMNS.alias,
      servers,
    ),
  };
}

/** A reader of msg_out. */
export function msgOutInbox(): Inbox<MsgOut> {
  return new Inbox(MSG_OUT_BYTES, decodeMsgOut);
}

/** A reader of msg_in. */
export function msgInInbox(): Inbox<MsgIn> {
  return new Inbox(MSG_IN_BYTES, decodeMsgIn);
}

/**
 * Draws a server by a message's weights, in constant time (Vose's alias
 * method): one number says the row, and the rest of it the choice in the row.
 *
 * @param message Odds and aliases.
 * @param uniform An even draw from `[0, 1)`, of 53 bits.
 * @returns The server's index. One of weight 0 is never drawn.
 */
export function drawServer(
  message: Pick<MsgIn, "odds" | "aliases">,
  uniform: number,
): number {
  const { odds, aliases } = message;
  if (!(uniform >= 0 && uniform < 1)) {
    throw new RangeError(
      `Cannot draw a server with ${uniform}, expected a number from 0 to below 1`,
    );
  }
  const place = uniform * odds.length;
  // For 1 - 2^-53 the product may round up to the length.
  const row = Math.min(Math.floor(place), odds.length - 1);
  return place - row < odds[row] ? row : aliases[row];
}
