import { assert, assertEquals } from "@std/assert";
import { DQN_DEFAULTS } from "../dqn/dqn.ts";
import { PPO_DEFAULTS } from "../ppo/ppo.ts";
import {
  DQN_AUTOSCALING,
  PPO_AUTOSCALING,
  PPO_AUTOSCALING_COPIES,
} from "./autoscaling.ts";
import {
  DQN_ACROBOT,
  DQN_CART_POLE,
  PPO_CART_POLE,
  PPO_PENDULUM,
} from "./reference.ts";

Deno.test("settings only name what the algorithms know", () => {
  const unknown = (settings: object, defaults: object) =>
    Object.keys(settings).filter((name) => !(name in defaults));
  for (
    const settings of [
      DQN_AUTOSCALING,
      DQN_ACROBOT.settings,
      DQN_CART_POLE.settings,
    ]
  ) {
    assertEquals(unknown(settings, DQN_DEFAULTS), []);
  }
  for (
    const settings of [
      PPO_AUTOSCALING,
      PPO_CART_POLE.settings,
      PPO_PENDULUM.settings,
    ]
  ) {
    assertEquals(unknown(settings, PPO_DEFAULTS), []);
  }
});

Deno.test("settings of PPO cut rollouts into whole minibatches", () => {
  const plans = [
    { copies: PPO_AUTOSCALING_COPIES, settings: PPO_AUTOSCALING },
    PPO_CART_POLE,
    PPO_PENDULUM,
  ];
  for (const { copies, settings } of plans) {
    const { nSteps, batchSize } = { ...PPO_DEFAULTS, ...settings };
    assertEquals(nSteps * copies % batchSize, 0);
  }
});

Deno.test("settings of DQN learn within their training", () => {
  for (const { totalTimesteps, settings } of [DQN_CART_POLE, DQN_ACROBOT]) {
    assert(settings.learningStarts! < totalTimesteps / 10);
  }
});
