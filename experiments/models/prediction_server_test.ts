import { assert, assertEquals } from "@std/assert";
import { TEST_MODELS, testAgent } from "../../agents/exports/_test_models.ts";
import { agentOf, type LoadedAgent } from "../../agents/model.ts";
import { decodeArchive, encodeArchive } from "../../core/archive.ts";
import { serveLoopback } from "../../core/loopback_server.ts";
import { selectDevice } from "../../learning/devices.ts";
import { tinyModel } from "./_tiny_model.ts";
import { predictionHandler } from "./prediction_server.ts";

const table = agentOf(decodeArchive(encodeArchive(tinyModel()), { name: "a" }));
const SEEN = [0.5, 0.8, 0.6, 0, 0, 0.5, 0.2, 0.1, 0];
const HOST = "http://127.0.0.1:8000";

async function memoryAgent(): Promise<LoadedAgent> {
  await selectDevice("cpu", { parameters: 1, batchSize: 1 });
  const given = TEST_MODELS.find(({ name }) => name === "sac-gru-box")!;
  const { archive } = await testAgent(given);
  return agentOf(decodeArchive(encodeArchive(archive), { name: "a" }));
}

type Handler = (request: Request) => Promise<Response>;

async function ask(
  handler: Handler,
  path: string,
  body?: unknown,
  init: RequestInit = {},
  // deno-lint-ignore no-explicit-any
): Promise<{ status: number; value: any; headers: Headers }> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const response = await handler(
    new Request(HOST + path, {
      method: body === undefined ? "GET" : "POST",
      body: text,
      ...init,
    }),
  );
  const content = await response.text();
  return {
    status: response.status,
    value: content && JSON.parse(content),
    headers: response.headers,
  };
}

Deno.test("POST /predict answers one observation, and many", async () => {
  const handler = predictionHandler(table);
  const one = await ask(handler, "/predict", { observation: SEEN });
  assertEquals([one.status, one.value], [200, { action: 1, change: 0 }]);
  const many = await ask(handler, "/predict", {
    observations: [SEEN, SEEN],
    actionMasks: [[1, 0, 0], [1, 1, 1]],
  });
  assertEquals(many.value, {
    actions: [{ action: 0, change: -1 }, { action: 1, change: 0 }],
  });
  const none = await ask(handler, "/predict", { observations: [] });
  assertEquals(none.value, { actions: [] });
});

Deno.test("GET /model and GET /health describe the model", async () => {
  const handler = predictionHandler(table);
  const { value } = await ask(handler, "/model");
  assertEquals(value.agent, "qlearning");
  assertEquals(value.observationNames.length, value.observationSize);
  assertEquals(value.actionChanges, [-1, 0, 1]);
  assertEquals(value.remembers, false);
  const health = await ask(handler, "/health");
  assertEquals(health.value, { status: "ok", model: "tiny", sessions: 0 });
});

Deno.test("sessions remember, each for itself", async () => {
  const agent = await memoryAgent();
  const handler = predictionHandler(agent);
  const seen = (session?: string, reset?: boolean) =>
    ask(handler, "/predict", { observation: [0.1, 0.2, 0.3], session, reset });
  const fresh = (await seen()).value.action;
  assertEquals((await seen()).value.action, fresh);
  const first = (await seen("a")).value;
  assertEquals(first, { action: fresh, session: "a", step: 1 });
  const second = (await seen("a")).value;
  assertEquals(second.step, 2);
  assert(second.action[0] !== fresh[0]);
  assertEquals((await seen("b")).value.action, fresh);
  assertEquals((await seen("a", true)).value, first);
  // Others between do not change what a session remembers.
  await seen();
  assertEquals((await seen("a")).value, second);
  const ended = await ask(handler, "/sessions/a", undefined, {
    method: "DELETE",
  });
  assertEquals(ended.status, 204);
  assertEquals((await seen("a")).value, first);
});

Deno.test("many sessions at a time give what each alone would", async () => {
  const agent = await memoryAgent();
  const handler = predictionHandler(agent);
  const episode = async (session: string) => {
    const actions: number[] = [];
    for (let i = 0; i < 5; i++) {
      const observation = [Math.cos(i), Math.sin(i), i / 10];
      const { value } = await ask(handler, "/predict", {
        observation,
        session,
      });
      actions.push(value.action[0]);
    }
    return actions;
  };
  const alone = await episode("alone");
  const together = await Promise.all(
    Array.from({ length: 20 }, (_, i) => episode(`session ${i}`)),
  );
  for (const actions of together) assertEquals(actions, alone);
});

