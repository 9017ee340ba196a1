import { z } from 'zod';
import { defineAgent, defineTool } from '#core/agents/define-agent.ts';

/** A tool that takes a minute and does not listen to its signal, or throws at once if the task says so. */
const slow = defineTool({
  name: 'slow',
  description: 'Waits.',
  input: z.object({}),
  run: (_, { input }) => {
    if (JSON.stringify(input).includes('Throw.')) throw new RangeError('what the document says');
    return new Promise<string>((done) => setTimeout(() => done('ok'), 60_000));
  },
});

/** Calls a tool that does not end in time. A minimal agent for tests of cancelling. */
export const waiting = defineAgent({
  name: 'waiting',
  version: '1',
  tier: 'fast',
  system: 'Call slow.',
  input: z.object({ instruction: z.string() }),
  output: z.object({ text: z.string() }),
  tools: [slow],
});
