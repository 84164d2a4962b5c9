import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { withFolder } from "../_test_folder.ts";
import { readDocument } from "./document.ts";
import { createHistoryRecorder, readHistory, writeHistory } from "./history.ts";
import { decodeInlineState, encodeInlineState } from "./inline_state.ts";
import { followLogs, readLog } from "./logs.ts";
import { provenanceNow } from "./provenance.ts";
import { pythonText } from "./python_text.ts";
import { loadPart, referenceOf } from "./references.ts";
import { nameOfPart, PART_NAMES, registeredPart } from "./registry.ts";
import { partSeeds } from "./run_files.ts";
import {
  checkSimulationId,
  listRuns,
  queueRun,
  readManifest,
  seedOfRun,
  TREE_FORMAT,
  writeManifest,
} from "./run_tree.ts";
import { testPart } from "./_test_trees.ts";
import { defaultTrainingLoop } from "./training_loops.ts";

function refuse(reason: string): never {
  throw new SyntaxError(reason);
}

Deno.test("a state is one JSON value, and comes back", () => {
  const state = {
    place: [1, { x: -0, y: NaN }],
    $arrays: "a key like any other",
    track: Float64Array.of(1.5, NaN, -Infinity, -0),
    large: BigUint64Array.of(2n ** 63n),
  };
  const json = JSON.parse(JSON.stringify(encodeInlineState(state)));
  assertEquals(decodeInlineState(json, refuse), state);
  assertEquals(encodeInlineState({ a: 1, b: undefined }), { a: 1 });
});

Deno.test("damaged states are refused", () => {
  const damaged = [
    { a: { $array: "/a" } },
    { $arrays: { "/a": { type: "Float64Array", values: [1] } } },
    { a: { $array: "/a" }, $arrays: { "/a": { type: "Array", values: [] } } },
    { a: { $array: "/a" }, $arrays: { "/a": { type: "Int8Array" } } },
  ];
  for (const json of damaged) {
    assertThrows(() => decodeInlineState(json, refuse), SyntaxError);
  }
});

Deno.test("a history keeps numbers and lists, also of several lengths", async () => {
  await withFolder(async (folder) => {
    const recorder = createHistoryRecorder();
    for (let i = 0; i < 3000; i++) {
      recorder.add({
        loss: i,
        pair: [i, NaN],
        ragged: new Float32Array(i % 3),
        "queue.lengths": i,
      });
      recorder.add(undefined);
    }
    const history = recorder.history();
    await writeHistory(`${folder}/h.npz`, history);
    assertEquals(await readHistory(`${folder}/h.npz`), history);
    assertEquals(history.loss.length, 3000);
    assertEquals(history.ragged[2], new Float64Array(2));
    await writeHistory(`${folder}/plain.npz`, { list: [1, 2], empty: [] });
    assertEquals(await readHistory(`${folder}/plain.npz`), {
      list: Float64Array.of(1, 2),
      empty: new Float64Array(),
    });
  });
});

Deno.test("a history refuses what is no number", () => {
  const recorder = createHistoryRecorder();
  assertThrows(
    () => recorder.add({ loss: "low" as unknown as number }),
    TypeError,
    '"loss"',
  );
  recorder.add({ loss: 1 });
  assertThrows(() => recorder.add({ loss: [1] }), TypeError, "a list");
});

Deno.test("parts are named by identity, not by their names", async () => {
  const impostor = { defaultTrainingLoop() {} }.defaultTrainingLoop;
  assertEquals(await nameOfPart(defaultTrainingLoop), "defaultTrainingLoop");
  assertEquals(await nameOfPart(impostor), undefined);
  await assertRejects(() => referenceOf(impostor as never), TypeError, "file");
  assertEquals(
    await loadPart("default_training_loop"),
    defaultTrainingLoop,
  );
  const reference = await referenceOf(testPart("Walker"));
  assertEquals((await loadPart(reference) as { name: string }).name, "Walker");
  await assertRejects(
    () => loadPart(testPart("Walkr")),
    TypeError,
    "perhaps Walker",
  );
  await assertRejects(
    () => loadPart({ module: "./no/such/file.ts", export: "x" }),
    TypeError,
    "Cannot load",
  );
});

Deno.test("every registered name leads to a class or function of that name", async () => {
  for (const name of PART_NAMES) {
    const part = await registeredPart(name);
    assertEquals(await nameOfPart(part), name);
  }
});

