import { assert, assertEquals, assertThrows } from "@std/assert";
import { agentOf } from "../../agents/model.ts";
import { decodeArchive, encodeArchive } from "../../core/archive.ts";
import type { JsonRecord } from "../../core/state_json.ts";
import { tinyModel } from "../models/_tiny_model.ts";
import { patternLoad } from "./load.ts";
import {
  choosePolicies,
  environmentSpec,
  modelPolicy,
  readPolicyNames,
  rulePolicy,
} from "./policies.ts";

function modelFile(environment: JsonRecord = {}, modified = 0) {
  const agent = agentOf(
    decodeArchive(encodeArchive(tinyModel({ environment }))),
  );
  return {
    path: `/m/${modified}.zip`,
    name: `${modified}.zip`,
    modified,
    agent,
  };
}

Deno.test("readPolicyNames() reads names in any spelling, each once", () => {
  assertEquals(readPolicyNames("all"), ["all"]);
  assertEquals(
    readPolicyNames("Threshold, q_learning,target_tracking,threshold"),
    ["threshold", "qlearning", "target-tracking"],
  );
});

Deno.test("readPolicyNames() suggests the nearest name", () => {
  assertThrows(
    () => readPolicyNames("threshold,treshold"),
    RangeError,
    "did you mean threshold?",
  );
  assertThrows(() => readPolicyNames(""), RangeError, "expected one of all");
});

Deno.test("choosePolicies() takes rules and the newest model of each family", () => {
  const models = [modelFile({}, 2), modelFile({}, 1)];
  const { policies, notes } = choosePolicies(["all"], models);
  assertEquals(policies.map(({ name }) => name), [
    "threshold",
    "hold",
    "kubernetes-hpa",
    "target-tracking",
    "pending-aware",
    "qlearning",
  ]);
  assertEquals(policies.at(-1)!.file, "2.zip");
  assertEquals(notes, [
    "No dqn model yet; train one with: deno task train-dqn",
    "No ppo model yet; train one with: deno task train-ppo",
  ]);
});

Deno.test("choosePolicies() takes what is named, in that order, and nothing else", () => {
  const { policies, notes } = choosePolicies(["random", "hold"], []);
  assertEquals(policies.map(({ name }) => name), ["random", "hold"]);
  assertEquals(notes, []);
});

Deno.test("choosePolicies() leaves out models of other environments", () => {
  const model = modelFile();
  const config = {
    ...model.agent.config,
    environment: { id: "CartPole-v1", options: {} },
  };
  const other = { ...model, agent: { ...model.agent, config } };
  assertEquals(choosePolicies(["qlearning"], [other]).policies, []);
});

Deno.test("environmentSpec() keeps a model's service and replaces its load", () => {
  const policy = modelPolicy(modelFile({
    pattern: "SPIKE",
    cooldownSteps: 3,
    randomStart: true,
  }));
  const load = patternLoad("STEADY", { steps: 7 });
  const { options } = environmentSpec(policy, load);
  assertEquals(options.pattern, "STEADY");
  assertEquals(options.cooldownSteps, 3);
  assertEquals(options.randomStart, false);
  assertEquals(options.episodeSteps, 7);
});

Deno.test("environmentSpec() shows the time of day to who was trained with it", () => {
  const requests = [1, 2, 3];
  const trained = modelPolicy(
    modelFile({ pattern: { name: "day", requests } }),
  );
  const load = patternLoad("STEADY", { steps: 2 });
  assertEquals(environmentSpec(trained, load).options.pattern, {
    name: "STEADY",
    requests: [2425, 2425, 2425],
  });
  assert(
    typeof environmentSpec(rulePolicy("hold"), load).options.pattern ===
      "string",
  );
});
