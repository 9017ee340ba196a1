import { z } from 'zod';
import { defineAgent, defineTool } from '#core/agents/define-agent.ts';

/** Counts how often it was called for a key: what a side effect would have done. */
const note = defineTool({
  name: 'note',
  description: 'Notes a text.',
  input: z.strictObject({ text: z.string() }),
  run: async ({ text }) => `noted ${text}`,
});

const said = {
  name: 'parrot',
  description: 'Says its instruction back',
  tier: 'fast' as const,
  input: z.strictObject({ instruction: z.string().min(1) }),
  output: z.object({ text: z.string() }),
  tools: [note],
  maxOutputTokens: 512,
};

/** Says its instruction back; `note:` in it makes it use its tool first. The smallest agent of the API's tests. */
export const parrot = defineAgent({ ...said, version: '1', system: 'Say the instruction back.' });
/** The same with another prompt, as a deploy brings it. */
export const nextParrot = defineAgent({ ...said, version: '2', system: 'Say the instruction back, louder.' });