Deno.test("agent and arena of a run have seeds of their own", () => {
  const seeds = [0, 1, 2].map(partSeeds).flatMap((
    { agent, env },
  ) => [agent, env]);
  assertEquals(new Set(seeds).size, 6);
  assertEquals(partSeeds(1), partSeeds(1));
});

Deno.test("of several attempts the newest counts", async () => {
  await withFolder((root) => {
    const simulation = {
      simulationId: "a",
      agentClass: { name: "x" },
      agentParams: { weights: Float32Array.of(1) },
      envClass: { name: "x" },
      envParams: {},
      trainingLoop: { module: "file:///x.ts", export: "y" },
      trainingLoopParams: {},
    };
    const manifest = {
      format: TREE_FORMAT,
      managerId: "m",
      runsPerSim: 2,
      seed: 0,
      simulations: [simulation],
      createdAt: "",
      provenance: {} as never,
    };
    writeManifest(root, manifest);
    assertEquals(readManifest(root), manifest);
    assertEquals(listRuns(root, manifest).map(({ folder }) => folder), [
      undefined,
      undefined,
    ]);
    const first = queueRun(root, "a", { run: 1, attempt: 0, seed: 1 });
    const second = queueRun(root, "a", { run: 1, attempt: 1, seed: 3 });
    // What a crash leaves between making a folder and its status.
    Deno.mkdirSync(`${root}/a/run_1_unfinished`);
    const [, run] = listRuns(root, manifest);
    assertEquals(run.folder, second.folder);
    assertEquals(
      [...run.stale].sort(),
      [first.folder, `${root}/a/run_1_unfinished`].sort(),
    );
    const seeds = [0, 1, 2].flatMap((attempt) =>
      [0, 1].map((run) => seedOfRun(manifest, { run, attempt }))
    );
    assertEquals(seeds, [0, 1, 2, 3, 4, 5]);
  });
});

Deno.test("ids that are no names of folders are refused", () => {
  for (const id of ["", "a/b", "..", ".hidden", "a\nb", "x".repeat(101)]) {
    assertThrows(() => checkSimulationId(id), RangeError);
  }
  checkSimulationId("SR custom, γ = 0.9");
});

Deno.test("damaged parameters are refused by name", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/params.json`;
    for (
      const [text, message] of [
        ["{", "as JSON"],
        ["[]", "its format is undefined"],
        ['{"format":1,"seed":0,"run":0}', "seed, run or attempt"],
        ['{"format":1,"seed":0,"run":0,"attempt":0}', "lacks simulationId"],
        [
          '{"format":1,"seed":0,"run":0,"attempt":0,"simulationId":"a","agentClass":1}',
          "lacks agentClass",
        ],
      ]
    ) {
      await Deno.writeTextFile(path, text);
      await assertRejects(() => readDocument(path), SyntaxError, message);
    }
  });
});

Deno.test("logs are read whole, and followed by whole lines", async () => {
  await withFolder((folder) => {
    const follower = followLogs("run");
    assertEquals(readLog(folder, "run"), undefined);
    assertEquals(follower.newLines(folder), []);
    Deno.writeTextFileSync(`${folder}/run.log`, "one\ntwo\nthr");
    assertEquals(follower.newLines(folder), ["one", "two"]);
    assertEquals(follower.newLines(folder), []);
    Deno.writeTextFileSync(`${folder}/run.log`, "ee\nfour", { append: true });
    assertEquals(follower.newLines(folder), ["three"]);
    assertEquals(follower.newLines(folder, true), ["four"]);
    assertEquals(readLog(folder, "run"), "one\ntwo\nthree\nfour");
    assertThrows(() => readLog(folder, "all" as "run"), RangeError, '"all"');
  });
});

Deno.test("values print as in Python", () => {
  const value = { a: null, b: [true, "it's", 'say "x"'], c: NaN, d: -Infinity };
  assertEquals(
    pythonText(value),
    `{'a': None, 'b': [True, "it's", 'say "x"'], 'c': nan, 'd': -inf}`,
  );
});

Deno.test("what runs are made with is written down", async () => {
  const { deno, git } = await provenanceNow(import.meta.dirname);
  assertEquals(deno, Deno.version.deno);
  assertEquals(git === null || /^[0-9a-f]{40}$/.test(git.commit), true);
  assertEquals((await provenanceNow("/")).git, null);
});
