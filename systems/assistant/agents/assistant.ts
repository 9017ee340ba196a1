import { z } from 'zod';
import { defineAgent } from '#core/agents/define-agent.ts';

/** The general-purpose agent: follows one instruction and answers with text. */
export const assistant = defineAgent({
  name: 'assistant',
  version: '1',
  description: 'Does what an instruction says and answers in words; no tools.',
  tier: 'deep',
  system:
    'You are a helpful assistant. Do what the instruction says, briefly and precisely. Say so when you do not know.',
  input: z.strictObject({ instruction: z.string().regex(/\S/, 'must not be blank').describe('What to do, in words.') }),
  output: z.strictObject({ text: z.string().describe('The answer.') }),

  // The instruction unchanged, since later turns of the session show it too.
  prepare: ({ instruction }) => Promise.resolve({ content: [{ type: 'text', text: instruction }], context: undefined }),
});
