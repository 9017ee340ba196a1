import { z } from 'zod';
import { defineAgent } from '#core/agents/define-agent.ts';
import { objectInputSchema } from '#core/agents/object-input.ts';

/** Reads one object of an upload. */
export const letterReader = defineAgent({
  name: 'letter-reader',
  version: '1',
  tier: 'fast',
  system: 'Say in one sentence what the writer of the letter wants.',
  input: objectInputSchema,
  output: z.object({ wish: z.string() }),
  async prepare({ object }, { artifacts }) {
    const letter = Buffer.from(await artifacts.get(object)).toString('utf8');
    return { content: [{ type: 'text', text: letter }], context: undefined };
  },
});
