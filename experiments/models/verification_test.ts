import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { agentOf } from "../../agents/model.ts";
import {
  type ArchiveContent,
  decodeArchive,
  encodeArchive,
} from "../../core/archive.ts";
import { formatTable } from "../../core/table.ts";
import { tinyModel } from "./_tiny_model.ts";
import {
  refusedVerification,
  resultOf,
  verificationRemarks,
  verificationTable,
  verifyModel,
} from "./verification.ts";

function modelFile(content: ArchiveContent) {
  const agent = agentOf(decodeArchive(encodeArchive(content)));
  return { path: "/m/a.zip", name: "a.zip", modified: 0, agent };
}

Deno.test("verifyModel() finds that a trained table beats random and hold", () => {
  const found = verifyModel(modelFile(tinyModel({ episodes: 300 })));
  assertEquals(found.failure, undefined);
  assertEquals(found.rivals.map(({ name }) => name), ["random", "hold"]);
  assertEquals(resultOf(found), "ok");
  for (const { advantage, score } of found.rivals) {
    assert(advantage.low <= advantage.estimate);
    assert(advantage.estimate <= advantage.high);
    assertAlmostEquals(advantage.estimate, found.score - score, 1e-9);
  }
});

Deno.test("verifyModel() calls a table that only holds weak, on equal episodes", () => {
  const found = verifyModel(modelFile(tinyModel()));
  assertEquals(resultOf(found), "weak");
  assert(found.weakAgainst.includes("hold"));
  const hold = found.rivals[1];
  // Paired: the same episodes give the same returns, exactly.
  assertEquals(hold.advantage, { estimate: 0, low: 0, high: 0 });
  assertEquals(found.load, "SINE_CURVE");
  assertAlmostEquals(found.ownReturn, -14.025, 1e-9);
});

Deno.test("verifyModel() fails a model whose weights are no numbers", () => {
  const content = tinyModel();
  const table = content.tensors!.weights.table.data as Float64Array;
  table[7] = NaN;
  const found = verifyModel(modelFile(content));
  assertEquals(resultOf(found), "failed");
  assert(found.failure?.includes('its weights "table" holds NaN at 7'));
});

Deno.test("verifyModel() fails a policy that leaves its action space or throws", () => {
  const file = modelFile(tinyModel());
  const { policy } = file.agent;
  const withAct = (act: typeof policy.act) =>
    verifyModel({
      ...file,
      agent: { ...file.agent, policy: { ...policy, act } },
    });
  assertEquals(
    withAct((_observations, _masks, actions) => void actions.fill(3)).failure,
    "it acts outside of its action space: 3",
  );
  assertEquals(
    withAct(() => {
      throw new TypeError("Cannot multiply");
    }).failure,
    "Cannot multiply",
  );
});

Deno.test("verifyModel() runs a service without a time limit to its cut", () => {
  const found = verifyModel(
    modelFile(tinyModel({ environment: { episodeSteps: 1_000_000 } })),
    { episodes: 2, maximumSteps: 50 },
  );
  assertEquals(found.failure, undefined);
});

Deno.test("verificationTable() has a row a file, and remarks say what is wrong", () => {
  const found = [
    verifyModel(modelFile(tinyModel()), { episodes: 2 }),
    refusedVerification({
      path: "/m/b.zip",
      name: "b.zip",
      reason: "Cannot x",
    }),
  ];
  const lines = formatTable(verificationTable(found)).split("\n");
  assertEquals(lines.length, 4);
  assert(lines[2].startsWith("a.zip") && lines[2].endsWith("weak"));
  assert(lines[3].startsWith("b.zip") && lines[3].endsWith("failed"));
  assertEquals(
    verificationRemarks([{ ...found[0], weakAgainst: ["hold"] }, found[1]]),
    [
      "Weak: a.zip is not surely better than hold",
      "Failed: b.zip: Cannot x",
    ],
  );
});
