/** An installed Chromium, driven over its debugging protocol (CDP). */

/** Names under which it is looked for. */
export const CHROMIUM_NAMES = [
  "chromium",
  "chromium-browser",
  "google-chrome",
] as const;

const START_TIMEOUT_MS = 30_000;
const CLOSE_TIMEOUT_MS = 5_000;

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--hide-scrollbars",
  "--force-color-profile=srgb",
  "--remote-debugging-port=0",
];

/** A running Chromium with one page. */
export interface Chromium {
  /** Calls a method of the protocol on the page. */
  send(method: string, parameters?: unknown): Promise<Record<string, unknown>>;
  /** Evaluates an expression on the page and waits for its promise. */
  evaluate(expression: string): Promise<unknown>;
  /** Ends the process and removes its folder. */
  close(): Promise<void>;
}

function startError(reason: string, cause?: unknown): Error {
  return new Error(`Cannot draw with Chromium: ${reason}`, { cause });
}

/** Starts the first name that is there and allowed. */
function spawn(profile: string): Deno.ChildProcess {
  let refused: unknown;
  for (const name of CHROMIUM_NAMES) {
    try {
      return new Deno.Command(name, {
        args: [...FLAGS, `--user-data-dir=${profile}`, "about:blank"],
        stdin: "null",
        stdout: "null",
        stderr: "piped",
      }).spawn();
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) refused = error;
      else if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  throw refused === undefined
    ? startError(
      `none of ${
        CHROMIUM_NAMES.join(", ")
      } is installed, install Chromium or write .svg or .pdf`,
    )
    : startError(
      `Deno was not permitted to, run it with --allow-run=${
        CHROMIUM_NAMES.join(",")
      }`,
      refused,
    );
}

/** Looked at before anything is started, so that nothing need be ended. */
function checkNetwork(): void {
  const host = "127.0.0.1";
  const { state } = Deno.permissions.querySync({ name: "net", host });
  if (state === "granted") return;
  throw startError(
    `Deno was not permitted to reach it, run it with --allow-net=${host}`,
  );
}

async function makeProfile(): Promise<string> {
  try {
    return await Deno.makeTempDir({ prefix: "loadstar-chromium-" });
  } catch (error) {
    const reason = error instanceof Deno.errors.NotCapable
      ? "Deno was not permitted to make a temporary folder, run it with --allow-write"
      : "no temporary folder could be made";
    throw startError(reason, error);
  }
}

/** Reads where it listens; keeps reading, so that it never blocks. */
function listeningAddress(process: Deno.ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(startError("it did not start within 30 s")),
      START_TIMEOUT_MS,
    );
    (async () => {
      let text = "";
      const decoder = new TextDecoder();
      for await (const chunk of process.stderr) {
        if (text.length > 100_000) continue;
        text += decoder.decode(chunk, { stream: true });
        const found = /DevTools listening on (ws:\/\/\S+)/.exec(text);
        if (found) {
          clearTimeout(timer);
          resolve(found[1]);
        }
      }
      clearTimeout(timer);
      reject(startError(`it ended at once (${lastLine(text)})`));
    })().catch(reject);
  });
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}

type Answer = (message: Record<string, unknown> | Error) => void;

interface Connection {
  call(
    method: string,
    options?: { parameters?: unknown; sessionId?: string },
  ): Promise<Record<string, unknown>>;
  close(): void;
}

/** Requests over one WebSocket, answered by number. */
async function connect(address: string): Promise<Connection> {
  const socket = new WebSocket(address);
  const waiting = new Map<number, Answer>();
  let calls = 0;
  const fail = (error: Error) => {
    for (const answer of waiting.values()) answer(error);
    waiting.clear();
  };
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    waiting.get(message.id)?.(message);
    waiting.delete(message.id);
  };
  await new Promise<void>((resolve, reject) => {
    socket.onopen = () => resolve();
    socket.onerror = () => reject(startError("it could not be reached"));
  });
  socket.onclose = () => fail(startError("it went away"));
  socket.onerror = () => fail(startError("the connection broke"));
  return {
    call: (method, { parameters = {}, sessionId } = {}) =>
      new Promise((resolve, reject) => {
        if (socket.readyState !== WebSocket.OPEN) {
          reject(startError("it went away"));
          return;
        }
        const id = ++calls;
        waiting.set(id, (message) => {
          if (message instanceof Error) reject(message);
          else if (message.error) {
            const { message: reason } = message.error as { message: string };
            reject(startError(`${method} failed (${reason})`));
          } else resolve(message.result as Record<string, unknown>);
        });
        socket.send(
          JSON.stringify({ id, method, params: parameters, sessionId }),
        );
      }),
    close: () => socket.close(),
  };
}

function within<T>(promise: Promise<T>, milliseconds: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout>;
  return Promise.race([
    promise.then(() => {}, () => {}),
    new Promise<void>((resolve) => timer = setTimeout(resolve, milliseconds)),
  ]).finally(() => clearTimeout(timer));
}

/** Ends the process, by force where asking does not help. */
async function end(
  process: Deno.ChildProcess,
  context: { connection?: Connection; profile: string },
): Promise<void> {
  const { connection, profile } = context;
  if (connection === undefined) {
    // Killed outright, it leaves helpers that bring its folder back.
    signal(process, "SIGTERM");
  } else await within(connection.call("Browser.close"), CLOSE_TIMEOUT_MS);
  await within(process.status, CLOSE_TIMEOUT_MS);
  connection?.close();
  signal(process, "SIGKILL");
  await process.status;
  await removeProfile(profile);
}

function signal(process: Deno.ChildProcess, name: Deno.Signal): void {
  try {
    process.kill(name);
  } catch {
    // It has ended already.
  }
}

/** Its helper processes may still write for a moment. */
async function removeProfile(profile: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    try {
      await Deno.remove(profile, { recursive: true });
      return;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/**
 * Starts Chromium with a new profile. Throws an `Error` of one line when it
 * is not installed or a permission is missing.
 */
export async function startChromium(): Promise<Chromium> {
  checkNetwork();
  const profile = await makeProfile();
  let process: Deno.ChildProcess;
  try {
    process = spawn(profile);
  } catch (error) {
    await removeProfile(profile);
    throw error;
  }
  let connection: Connection | undefined;
  try {
    connection = await connect(await listeningAddress(process));
    const { targetId } = await connection.call("Target.createTarget", {
      parameters: { url: "about:blank" },
    });
    const { sessionId } = await connection.call("Target.attachToTarget", {
      parameters: { targetId, flatten: true },
    });
    return pageOf(process, {
      connection,
      profile,
      sessionId: sessionId as string,
    });
  } catch (error) {
    await end(process, { connection, profile });
    throw error;
  }
}

function pageOf(
  process: Deno.ChildProcess,
  context: { connection: Connection; profile: string; sessionId: string },
): Chromium {
  const { connection, sessionId } = context;
  const send: Chromium["send"] = (method, parameters) =>
    connection.call(method, { parameters, sessionId });
  let closing: Promise<void> | undefined;
  return {
    send,
    async evaluate(expression) {
      const { result, exceptionDetails } = await send("Runtime.evaluate", {
        expression,
        awaitPromise: true,
        returnByValue: true,
      }) as {
        result: { value?: unknown };
        exceptionDetails?: {
          text: string;
          exception?: { description?: string };
        };
      };
      if (exceptionDetails !== undefined) {
        const { text, exception } = exceptionDetails;
        throw startError((exception?.description ?? text).split("\n", 1)[0]);
      }
      return result.value;
    },
    close: () => closing ??= end(process, context),
  };
}
