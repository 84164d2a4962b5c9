/**
 * A controller in a thread of its own, for tests of what waits for it; told to
 * answer only so many requests well.
 *
 * @module
 */
import { emulatedSwitches } from "./emulated_switches.ts";
import { emulatorSettings } from "./emulator_options.ts";
import { FluidEmulator } from "./fluid_emulator.ts";
import { restHandler } from "./rest_api.ts";

const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<{ answers: number }>) => void;
  postMessage(message: string): void;
};

scope.onmessage = ({ data: { answers } }) => {
  const emulator = new FluidEmulator(emulatorSettings());
  const handle = restHandler(emulatedSwitches(emulator));
  let asked = 0;
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    (request) =>
      asked++ < answers
        ? handle(request)
        : new Response("out of order", { status: 500 }),
  );
  scope.postMessage(`http://127.0.0.1:${server.addr.port}`);
};
