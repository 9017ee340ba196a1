import { z } from 'zod';
import { defineAgent } from '#core/agents/define-agent.ts';

/** Says what was said, and how often something was said before: for tests of what stands between a message and a turn. */
export const echo = defineAgent({
  name: 'echo',
  version: '1',
  tier: 'fast',
  system: 'Repeat the instruction, and count the turns before it.',
  input: z.object({ instruction: z.string() }),
  output: z.object({ text: z.string(), turns: z.number() }),
});
