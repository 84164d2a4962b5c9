import { assert, assertEquals, assertThrows } from "@std/assert";
import { contextOf, countChoices } from "./_test_simulators.ts";
import { maglev, maglevPreference, maglevTable } from "./maglev.ts";

/** The table of some servers, by their numbers. */
function tableOf(servers: readonly number[], size: number): number[] {
  const preferences = servers.map((server) => maglevPreference(server, size));
  return [...maglevTable(preferences, size)].map((place) => servers[place]);
}

const range = (count: number) => Array.from({ length: count }, (_, i) => i);

// Table 1 of the paper: three backends, seven entries, before and after the
// second one is removed.
Deno.test("maglevTable() gives the paper's tables", () => {
  const all = [{ offset: 3, skip: 4 }, { offset: 0, skip: 2 }, {
    offset: 3,
    skip: 1,
  }];
  assertEquals([...maglevTable(all, 7)], [1, 0, 1, 0, 2, 2, 0]);
  const left = [all[0], all[2]];
  assertEquals([...maglevTable(left, 7)], [0, 0, 0, 0, 1, 1, 1]);
});

Deno.test("every server gets as many entries, to one", () => {
  for (
    const [servers, size] of [[1, 2], [7, 65_537], [100, 10_007], [
      1000,
      65_537,
    ]]
  ) {
    const counts = new Array(servers).fill(0);
    for (const server of tableOf(range(servers), size)) counts[server]++;
    assert(Math.max(...counts) - Math.min(...counts) <= 1, `${servers}`);
  }
});

// The paper has M > 100 N, for a share at most 1 % above the mean.
Deno.test("a table of 100 entries a server is balanced to 1 %", () => {
  const counts = new Array(600).fill(0);
  for (const server of tableOf(range(600), 65_537)) counts[server]++;
  assert(Math.max(...counts) / (65_537 / 600) < 1.01);
});

/** Share of entries that change though their server stays. */
function disruption(servers: number, gone: number, size: number): number {
  const before = tableOf(range(servers), size);
  const after = tableOf(range(servers).slice(gone), size);
  const stayed = before.filter((server) => server >= gone).length;
  const moved =
    before.filter((server, entry) => server >= gone && server !== after[entry])
      .length;
  return moved / stayed;
}

// Hashing by remainder would move 99.9 % of them. What is moved needlessly
// grows with the servers gone and falls with the table's size, as in the
// paper's figure 12.
Deno.test("when servers go, few entries of others change, fewer in larger tables", () => {
  const small = [1, 10, 50].map((gone) => disruption(1000, gone, 65_537));
  const large = disruption(1000, 10, 655_373);
  assertEquals(
    [...small, large].map((share) => (100 * share).toFixed(1)),
    ["0.6", "2.4", "3.4", "0.6"],
  );
});

Deno.test("entries of a server that has gone return to it when it is back", () => {
  assertEquals(tableOf(range(9), 1009), tableOf(range(9), 1009));
});

Deno.test("maglev() keeps flows at their servers when another goes", () => {
  const { choose } = maglev();
  const context = contextOf(new Array(10).fill(1));
  const serversOf = () =>
    range(10_000).map((flow) => {
      context.flowKey = flow * 429_496;
      return choose(0, context);
    });
  const before = serversOf();
  context.up[4] = 0;
  context.revision++;
  const after = serversOf();
  const moved = before.filter((server, flow) =>
    server !== 4 && server !== after[flow]
  );
  assert(moved.length < 150, `${moved.length}`);
});

Deno.test("weighted maglev() gives entries in proportion to weights", () => {
  const size = 65_537;
  const weights = [1, 2, 4];
  const counts = new Array(3).fill(0);
  const table = maglevTable(
    weights.map((weight, i) => ({ ...maglevPreference(i, size), weight })),
    size,
  );
  for (const server of table) counts[server]++;
  weights.forEach((weight, i) =>
    assert(Math.abs(counts[i] - size * weight / 7) < 4, `${counts}`)
  );
  const { choose } = maglev({ weighted: true });
  const got = countChoices(choose, contextOf(weights), 50_000);
  weights.forEach((weight, i) =>
    assert(Math.abs(got[i] / 50_000 - weight / 7) < 0.015, `${got}`)
  );
});

Deno.test("tables that cannot be made are refused", () => {
  const one = { offset: 0, skip: 1 };
  for (
    const [servers, size] of [[1, 4], [0, 7], [3, 2], [1, 1], [1, 7.5]]
  ) {
    const preferences = new Array(servers).fill(one);
    assertThrows(
      () => maglevTable(preferences, size),
      RangeError,
      `Cannot hash ${servers} servers into a table of ${size} entries`,
    );
  }
  assertThrows(() => maglev({ tableSize: 100 }), RangeError, "prime");
});
