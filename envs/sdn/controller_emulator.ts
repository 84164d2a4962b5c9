/**
 * An HTTP server that behaves as a controller with its network would.
 *
 * @module
 */
import { emulatedSwitches } from "./emulated_switches.ts";
import { type EmulatorOptions, emulatorSettings } from "./emulator_options.ts";
import { FluidEmulator } from "./fluid_emulator.ts";
import { serveRest } from "./rest_server.ts";

export type { EmulatorOptions, FluidEmulator };

/** Options of {@linkcode ControllerEmulator}. */
export interface ControllerEmulatorOptions extends EmulatorOptions {
  /** Port on which it listens; 0 for any that is free. Default 8080. */
  readonly port?: number;
  /** Address on which it listens. Default `127.0.0.1`. */
  readonly hostname?: string;
}

/** By the wall clock, counters move at least so often. */
const TICK_MS = 250;

/**
 * A controller with an emulated network behind it, listening from its making
 * on. It answers Ryu's ofctl_rest and rest_topology and the original's `GET
 * /stats`, `POST /set_link_weights` and `POST /restore_baseline`;
 * docs/sdn_rest.md lists all.
 *
 * @example Any free port
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { ControllerEmulator } from "./controller_emulator.ts";
 *
 * await using controller = new ControllerEmulator({ port: 0 });
 * const answer = await fetch(`${controller.url}/stats`);
 * const { link_utils } = await answer.json();
 * assertEquals(link_utils.length, 10);
 * ```
 */
export class ControllerEmulator implements AsyncDisposable {
  /** The network behind it. */
  readonly emulator: FluidEmulator;
  /** Where it listens, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #timer: ReturnType<typeof setInterval> | undefined;

  /**
   * Begins to listen.
   *
   * @param options Throws `RangeError` or `TypeError` for values that make no
   * sense, and `Error` where the port is taken.
   */
  constructor(options: ControllerEmulatorOptions = {}) {
    const { port = 8080, hostname = "127.0.0.1" } = options;
    this.emulator = new FluidEmulator(emulatorSettings(options));
    const network = emulatedSwitches(this.emulator);
    this.#server = serveRest(network, { port, hostname });
    this.url = `http://${hostname}:${this.#server.addr.port}`;
    if (this.emulator.settings.clock === "wall") {
      this.#timer = setInterval(() => network.weights(), TICK_MS);
      this.#timer.unref();
    }
  }

  /** Settles when the server has ended. */
  get finished(): Promise<void> {
    return this.#server.finished;
  }

  /** Answers what has been asked, and ends. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#server.shutdown();
  }

  /** As {@linkcode ControllerEmulator.close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
