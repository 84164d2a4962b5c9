/**
 * What is printed within this process, in files.
 *
 * @module
 */

const OUTPUT = ["log", "info", "debug"] as const;
const ERRORS = ["error", "warn"] as const;

function asText(data: readonly unknown[]): string {
  return data.map((value) =>
    typeof value === "string" ? value : Deno.inspect(value)
  ).join(" ");
}

function appender(path: string) {
  const file = Deno.openSync(path, {
    write: true,
    create: true,
    truncate: true,
  });
  return {
    write: (text: string) =>
      void file.writeSync(new TextEncoder().encode(text)),
    close: () => file.close(),
  };
}

/**
 * Sends what `console` prints to two files, which are begun anew, until it is
 * disposed of: whatever happens, later output is on the console again.
 *
 * @param paths Files for output and for errors and warnings.
 */
export function captureConsole(
  paths: { output: string; errors: string },
): Disposable {
  const output = appender(paths.output);
  const errors = appender(paths.errors);
  const saved = { ...console };
  for (const name of OUTPUT) {
    console[name] = (...data) => output.write(`${asText(data)}\n`);
  }
  for (const name of ERRORS) {
    console[name] = (...data) => errors.write(`${asText(data)}\n`);
  }
  return {
    [Symbol.dispose]() {
      for (const name of [...OUTPUT, ...ERRORS]) console[name] = saved[name];
      output.close();
      errors.close();
    },
  };
}
