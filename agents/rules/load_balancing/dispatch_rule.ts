/**
 * What a hand-written rule of dispatch is.
 *
 * @module
 */
import type { State } from "../../../core/state.ts";
import type {
  ChooseServer,
  DispatchContext,
} from "../../../envs/load_balancing/dispatch.ts";

export type { ChooseServer, DispatchContext, State };

/**
 * A rule that chooses the server of each flow: the simulator's `choose`, or
 * that of a load-balancing environment. All of a simulator's balancers may
 * share one.
 *
 * Rules leave out servers that are known to be down and those without weight,
 * and refuse a flow (-1) where none is left.
 */
export interface DispatchRule {
  /** As it stands in the registry and in tables. */
  readonly name: string;
  /** Whether it looks at what no balancer knows: a bound, not a rival. */
  readonly oracle: boolean;
  /** Chooses the server of a flow. */
  readonly choose: ChooseServer;
}

/** A rule that remembers something which cannot be computed again. */
export interface StatefulDispatchRule extends DispatchRule {
  /** All that is needed to go on from here. */
  saveState(): State;
  /** Goes on from a saved state. Throws `TypeError` where it does not fit. */
  loadState(state: State): void;
}
