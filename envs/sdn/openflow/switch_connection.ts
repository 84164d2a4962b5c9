/**
 * A switch at the other end of a connection, from its hello on.
 *
 * @module
 */
import { decodeError, encodeHelloFailed, errorText } from "./error_message.ts";
import { messageSplitter } from "./framing.ts";
import {
  decodeFeatures,
  encodeEchoReply,
  encodeHello,
  speaksOurVersion,
  type SwitchFeatures,
} from "./handshake.ts";
import {
  decodeHeader,
  encodeMessage,
  MESSAGE_TYPES,
  type MessageHeader,
  OPENFLOW_VERSION,
} from "./header.ts";
import { encodeMultipartRequest, type MultipartName } from "./multipart.ts";
import { decodePacketIn, type PacketIn } from "./packets.ts";
import {
  PendingRequests,
  SwitchError,
  SwitchRefusal,
} from "./_pending_requests.ts";
import {
  decodePorts,
  decodePortStatus,
  PORT_STATE,
  type PortDescription,
  type PortStatus,
} from "./ports.ts";

export { SwitchError, SwitchRefusal };
export type {
  MultipartName,
  PacketIn,
  PortDescription,
  PortStatus,
  SwitchFeatures,
};

/** What a switch says without being asked, once it is greeted. */
export interface SwitchEvents {
  /** A packet came to the controller. */
  readonly onPacketIn?: (from: SwitchConnection, packet: PacketIn) => void;
  /** A port was added, taken away or changed. */
  readonly onPortStatus?: (from: SwitchConnection, status: PortStatus) => void;
  /** Something that nobody waits for went wrong. */
  readonly onError?: (from: SwitchConnection, message: string) => void;
}

/** Options of {@linkcode SwitchConnection}. */
export interface SwitchConnectionOptions extends SwitchEvents {
  /** How long an answer may take. Default 5000 ms. */
  readonly timeoutMs?: number;
  /**
   * How often a switch is asked whether it is there; after three times as long
   * without a word it is taken for dead. Default 5000 ms.
   */
  readonly echoMs?: number;
}

/** A message, once its number is known. */
export type MessageOf = (transaction: number) => Uint8Array<ArrayBuffer>;

const READ_BYTES = 1 << 16;
/** Silence for so many echoes is death. */
const PATIENCE_ECHOES = 3;

/**
 * A switch that speaks OpenFlow 1.3. Its requests throw `SwitchError` where
 * the switch refuses, does not answer in time or goes away.
 */
export class SwitchConnection implements Disposable {
  /** Its ports, by number. */
  readonly ports: Map<number, PortDescription> = new Map();
  readonly #connection: Deno.Conn;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #options: SwitchConnectionOptions;
  readonly #pending = new PendingRequests();
  readonly #split = messageSplitter();
  readonly #hello = Promise.withResolvers<void>();
  readonly #ended = Promise.withResolvers<string>();
  #features: SwitchFeatures | undefined;
  #transaction = 0;
  #lastWord = performance.now();
  #echoes: ReturnType<typeof setInterval> | undefined;
  #isOpen = true;
  #isGreeted = false;

  private constructor(
    connection: Deno.Conn,
    options: SwitchConnectionOptions,
  ) {
    this.#connection = connection;
    this.#options = options;
    this.#writer = connection.writable.getWriter();
    this.#hello.promise.catch(() => {});
  }

