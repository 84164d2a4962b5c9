/**
 * The REST interface over HTTP.
 *
 * @module
 */
import { restHandler } from "./rest_api.ts";
import type { SwitchNetwork } from "./switch_network.ts";

export type { SwitchNetwork };

/** Where to listen. */
export interface RestAddress {
  /** Port; 0 for any that is free. */
  readonly port: number;
  /** Address. Default `127.0.0.1`. */
  readonly hostname?: string;
}

/**
 * Begins to listen.
 *
 * @param network What is asked.
 * @param address Where to listen. Throws `Error` where another program does.
 */
export function serveRest(
  network: SwitchNetwork,
  { port, hostname = "127.0.0.1" }: RestAddress,
): Deno.HttpServer<Deno.NetAddr> {
  try {
    return Deno.serve(
      { port, hostname, onListen: () => {} },
      restHandler(network),
    );
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) {
      throw new Error(
        `Cannot listen on ${hostname}:${port}: another program does, expected a free port`,
        { cause: error },
      );
    }
    throw error;
  }
}
