import { z } from 'zod';
import { defineAgent } from '#core/agents/define-agent.ts';

export const letterReader = defineAgent({
  name: 'letter-reader',
  version: '1',
  tier: 'fast',
  system: 'Say in one sentence what the writer of the letter wants.',
  input: z.object({ letter: z.string() }),
  output: z.object({ wish: z.string() }),
});
