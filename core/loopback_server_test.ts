import { assertEquals, assertThrows } from "@std/assert";
import { isFromHere, serveLoopback } from "./loopback_server.ts";

Deno.test("serveLoopback() answers until the signal is aborted", async () => {
  const controller = new AbortController();
  const { url, finished } = serveLoopback(
    ({ method }) => new Response(method),
    { signal: controller.signal },
  );
  assertEquals(new URL(url).hostname, "127.0.0.1");
  assertEquals(await (await fetch(url, { method: "PUT" })).text(), "PUT");
  const { port } = new URL(url);
  assertThrows(
    () =>
      serveLoopback(() => new Response(), {
        port: Number(port),
        signal: controller.signal,
      }),
    Error,
    `Cannot serve on port ${port}: it is in use`,
  );
  controller.abort();
  await finished;
});

Deno.test("isFromHere() refuses other names and other pages", () => {
  const asked = (url: string, origin?: string) =>
    isFromHere(new Request(url, { headers: origin ? { origin } : {} }));
  assertEquals(asked("http://127.0.0.1:8000/a"), true);
  assertEquals(asked("http://localhost:8000/a", "http://localhost:8000"), true);
  assertEquals(asked("http://localhost:8000/a", "http://localhost:1"), false);
  assertEquals(asked("http://127.0.0.1:8000/a", "http://example.org"), false);
  assertEquals(asked("http://127.0.0.1:8000/a", "null"), false);
  assertEquals(asked("http://example.org:8000/a"), false);
});

Deno.test("isFromHere() refuses a name that is none", async () => {
  const controller = new AbortController();
  const { url, finished } = serveLoopback(
    (request) => new Response(String(isFromHere(request))),
    { signal: controller.signal },
  );
  const connection = await Deno.connect({
    hostname: "127.0.0.1",
    port: Number(new URL(url).port),
  });
  const request = "GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n";
  await connection.write(new TextEncoder().encode(request));
  const answer = await new Response(connection.readable).text();
  assertEquals(answer.endsWith("false"), true);
  controller.abort();
  await finished;
});

/** Serves, has more connections than files, and asks once they are closed. */
const CROWDED = `
import { serveLoopback } from ${
  JSON.stringify(new URL("./loopback_server.ts", import.meta.url).href)
};
const controller = new AbortController();
const { url, finished } = serveLoopback(() => new Response("answer"), {
  signal: controller.signal,
});
const open = [];
try {
  for (;;) {
    open.push(await Deno.connect({ hostname: "127.0.0.1", port: Number(new URL(url).port) }));
  }
} catch (error) {
  console.log(open.length > 10, error.name);
}
await new Promise((resolve) => setTimeout(resolve, 50));
for (const connection of open) connection.close();
for (let tries = 0; tries < 100; tries++) {
  try {
    console.log(await (await fetch(url)).text());
    break;
  } catch {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
controller.abort();
await finished;
`;

Deno.test({
  name: `serveLoopback() goes on after more connections than may be open${
    Deno.build.os === "windows" ? " [skipped: no limit of files]" : ""
  }`,
  ignore: Deno.build.os === "windows",
  async fn() {
    const { stdout, stderr, success } = await new Deno.Command("sh", {
      args: [
        "-c",
        'ulimit -n 100; "$0" eval --no-lock -q "$1"',
        Deno.execPath(),
        CROWDED,
      ],
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    assertEquals(success, true, text(stderr));
    assertEquals(text(stdout).trim().split("\n").at(-1), "answer");
  },
});