Deno.test("what cannot be answered is said as JSON", async () => {
  const handler = predictionHandler(table);
  const cases: [unknown, RegExp][] = [
    ["", /Cannot read the body as JSON/],
    ["{", /Cannot read the body as JSON/],
    ['{"observation": [NaN]}', /Cannot read the body as JSON/],
    [[1], /Cannot use the body \[1\]: expected {"observation"/],
    ["null", /Cannot use the body null/],
    [{}, /expected either observation or observations/],
    [{ observation: SEEN, observations: [] }, /expected either/],
    [{ observation: [1] }, /it has 1 numbers, expected 9/],
    [{ observation: [...SEEN.slice(1), null] }, /no array of numbers/],
    [
      `{"observation": [1e999,0,0,0,0,0,0,0,0]}`,
      /its number 0 is Infinity/,
    ],
    [{ observation: [99, ...SEEN.slice(1)] }, /does not lie in Box\(9\)/],
    [{ observation: SEEN, actionMask: [1] }, /expected 3 times 0 or 1/],
    [{ observation: SEEN, actionMask: [0, 0, 0] }, /it allows no action/],
    [{ observation: SEEN, session: "" }, /expected a name/],
    [{ observation: SEEN, session: 7 }, /expected a name/],
    [{ observation: SEEN, session: "a", reset: 1 }, /true or false/],
    [{ observation: SEEN, colour: 1 }, /Cannot use the field "colour"/],
    [{ observations: SEEN }, /observation 0.*expected 9/],
    [{ observations: [SEEN, [1]] }, /observation 1/],
    [{ observations: { length: 1e9 } }, /expected an array/],
    [{ observations: [SEEN], actionMasks: [] }, /expected 1, one an/],
    [{ observations: [SEEN], session: "a" }, /Cannot use session with/],
    [{ observation: SEEN, actionMasks: [] }, /Cannot use actionMasks with/],
    [new Uint8Array([0xff, 0xfe]), /expected JSON in UTF-8/],
  ];
  for (const [body, expected] of cases) {
    const { status, value } = body instanceof Uint8Array
      ? await ask(handler, "/predict", "", { body: body as BodyInit })
      : await ask(handler, "/predict", body);
    assertEquals(status, 400, JSON.stringify(value));
    assert(expected.test(value.error), value.error);
  }
});

Deno.test("other paths, methods, sizes and places are refused", async () => {
  const handler = predictionHandler(table, { limit: 1 });
  for (const path of ["/", "/Predict", "/model/", "/toString", "/sessions/"]) {
    assertEquals((await ask(handler, path)).status, 404, path);
  }
  const get = await ask(handler, "/predict");
  const head = await handler(
    new Request(`${HOST}/model`, { method: "HEAD" }),
  );
  assertEquals(head.status, 200);
  assertEquals([get.status, get.headers.get("allow")], [405, "POST"]);
  const post = await ask(handler, "/model", {});
  assertEquals([post.status, post.headers.get("allow")], [405, "GET"]);
  const missing = await ask(handler, "/sessions/a%20b", undefined, {
    method: "DELETE",
  });
  assertEquals(missing.status, 404);
  const broken = await ask(handler, "/sessions/%ff", undefined, {
    method: "DELETE",
  });
  assertEquals(broken.status, 400);
  const large = await ask(handler, "/predict", " ".repeat(9 << 20));
  assertEquals(large.status, 413);
  const elsewhere = await ask(handler, "/predict", { observation: SEEN }, {
    headers: { origin: "http://example.org" },
  });
  assertEquals(elsewhere.status, 403);
  const begin = (session: string) =>
    ask(handler, "/predict", { observation: SEEN, session });
  assertEquals((await begin("a")).status, 200);
  assertEquals((await begin("b")).status, 503);
});

Deno.test("a stream without an end is cut at the longest body", async () => {
  const controller = new AbortController();
  const { url, finished } = serveLoopback(predictionHandler(table), {
    signal: controller.signal,
  });
  try {
    const chunk = new Uint8Array(1 << 20).fill(0x20);
    const body = new ReadableStream({
      pull: (stream) => stream.enqueue(chunk),
    });
    const response = await fetch(`${url}predict`, { method: "POST", body })
      .catch(() => undefined);
    // The connection may be closed before the answer is read.
    if (response) assertEquals(response.status, 413);
    await response?.body?.cancel();
    assertEquals((await (await fetch(`${url}health`)).json()).status, "ok");
  } finally {
    controller.abort();
    await finished;
  }
});

Deno.test("a body that is cut short is refused", async () => {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('{"obs'));
    },
    pull(controller) {
      controller.error(new Error("gone"));
    },
  });
  const response = await predictionHandler(table)(
    new Request(`${HOST}/predict`, { method: "POST", body }),
  );
  assertEquals(response.status, 400);
  assertEquals(await response.json(), {
    error: "Cannot read the body: it was cut short",
  });
});
