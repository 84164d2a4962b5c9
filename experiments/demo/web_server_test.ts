import { assert, assertEquals, assertRejects } from "@std/assert";
import { patternLoad } from "./load.ts";
import { createPlayer, type PlayerMessage } from "./player.ts";
import { rulePolicy } from "./policies.ts";
import { startSession } from "./session.ts";
import { serveDemo } from "./web_server.ts";

function makePlayer() {
  const load = patternLoad("STEADY", { steps: 30 });
  return createPlayer({
    start: () => startSession([rulePolicy("hold")], load),
    files: [""],
    table: { columns: [{ header: "policy" }], rows: [["hold"]] },
    delayMs: 0,
  });
}

async function withServer(
  test: (url: string) => Promise<void>,
): Promise<void> {
  const controller = new AbortController();
  const { signal } = controller;
  const player = makePlayer();
  const server = await serveDemo(player, { signal });
  const playing = player.play(signal);
  try {
    await test(server.url);
  } finally {
    controller.abort();
    await playing;
    await server.finished;
  }
}

/** Messages of a server until the wanted one. */
async function readEvents(
  url: string,
  wanted: (message: PlayerMessage) => boolean,
): Promise<PlayerMessage[]> {
  const response = await fetch(`${url}events`);
  assertEquals(
    response.headers.get("content-type"),
    "text/event-stream; charset=utf-8",
  );
  const messages: PlayerMessage[] = [];
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body!) {
    text += decoder.decode(chunk, { stream: true });
    const events = text.split("\n\n");
    text = events.pop()!;
    messages.push(
      ...events.map((event) => JSON.parse(event.replace(/^data: /, ""))),
    );
    if (messages.some(wanted)) break;
  }
  return messages;
}

Deno.test("serveDemo() serves page, style, script and plotly from this machine alone", async () => {
  await withServer(async (url) => {
    assert(url.startsWith("http://127.0.0.1:"));
    const types: Record<string, string> = {};
    const page = await (await fetch(url)).text();
    const linked = [...page.matchAll(/(?:src|href)="([^"#]+)"/g)]
      .map(([, link]) => link);
    assertEquals(linked.length, 3);
    for (const link of linked) {
      assert(link.startsWith("/"), `${link} lies elsewhere`);
      const response = await fetch(new URL(link, url));
      assertEquals(response.status, 200, link);
      types[link] = response.headers.get("content-type") ?? "";
      await response.body?.cancel();
    }
    assertEquals(types, {
      "/web_page.css": "text/css; charset=utf-8",
      "/plotly.js": "text/javascript; charset=utf-8",
      "/web_page.js": "text/javascript; charset=utf-8",
    });
  });
});

Deno.test("serveDemo() streams the episode to its end", async () => {
  await withServer(async (url) => {
    const messages = await readEvents(url, ({ control }) => control.over);
    assertEquals(messages[0].kind, "begin");
    const steps = messages.flatMap((message) =>
      message.kind === "steps" ? message.steps : []
    );
    assertEquals(steps.at(-1)?.step, 30);
  });
});

Deno.test("serveDemo() takes commands and refuses wrong ones", async () => {
  await withServer(async (url) => {
    const post = async (body: string, headers: HeadersInit = {}) => {
      const response = await fetch(`${url}control`, {
        method: "POST",
        body,
        headers,
      });
      return [response.status, await response.text()] as const;
    };
    assertEquals(await post('{"action":"pause"}'), [204, ""]);
    const [first] = await readEvents(url, () => true);
    assertEquals(first.control.paused, true);
    for (const body of ["", "{", '{"action":"stop"}', "null", "7"]) {
      assertEquals((await post(body))[0], 400, body);
    }
    assertEquals((await post("[".repeat(5000)))[0], 400);
    const elsewhere = { origin: "http://example.org" };
    assertEquals((await post('{"action":"resume"}', elsewhere))[0], 403);
  });
});

Deno.test("serveDemo() finds nothing else", async () => {
  await withServer(async (url) => {
    for (const path of ["deno.json", "../deno.json", "%2e%2e/deno.json"]) {
      const response = await fetch(url + path);
      assertEquals(response.status, 404, path);
      await response.body?.cancel();
    }
  });
});

Deno.test("serveDemo() refuses a port in use in one line", async () => {
  await withServer(async (url) => {
    const port = Number(new URL(url).port);
    const { signal } = new AbortController();
    const error = await assertRejects(
      () => serveDemo(makePlayer(), { port, signal }),
      Error,
      `Cannot serve on port ${port}: it is in use`,
    );
    assertEquals(error.message.split("\n").length, 1);
  });
});

Deno.test("serveDemo() ends at once with watchers connected", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const player = makePlayer();
  const { url, finished } = await serveDemo(player, { signal });
  const response = await fetch(`${url}events`);
  const reader = response.body!.getReader();
  await reader.read();
  controller.abort();
  await finished;
  await reader.cancel().catch(() => {});
});
