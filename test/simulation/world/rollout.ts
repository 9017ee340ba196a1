import type { Agent } from '#core/agents/define-agent.ts';
import type { Host } from './actor.ts';
import type { Chance } from './chance.ts';

/** Versions that a worker's code has, the newest first. */
export type Code = readonly [string, ...string[]];

/** From when on which code is deployed: one of several for each new worker while it is replaced. */
export interface Phase {
  readonly from: number;
  readonly code: readonly [Code, ...Code[]];
}

/** The releases of the workers, in order. The last has every version, so that all tasks can end. */
export type Rollout = readonly [Phase, ...Phase[]];

const codes = new WeakMap<Host, Code>();

/** Gives a new worker the code that is deployed at its start. */
export function deployTo(worker: Host, rollout: Rollout, now: number, chance: Chance): void {
  const phase = rollout.findLast(({ from }) => from <= now) ?? rollout[0];
  codes.set(worker, chance.pick(phase.code));
}

/** The versions that a worker has. */
export const codeOf = (worker: Host): Code => codes.get(worker) ?? ['1'];

/** The agent as a worker's code defines it. */
export function inCode(agent: Agent, worker: Host): Agent {
  const [version, ...earlier] = codeOf(worker);
  return { ...agent, version, earlier: earlier.map((old) => ({ ...agent, version: old })) };
}
