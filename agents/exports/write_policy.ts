/**
 * Greedy policies of models, written in other formats.
 *
 * @module
 */
import { actionMaskSize } from "../../envs/vector.ts";
import type { NetworkWriter } from "../../learning/exports/network_writer.ts";
import type { LoadedAgent, ModelContent } from "../model.ts";
import { modelTeam, UNNAMED_ENVIRONMENT } from "../model_environment.ts";
import { writeDqn } from "./_dqn.ts";
import type { WrittenPolicy } from "./_policy_parts.ts";
import { writePpo } from "./_ppo.ts";
import { writeIndependentSac, writeSac } from "./_sac.ts";
import { writeTable } from "./_table.ts";
import { writeTanhPolicy } from "./_tanh_policy.ts";
import { writeTeam } from "./_team.ts";

export type { LoadedAgent, ModelContent, NetworkWriter, WrittenPolicy };

/** Options of {@linkcode writePolicy}. */
export interface WritePolicyOptions {
  /**
   * Whether the model takes what is allowed. Default: where the environment
   * says so of its actions.
   */
  mask?: boolean;
}

/** Whether an environment says which actions are allowed. */
function hasMasks(agent: LoadedAgent<ModelContent>): boolean {
  if (agent.config.environment.id === UNNAMED_ENVIRONMENT) return false;
  const { info } = agent.makeEnvironment().reset({ seed: 0 });
  return info.actionMask !== undefined;
}

/**
 * Writes what a model does: `observation`, [batch, values], goes in, and where
 * actions may be forbidden `action_mask`. In formats that decide, `action`
 * comes out, as `agent.policy` acts; and in all of them what it is chosen from:
 * `q_values`, `logits`, `mean`.
 *
 * @param agent The model. Throws `TypeError` for one that the format has no
 * means for.
 * @param writer Of the format.
 * @param options Whether actions may be forbidden.
 */
export function writePolicy<Value>(
  agent: LoadedAgent<ModelContent>,
  writer: NetworkWriter<Value>,
  options: WritePolicyOptions = {},
): WrittenPolicy {
  const { config, archive, policy } = agent;
  const { actionSpace } = agent.makeEnvironment();
  const { settings } = config;
  const weights = archive.tensors.weights ?? {};
  const observation = writer.input(
    "observation",
    policy.observationSize,
    `What is seen: ${config.observationSpace} of ${config.environment.id}`,
  );
  const maskSize = actionMaskSize(actionSpace);
  const mask = maskSize > 0 && (options.mask ?? hasMasks(agent))
    ? writer.decisions?.mask(
      "action_mask",
      maskSize,
      "Which actions are allowed",
    )
    : undefined;
  const places = { actionSpace, observation, mask };
  switch (config.agent) {
    case "bc":
    case "ddpg":
    case "iql":
    case "td3":
    case "td3-bc":
      return writeTanhPolicy(writer, places, { weights, settings });
    case "dqn":
      return writeDqn(writer, places, { weights, settings });
    case "ppo":
      return writePpo(writer, places, {
        weights,
        normalisation: archive.tensors.normalisation,
        settings,
      });
    case "qlearning":
      return writeTable(writer, places, {
        weights,
        states: String(settings.states),
      });
    case "sac-gru":
      return writeSac(writer, places, {
        weights,
        settings,
        observationSize: policy.observationSize,
      });
    case "independent-sac":
      return writeIndependentSac(
        writer,
        places,
        {
          team: modelTeam(config.environment),
          weights,
          settings,
        },
      );
    case "qmix":
      return writeTeam(writer, places, {
        env: modelTeam(config.environment),
        weights,
        settings,
      });
  }
}
