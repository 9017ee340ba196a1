import { z } from 'zod';
import { defineAgent } from '../agents/define-agent.ts';
import { CANARY } from './canary.ts';

/** Answers canaries: tasks that show that a region does its work. It is code: no model is called. */
export const canaryAgent = defineAgent({
  name: CANARY,
  version: '1',
  tier: 'fast',
  model: 'none',
  description: 'Answers the tasks by which a region shows that it works',
  system: 'Code answers. No model is called.',
  budget: { tokens: 1, usd: 0.000_001 },
  timeLimit: 20,
  // A canary that takes longer than half a minute has failed already.
  deadline: 120,
  input: z.strictObject({}),
  output: z.strictObject({}),
  prepare: async () => ({ output: {} }),
});
