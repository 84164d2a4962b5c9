/**
 * Servers for this machine alone.
 *
 * @module
 */

/** Options of {@linkcode serveLoopback}. */
export interface LoopbackOptions {
  /** Port, 0 for a free one. Default 0. */
  port?: number;
  /** Ends the server when aborted. */
  signal: AbortSignal;
}

/** A server that listens. */
export interface LoopbackServer {
  /** Where, with a slash at the end. */
  readonly url: string;
  /** Settled when the server has ended. */
  readonly finished: Promise<void>;
}

const HOSTNAME = "127.0.0.1";
/** Names by which a program on this machine may ask. */
const HOSTS = new Set([HOSTNAME, "localhost"]);

/**
 * Listens on the loopback interface.
 *
 * @param handler Answers. What it throws is answered with 500.
 * @param options Port and signal. Throws a one-line error for a port that is
 * in use or that may not be opened.
 */
export function serveLoopback(
  handler: (request: Request) => Response | Promise<Response>,
  options: LoopbackOptions,
): LoopbackServer {
  const { port = 0, signal } = options;
  try {
    const listen = (port: number) =>
      // Not `shutdown`: it would wait for open event streams for ever.
      Deno.serve(
        { hostname: HOSTNAME, port, signal, onListen() {} },
        handler,
      );
    const server = listen(port);
    return {
      url: `http://${HOSTNAME}:${server.addr.port}/`,
      finished: served(server, listen, signal),
    };
  } catch (error) {
    throw portError(error, port);
  }
}

type Server = Deno.HttpServer<Deno.NetAddr>;

/** What Deno's server ends with where a process may open no more files. */
const TOO_MANY_FILES = /os error (23|24)|EMFILE|ENFILE/;
const BREATH_MILLISECONDS = 100;

/**
 * Settled when a server has been ended. More connections than the process may
 * have open end it too: it then listens again.
 */
async function served(
  first: Server,
  listen: (port: number) => Server,
  signal: AbortSignal,
): Promise<void> {
  for (let server = first;;) {
    try {
      return await server.finished;
    } catch (error) {
      if (signal.aborted || !TOO_MANY_FILES.test(String(error))) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, BREATH_MILLISECONDS));
    server = listen(first.addr.port);
  }
}

function portError(error: unknown, port: number): unknown {
  if (error instanceof Deno.errors.AddrInUse) {
    return new Error(
      `Cannot serve on port ${port}: it is in use, expected a free one (--port 0 finds one)`,
      { cause: error },
    );
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return new Error(
      `Cannot serve on port ${port}: permission denied, expected a port from 1024 or 0`,
      { cause: error },
    );
  }
  return error;
}

/**
 * Whether a request is meant for this machine and comes from no page of
 * another: browsers send pages' requests to loopback too, also under names
 * that were bent to this machine.
 *
 * @param request As the server got it.
 */
export function isFromHere(request: Request): boolean {
  // A Host header may hold anything.
  const url = URL.parse(request.url);
  if (url === null) return false;
  const origin = request.headers.get("origin");
  return HOSTS.has(url.hostname) && (origin === null || origin === url.origin);
}
