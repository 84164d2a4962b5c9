/**
 * A controller: whoever connects and speaks OpenFlow 1.3 is one of its
 * switches.
 *
 * @module
 */
import {
  SwitchConnection,
  type SwitchConnectionOptions,
  SwitchError,
  type SwitchEvents,
} from "./switch_connection.ts";

export type { SwitchConnection, SwitchConnectionOptions, SwitchEvents };

/** Options of {@linkcode OpenFlowController}. */
export interface OpenFlowControllerOptions extends SwitchConnectionOptions {
  /** A switch is there, greeted and asked for its ports. */
  readonly onSwitch?: (arrived: SwitchConnection) => void;
  /** A switch has gone. */
  readonly onGone?: (datapathId: number, reason: string) => void;
  /** Who connected was no switch. */
  readonly onRefused?: (message: string) => void;
}

/** Options of {@linkcode OpenFlowController.waitFor}. */
export interface WaitOptions {
  /** How long. Default 10000 ms. */
  readonly timeoutMs?: number;
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
}

/**
 * A controller, listening from its making on.
 *
 * @example One that any free port leads to
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { OpenFlowController } from "./openflow_controller.ts";
 *
 * const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
 * await using controller = new OpenFlowController(listener);
 * assertEquals(controller.switches.size, 0);
 * ```
 */
export class OpenFlowController implements AsyncDisposable {
  /** The switches that are there, by their numbers. */
  readonly switches: Map<number, SwitchConnection> = new Map();
  readonly #listener: Deno.Listener;
  readonly #options: OpenFlowControllerOptions;
  readonly #accepting: Promise<void>;
  readonly #greeting = new Set<Promise<void>>();
  #arrival = Promise.withResolvers<void>();

  /**
   * Begins to accept switches.
   *
   * @param listener Where they connect, over TCP or a Unix socket. The
   * controller closes it in the end.
   * @param options What to do with what they say.
   */
  constructor(
    listener: Deno.Listener,
    options: OpenFlowControllerOptions = {},
  ) {
    this.#listener = listener;
    this.#options = options;
    this.#accepting = this.#accept();
  }

  async #accept(): Promise<void> {
    for await (const connection of this.#listener) {
      const greeting = this.#greet(connection);
      this.#greeting.add(greeting);
      greeting.finally(() => this.#greeting.delete(greeting));
    }
  }

  async #greet(connection: Deno.Conn): Promise<void> {
    let arrived: SwitchConnection;
    try {
      arrived = await SwitchConnection.open(connection, this.#options);
    } catch (error) {
      this.#options.onRefused?.((error as Error).message);
      return;
    }
    const { datapathId } = arrived;
    // A switch that comes again has left, even where nobody has noticed yet.
    this.switches.get(datapathId)?.close();
    this.switches.set(datapathId, arrived);
    arrived.ended.then((reason) => {
      if (this.switches.get(datapathId) !== arrived) return;
      this.switches.delete(datapathId);
      this.#options.onGone?.(datapathId, reason);
    });
    this.#options.onSwitch?.(arrived);
    this.#arrival.resolve();
    this.#arrival = Promise.withResolvers();
  }

  /**
   * A switch. Throws `SwitchError` where it is not there.
   *
   * @param datapathId Its number.
   */
  switchOf(datapathId: number): SwitchConnection {
    const found = this.switches.get(datapathId);
    if (found === undefined) {
      throw new SwitchError(
        `Cannot ask the switch ${datapathId}: it is not connected`,
      );
    }
    return found;
  }

  /**
   * Settles when all of some switches are there.
   *
   * @param datapathIds Their numbers. Throws `SwitchError` with those that are
   * missing in the end.
   * @param options How long to wait.
   */
  async waitFor(
    datapathIds: readonly number[],
    options: WaitOptions = {},
  ): Promise<void> {
    const { timeoutMs = 10_000, signal } = options;
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, timeoutMs);
    signal?.addEventListener("abort", () => late.resolve(), { once: true });
    const end = performance.now() + timeoutMs;
    try {
      for (;;) {
        const missing = datapathIds.filter((id) => !this.switches.has(id));
        if (missing.length === 0) return;
        signal?.throwIfAborted();
        if (performance.now() >= end) {
          throw new SwitchError(
            `Cannot wait longer than ${timeoutMs} ms for the switches ${
              missing.join(", ")
            }: they do not connect`,
          );
        }
        await Promise.race([this.#arrival.promise, late.promise]);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** Hangs up on all switches and listens no more. */
  async close(): Promise<void> {
    this.#listener.close();
    await this.#accepting;
    for (const each of [...this.switches.values()]) each.close();
    this.switches.clear();
    await Promise.all(this.#greeting);
  }

  /** As {@linkcode OpenFlowController.close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
