import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { missingRequirement } from "../../envs/sdn/real_network/requirements.ts";
import { linkTable } from "./real_network_run.ts";

const missing = await missingRequirement();
const root = fromFileUrl(new URL("../..", import.meta.url));

Deno.test({
  name: `sdn-real carries its traffic, answers over REST and ends by itself${
    missing === undefined ? "" : ` [skipped: ${missing}]`
  }`,
  ignore: missing !== undefined,
  async fn() {
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "-q", "--no-check", "-P=sdn-real", "scripts/sdn_real.ts"],
        ...["--topology", "seed2", "--port", "0", "--seconds", "4"],
        ...["--traffic-pairs", "h1:h3", "--traffic-bw", "4M", "--json"],
      ],
      cwd: root,
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const result = new Response(child.stdout).json();
    const lines = child.stderr.pipeThrough(new TextDecoderStream());
    let told = "";
    for await (const text of lines) {
      told += text;
      const url = /Listening on (\S+):/.exec(told)?.[1];
      if (url === undefined) continue;
      const answer = await fetch(`${url}/stats/switches`).catch(() =>
        undefined
      );
      if (answer === undefined) break;
      assertEquals(await answer.json(), [1, 2]);
      break;
    }
    assertStringIncludes(told, "Listening on", told);
    assertEquals((await child.status).code, 0);
    const { links, scale, flows } = await result;
    assertEquals([links.length, flows.length], [1, 1]);
    assertEquals(links[0].capacity, 40);
    assert(scale > 0);
    // 4 Mbit/s for some 3 s and more, with headers; none of it comes back.
    assert(links[0].thereMegabytes > 0.7, JSON.stringify(links));
    assert(links[0].thereMegabytes < 3, JSON.stringify(links));
    assert(links[0].backMegabytes < 0.1, JSON.stringify(links));
  },
});

Deno.test("linkTable() has a row for each link", () => {
  const { rows } = linkTable([
    { link: "s1-s2", capacity: 40, thereMegabytes: 1.5, backMegabytes: 0 },
  ]);
  assertEquals(rows, [["s1-s2", 40, 1.5, 0]]);
});
