import type { Specialist } from '../findings/finding.ts';

/** The agent's name, as `fleet agents` lists it. In its own file, so that a command that names it loads no agent. */
export const agentNameOf = (specialist: Specialist): string => `review-${specialist}`;

/** The model tier of each specialist. */
export const TIERS = {
  security: 'balanced',
  style: 'fast',
  logic: 'balanced',
  tests: 'fast',
} as const satisfies Record<Specialist, string>;

/** The agent that a review is submitted to. */
export const SUPERVISOR = { name: 'review-supervisor', version: '1' } as const;
