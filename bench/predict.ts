/**
 * How fast a model answers: in a program, over lines, and over HTTP.
 *
 * @module
 */
import { agentOf } from "../agents/model.ts";
import { decodeArchive, encodeArchive } from "../core/archive.ts";
import { serveLoopback } from "../core/loopback_server.ts";
import { Random } from "../core/random.ts";
import { sample } from "../core/spaces.ts";
import { importModel } from "../experiments/models/model_import.ts";
import { readObservationLine } from "../experiments/models/observation_lines.ts";
import { createPredictor } from "../experiments/models/prediction.ts";
import { predictionHandler } from "../experiments/models/prediction_server.ts";
import { bestRate, type Measurement } from "./measure.ts";

/** A DQN of 64-64 units for the autoscaler, with weights of chance. */
function makeAgent() {
  const random = new Random(1);
  const array = (...shape: number[]) => ({
    shape,
    data: Float64Array.from(
      { length: shape.reduce((n, axis) => n * axis, 1) },
      () => random.uniform(-0.3, 0.3),
    ),
  });
  const content = importModel({
    w0: array(9, 64),
    b0: array(64),
    w1: array(64, 64),
    b1: array(64),
    w2: array(64, 3),
    b2: array(3),
  }, {
    agent: "dqn",
    name: "bench",
    environment: { id: "Autoscaling-v1", options: {} },
  });
  return agentOf(decodeArchive(encodeArchive(content), { name: "bench" }));
}

async function post(url: string, body: string): Promise<void> {
  const response = await fetch(`${url}predict`, { method: "POST", body });
  if (!response.ok) throw new Error(await response.text());
  await response.arrayBuffer();
}

/** Sends a request again and again, some at a time. */
async function postMany(
  url: string,
  { body, requests, atATime }: {
    body: string;
    requests: number;
    atATime: number;
  },
): Promise<number> {
  let sent = 0;
  await Promise.all(Array.from({ length: atATime }, async () => {
    while (sent < requests) {
      sent++;
      await post(url, body);
    }
  }));
  return requests;
}

/** Calls a function so many times. */
function repeated(times: number, work: () => void): number {
  for (let i = 0; i < times; i++) work();
  return times;
}

/** Actions a second of a DQN model with two layers of 64 units. */
export async function measurePredict(): Promise<Measurement[]> {
  const agent = makeAgent();
  const spaces = agent.makeEnvironment();
  const observation = sample(spaces.observationSpace, new Random(2));
  const numbers = [...observation as Float32Array];
  const line = JSON.stringify(numbers);
  const { predict } = createPredictor(agent);
  const inProgram = await bestRate(
    5,
    () => repeated(20_000, () => void agent.act(observation)),
  );
  const perLine = await bestRate(
    5,
    () =>
      repeated(10_000, () => {
        const input = readObservationLine(line, spaces, { name: "x" });
        JSON.stringify(predict(input!));
      }),
  );
  const controller = new AbortController();
  const { url, finished } = serveLoopback(predictionHandler(agent), {
    signal: controller.signal,
  });
  const one = JSON.stringify({ observation: numbers });
  const hundred = JSON.stringify({
    observations: Array.from({ length: 100 }, () => numbers),
  });
  const rate = (body: string, requests: number, atATime: number) =>
    bestRate(3, () => postMany(url, { body, requests, atATime }));
  const alone = await rate(one, 1000, 1);
  const together = await rate(one, 2000, 16);
  const batches = await rate(hundred, 200, 4);
  controller.abort();
  await finished;
  const unit = "actions/s";
  return [
    { name: "predict: in a program", value: inProgram, unit },
    { name: "predict: from lines of JSON", value: perLine, unit },
    { name: "predict: over HTTP, one client", value: alone, unit },
    { name: "predict: over HTTP, 16 at a time", value: together, unit },
    {
      name: "predict: over HTTP, 100 observations a request",
      value: 100 * batches,
      unit,
    },
  ];
}
