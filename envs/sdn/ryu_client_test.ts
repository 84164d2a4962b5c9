import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { ControllerEmulator } from "./controller_emulator.ts";
import { ControllerError, RyuClient } from "./ryu_client.ts";

/** A server that answers as told, with how often it was asked. */
function server(
  handler: (request: Request, count: number) => Response | Promise<Response>,
) {
  const counter = { count: 0 };
  const running = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    (request) => handler(request, counter.count++),
  );
  return {
    url: `http://127.0.0.1:${running.addr.port}`,
    counter,
    [Symbol.asyncDispose]: () => running.shutdown(),
  };
}

const QUICK = { timeoutMs: 20_000, retryDelayMs: 1 };

Deno.test("RyuClient reads all that the emulator tells", async () => {
  await using controller = new ControllerEmulator({ port: 0 });
  const client = new RyuClient(`${controller.url}/`);
  assertEquals(await client.switches(), [1, 2, 3, 4, 5, 6, 7]);
  assertEquals((await client.describe(3)).dp_desc, "s3");
  assertEquals((await client.portStats(1)).length, 4);
  assertEquals((await client.portDescriptions(1))[0].name, "s1-eth1");
  assertEquals((await client.flows(1)).length, 4);
  const match = { nw_dst: "10.0.0.3" };
  assertEquals((await client.flows(1, { match })).length, 1);
  assertEquals((await client.aggregateFlows(1)).flow_count, 4);
  assertEquals((await client.topologySwitches(2)).length, 1);
  assertEquals((await client.topologyLinks()).length, 20);
  assertEquals((await client.topologyHosts()).length, 4);
  await client.setLinkWeights({ deltas: new Array(10).fill(0.5) });
  assertEquals((await client.weights())?.weights[0], 1.5);
  await client.restoreBaseline(3);
  assertEquals((await client.weights())?.weights[0], 1);
  assertEquals((await client.getStats(10)).link_utils.length, 10);
});

Deno.test("what the controller refuses is told with its words", async () => {
  await using controller = new ControllerEmulator({ port: 0 });
  const client = new RyuClient(controller.url);
  const error = await assertRejects(
    () => client.setLinkWeights({ deltas: [1] }),
    ControllerError,
    "expected 10",
  );
  assertEquals(error.status, 400);
  await assertRejects(() => client.portStats(99), ControllerError, "switch 99");
  await assertRejects(
    () => client.changeFlow("add", { dpid: 1, match: { in_port: 1 } }),
    ControllerError,
    "501",
  );
  const actions = [{ type: "OUTPUT", port: 2 }];
  await client.changeFlow("add", { dpid: 1, priority: 5, actions });
  assertEquals((await client.flows(1))[0].actions, ["OUTPUT:2"]);
  await client.clearFlows(1);
  assertEquals((await client.flows(1)).length, 4);
});

Deno.test("a controller that is not there is an error", async () => {
  const gone = server(() => new Response(""));
  await gone[Symbol.asyncDispose]();
  const client = new RyuClient(gone.url, QUICK);
  await assertRejects(
    () => client.getStats(10),
    ControllerError,
    "nobody listens there",
  );
});

Deno.test("a slow controller is an error, after retries", async () => {
  await using slow = server(async () => {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    return new Response("{}");
  });
  const client = new RyuClient(slow.url, { timeoutMs: 30, retryDelayMs: 1 });
  await assertRejects(
    () => client.getStats(10),
    ControllerError,
    "no answer within 30 ms",
  );
  assertEquals(slow.counter.count, 3);
  await assertRejects(
    () => client.setLinkWeights({ deltas: [1] }),
    ControllerError,
  );
  assertEquals(slow.counter.count, 4, "deltas were sent twice");
});

Deno.test("an answer that stops in the middle is an error", async () => {
  await using partial = server(() =>
    new Response(
      new ReadableStream({
        async start(stream) {
          stream.enqueue(new TextEncoder().encode('{"link_utils": [0.1,'));
          await new Promise((resolve) => setTimeout(resolve, 5));
          stream.error(new Error("cut"));
        },
      }),
    )
  );
  const client = new RyuClient(partial.url, { ...QUICK, retries: 0 });
  await assertRejects(() => client.getStats(10), ControllerError, "/stats");
});

Deno.test("a controller that is busy for a moment is asked again", async () => {
  const stats = { link_utils: [0.5], avg_delay: 1, throughput: 2 };
  await using busy = server((_, count) =>
    count < 2 ? new Response("later", { status: 503 }) : Response.json(stats)
  );
  const client = new RyuClient(busy.url, QUICK);
  assertEquals((await client.getStats(1)).throughput, 2);
  assertEquals(busy.counter.count, 3);
});

Deno.test("an answer that is not as it should be is an error", async () => {
  const good = { link_utils: [0.5, 0.25], avg_delay: 1, throughput: 2 };
  const cases: [unknown, string][] = [
    ["<html>", "expected JSON"],
    ["", "got nothing"],
    [[], "an object"],
    [{}, "link_utils is nothing"],
    [{ ...good, link_utils: [0.5] }, "1 entries, expected 2"],
    [{ ...good, link_utils: [0, 0, 0] }, "3 entries, expected 2"],
    [{ ...good, link_utils: [0.5, null] }, "link_utils[1] is null"],
    [{ ...good, link_utils: [-0.5, 0] }, "link_utils[0] is -0.5"],
    [{ ...good, avg_delay: "3" }, 'avg_delay is "3"'],
    [{ link_utils: [0, 0], avg_delay: 1 }, "throughput is nothing"],
    [{ ...good, demand: -1 }, "demand is -1"],
  ];
  for (const [body, message] of cases) {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    await using wrong = server(() => new Response(text));
    const client = new RyuClient(wrong.url, QUICK);
    await assertRejects(() => client.getStats(2), ControllerError, message);
  }
});

Deno.test("controllers without GET /weights are known by their 404", async () => {
  await using plain = server(() => new Response("", { status: 404 }));
  assertEquals(await new RyuClient(plain.url, QUICK).weights(), undefined);
  await using broken = server(() => new Response("", { status: 500 }));
  const error = await assertRejects(
    () => new RyuClient(broken.url, QUICK).weights(),
    ControllerError,
  );
  assert(error.message.includes("answers 500"));
});

Deno.test("what is no address is refused", () => {
  for (
    const base of ["", "127.0.0.1:8080", "ftp://x", "localhost", "embeded"]
  ) {
    assertThrows(() => new RyuClient(base), RangeError, "expected an address");
  }
});