  /**
   * Greets what has connected, and asks what it is.
   *
   * @param connection The connection. It is closed, and `SwitchError` thrown,
   * where no switch that speaks OpenFlow 1.3 answers in time.
   * @param options What to do with what it says.
   */
  static async open(
    connection: Deno.Conn,
    options: SwitchConnectionOptions = {},
  ): Promise<SwitchConnection> {
    const opened = new SwitchConnection(connection, options);
    const { timeoutMs = 5000, echoMs = 5000 } = options;
    const timer = setTimeout(
      () => opened.#end(`no hello within ${timeoutMs} ms`),
      timeoutMs,
    );
    try {
      opened.#read();
      opened.#send(encodeHello(opened.#next()));
      await opened.#hello.promise;
      opened.#features = decodeFeatures(
        await opened.#ask(
          "features",
          (transaction) =>
            encodeMessage(MESSAGE_TYPES.featuresRequest, transaction),
        ),
      );
      if (opened.#features.auxiliaryId !== 0) {
        throw new SwitchError(
          "Cannot use a switch's second connection, expected its main one",
        );
      }
      for (const port of decodePorts(await opened.multipart("ports"))) {
        opened.ports.set(port.number, port);
      }
    } catch (error) {
      opened.#end("its handshake failed");
      throw error;
    } finally {
      clearTimeout(timer);
    }
    opened.#isGreeted = true;
    // It may have gone with its last word.
    if (opened.#isOpen) {
      opened.#echoes = setInterval(() => opened.#keepAlive(echoMs), echoMs);
    }
    return opened;
  }

  /** What it is able to, and its number. */
  get features(): SwitchFeatures {
    return this.#features!;
  }

  /** Its number. */
  get datapathId(): number {
    return this.features.datapathId;
  }

  /** Settles, with the reason, when it is gone. */
  get ended(): Promise<string> {
    return this.#ended.promise;
  }

  #next(): number {
    this.#transaction = (this.#transaction + 1) >>> 0;
    return this.#transaction;
  }

  #send(message: Uint8Array<ArrayBuffer>): void {
    this.#writer.write(message).catch((error) => this.#end(error.message));
  }

  async #read(): Promise<void> {
    const buffer = new Uint8Array(READ_BYTES);
    let reason = "it hung up";
    try {
      for (;;) {
        const count = await this.#connection.read(buffer);
        if (count === null) break;
        this.#lastWord = performance.now();
        for (const message of this.#split(buffer.slice(0, count))) {
          this.#receive(message);
        }
      }
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
    }
    this.#end(reason);
  }

  #receive(message: Uint8Array): void {
    const header = decodeHeader(message);
    if (header.type === MESSAGE_TYPES.hello) {
      this.#receiveHello(message, header);
      return;
    }
    if (header.type === MESSAGE_TYPES.error) {
      this.#receiveError(message, header.transaction);
      return;
    }
    if (header.version !== OPENFLOW_VERSION) {
      throw new SyntaxError(
        `Cannot read a message of version ${header.version}, expected ${OPENFLOW_VERSION}: OpenFlow 1.3`,
      );
    }
    switch (header.type) {
      case MESSAGE_TYPES.echoRequest:
        this.#send(encodeEchoReply(message));
        break;
      case MESSAGE_TYPES.packetIn: {
        const packet = decodePacketIn(message);
        if (this.#isGreeted) this.#options.onPacketIn?.(this, packet);
        break;
      }
      case MESSAGE_TYPES.portStatus:
        this.#receivePortStatus(decodePortStatus(message));
        break;
      default:
        this.#pending.answer(message, header);
    }
  }

  #receiveHello(message: Uint8Array, { transaction }: MessageHeader): void {
    if (speaksOurVersion(message)) {
      this.#hello.resolve();
      return;
    }
    this.#send(encodeHelloFailed(transaction, "OpenFlow 1.3 is spoken here"));
    throw new SwitchError(
      "Cannot talk to a switch that does not speak OpenFlow 1.3",
    );
  }

  #receiveError(message: Uint8Array, transaction: number): void {
    const text = errorText(decodeError(message));
    if (!this.#pending.refuse(transaction, text) && this.#isGreeted) {
      this.#options.onError?.(this, text);
    }
  }

  #receivePortStatus(status: PortStatus): void {
    const { number } = status.port;
    if (status.reason === "deleted") this.ports.delete(number);
    else this.ports.set(number, status.port);
    if (this.#isGreeted) this.#options.onPortStatus?.(this, status);
  }

  async #ask(what: string, encode: MessageOf): Promise<Uint8Array> {
    const whole = `ask a switch for its ${what}`;
    if (!this.#isOpen) {
      throw new SwitchError(`Cannot ${whole}: it is gone`);
    }
    const { timeoutMs = 5000 } = this.#options;
    const transaction = this.#next();
    const answer = this.#pending.wait(transaction, { what: whole, timeoutMs });
    this.#send(encode(transaction));
    return await answer;
  }

  /**
   * All that a switch tells of a kind, its parts put together.
   *
   * @param name What is asked for.
   */
  multipart(name: MultipartName): Promise<Uint8Array> {
    return this.#ask(
      name,
      (transaction) => encodeMultipartRequest(transaction, name),
    );
  }

  /** Settles when all that was sent before has been done. */
  async barrier(): Promise<void> {
    await this.#ask(
      "barrier",
      (transaction) => encodeMessage(MESSAGE_TYPES.barrierRequest, transaction),
    );
  }

  /** How long the way to the switch and back takes now, in milliseconds. */
  async roundTripMs(): Promise<number> {
    const begin = performance.now();
    await this.#ask(
      "echo",
      (transaction) => encodeMessage(MESSAGE_TYPES.echoRequest, transaction),
    );
    return performance.now() - begin;
  }

  /**
   * Sends a message that has no answer; what goes wrong with it goes to
   * `onError`.
   *
   * @param encode The message.
   */
  send(encode: MessageOf): void {
    if (this.#isOpen) this.#send(encode(this.#next()));
  }

  /**
   * Sends changes and waits until they are done. Throws `SwitchRefusal` with
   * what the switch says of the first that it refuses.
   *
   * @param changes The messages, in their order.
   */
  async apply(changes: readonly MessageOf[]): Promise<void> {
    const messages = changes.map((encode) => {
      const transaction = this.#next();
      return { transaction, message: encode(transaction) };
    });
    const transactions = messages.map(({ transaction }) => transaction);
    this.#pending.watch(transactions);
    for (const { message } of messages) {
      if (this.#isOpen) this.#send(message);
    }
    const done = this.barrier();
    await done.catch(() => {});
    const refusal = this.#pending.refusalOf(transactions);
    if (refusal !== undefined) {
      throw new SwitchRefusal(
        `Cannot change the switch ${this.datapathId}: ${refusal}`,
      );
    }
    await done;
  }

  #keepAlive(echoMs: number): void {
    const silentMs = performance.now() - this.#lastWord;
    if (silentMs > PATIENCE_ECHOES * echoMs) {
      this.#end(`it has been silent for ${Math.round(silentMs)} ms`);
    } else this.roundTripMs().catch(() => {});
  }

  #end(reason: string): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    clearInterval(this.#echoes);
    const error = new SwitchError(`Cannot talk to the switch: ${reason}`);
    this.#hello.reject(error);
    this.#pending.fail(reason);
    // What is being written, such as why the hello failed, still goes out.
    this.#writer.close().catch(() => {}).finally(() => {
      try {
        this.#connection.close();
      } catch {
        // Closing the writer may have closed it.
      }
    });
    this.#ended.resolve(reason);
  }

  /** Whether a port is there and up. */
  isUp(port: number): boolean {
    const state = this.ports.get(port)?.state;
    return state !== undefined && (state & PORT_STATE.linkDown) === 0;
  }

  /** Hangs up. */
  close(): void {
    this.#end("the controller ended");
  }

  /** As {@linkcode SwitchConnection.close}. */
  [Symbol.dispose](): void {
    this.close();
  }
}
