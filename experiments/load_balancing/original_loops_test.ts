import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { loadAgent } from "../../agents/model.ts";
import { QmixAgent } from "../../agents/qmix/qmix_agent.ts";
import { SacGruAgent } from "../../agents/sac_gru/sac_gru_agent.ts";
import { LoadBalanceEnv } from "../../envs/load_balancing/load_balance_env.ts";
import { MultiAgentLoadBalanceEnv } from "../../envs/load_balancing/multi_agent_env.ts";
import { selectDevice } from "../../learning/devices.ts";
import { withFolder } from "../_test_folder.ts";
import { TrainingPipeline } from "./training_pipeline.ts";

// The loops that the original documents, in camel case and with `terminated`
// and `truncated` told apart.

Deno.test("the original's loop of one agent trains SAC-GRU, and its model loads", async () => {
  await selectDevice("native", { parameters: 1, batchSize: 1 });
  const options = { numServers: 4, episodeSeconds: 5 };
  const env = new LoadBalanceEnv(options);
  const agent = new SacGruAgent({
    obsDim: 20,
    actionDim: 1,
    actionSpace: env.actionSpace,
    environment: { id: env.id, options },
    settings: { netArch: [8], gruUnits: 4, batchSize: 4, learningStarts: 10 },
  });
  for (let episode = 0; episode < 2; episode++) {
    let { observation: obs } = env.reset({ seed: episode });
    for (let over = false; !over;) {
      const action = agent.selectAction(obs);
      const { observation, reward, terminated, truncated } = env.step(action);
      await agent.update(obs, action, reward, observation, terminated, {
        truncated,
      });
      obs = observation;
      over = terminated || truncated;
    }
  }
  assertEquals(agent.timesteps, 40);
  assert(agent.statistics().updates > 0);
  await withFolder(async (folder) => {
    const path = join(folder, "sac_gru_best.zip");
    await agent.save(path);
    const loaded = await loadAgent(path);
    const { observation } = env.reset({ seed: 9 });
    const action = loaded.act(observation) as number;
    assert(action >= 0 && action < 4);
  });
  agent.dispose();
});

Deno.test("the original's loop of four agents trains QMIX, and its model loads", async () => {
  await selectDevice("native", { parameters: 1, batchSize: 1 });
  const options = { numAgents: 4, serversPerAgent: 4, episodeSeconds: 5 };
  const env = new MultiAgentLoadBalanceEnv(options);
  const agent = new QmixAgent({
    numAgents: 4,
    obsDim: 20,
    actionDim: 4,
    environment: { id: env.id, options },
    settings: { netArch: [8], hiddenSize: 8, batchSize: 2 },
    maximumSteps: 20,
  });
  for (let episode = 0; episode < 3; episode++) {
    let { observations: obs } = env.reset({ seed: episode });
    for (let over = false; !over;) {
      const actions = agent.selectActions(obs);
      assertEquals(actions.length, 4);
      const result = env.step(actions);
      const { observations, reward, terminated, truncated } = result;
      await agent.update(obs, actions, reward, observations, terminated, {
        truncated,
      });
      obs = observations;
      over = terminated || truncated;
    }
  }
  assert(agent.statistics().updates > 0);
  await withFolder(async (folder) => {
    const path = join(folder, "qmix_best.zip");
    await agent.save(path);
    const loaded = await loadAgent(path);
    assertEquals((loaded.act(new Float32Array(80)) as Int32Array).length, 4);
  });
  agent.dispose();
});

Deno.test("the original's pipeline saves where it says", async () => {
  await withFolder(async (root) => {
    const pipeline = new TrainingPipeline({
      agentType: "qmix",
      numServers: 16,
      traceType: "wiki",
      root,
      device: "native",
      episodeSeconds: 2.5,
      settings: { batchSize: 2, netArch: [8], hiddenSize: 8 },
    });
    await pipeline.train({ episodes: 3 });
    await loadAgent(join(root, "checkpoints", "qmix_best.zip"));
  });
});
