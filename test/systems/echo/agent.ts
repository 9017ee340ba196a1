import { z } from 'zod';
import { defineAgent } from '#core/agents/define-agent.ts';

/** Repeats its instruction, with the number of earlier turns. For tests of queueing, priorities and sessions. */
export const echo = defineAgent({
  name: 'echo',
  version: '1',
  tier: 'fast',
  system: 'Repeat the instruction, and count the turns before it.',
  input: z.object({ instruction: z.string() }),
  output: z.object({ text: z.string(), turns: z.number() }),
});
