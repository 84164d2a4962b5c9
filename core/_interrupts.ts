/**
 * What reaches a process from outside its course: signals, and errors that
 * nobody waited for.
 *
 * @module
 */

// Windows knows neither SIGTERM nor SIGHUP.
const SIGNALS: Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT", "SIGBREAK"]
  : ["SIGINT", "SIGTERM"];

/**
 * Repeats within this time are one press of Ctrl-C: the terminal sends it to
 * the script, and `deno task` passes on its own copy.
 */
const SAME_PRESS_MS = 250;
/** Time for a copy to arrive that waited for a busy event loop. */
const LATE_COPY_MS = 50;

/**
 * Calls a function at every Ctrl-C or request to end, instead of ending the
 * process.
 *
 * @param handler What to call.
 * @returns A function that stops listening.
 */
export function onInterrupt(handler: () => void): () => void {
  let deaf: ReturnType<typeof setTimeout> | undefined;
  const listener = () => {
    if (deaf !== undefined) return;
    // Timers rather than the clock: a script that saves at once keeps the
    // event loop busy, and the copy is heard only when it has done. The first
    // timer fires after that, the second one a turn of the loop later.
    deaf = setTimeout(() => {
      deaf = setTimeout(() => deaf = undefined, LATE_COPY_MS);
    }, SAME_PRESS_MS);
    handler();
  };
  for (const signal of SIGNALS) Deno.addSignalListener(signal, listener);
  return () => {
    clearTimeout(deaf);
    for (const signal of SIGNALS) Deno.removeSignalListener(signal, listener);
  };
}

/**
 * Calls a function with errors thrown in timers and workers, and with the
 * reasons of promises that nobody waits for, instead of ending the process.
 *
 * @param handler What to call.
 * @returns A function that stops listening.
 */
export function onStrayError(handler: (error: unknown) => void): () => void {
  const onError = (event: ErrorEvent) => {
    event.preventDefault();
    handler(event.error ?? new Error(event.message));
  };
  const onRejection = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    handler(event.reason);
  };
  globalThis.addEventListener("error", onError);
  globalThis.addEventListener("unhandledrejection", onRejection);
  return () => {
    globalThis.removeEventListener("error", onError);
    globalThis.removeEventListener("unhandledrejection", onRejection);
  };
}

/**
 * Sends what libraries print on standard output to standard error.
 *
 * @returns A function that undoes it.
 */
export function divertConsole(): () => void {
  const { log, info, debug } = console;
  const divert = (...data: unknown[]) => console.error(...data);
  Object.assign(console, { log: divert, info: divert, debug: divert });
  return () => {
    Object.assign(console, { log, info, debug });
  };
}
