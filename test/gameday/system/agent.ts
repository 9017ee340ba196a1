import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { defineAgent, defineTool } from '#core/agents/define-agent.ts';

/** What a task of the game day does. */
export const DOES = ['answer', 'ramble', 'fail', 'explode', 'stall'] as const;

/** Longer than an alarm needs to ring. The lease of a worker that is killed meanwhile runs out by itself. */
const STALL_MS = 600_000;

const fail = defineTool({
  name: 'fail',
  description: 'Throws, as a tool whose service is down.',
  input: z.object({}),
  run: () => {
    throw new Error('The service of this tool is down.');
  },
});

/** An error that nobody catches ends the process, as a library's bug or too little memory does. */
const explode = defineTool({
  name: 'explode',
  description: 'Ends the process of its worker.',
  input: z.object({}),
  run: () => process.exit(1),
});

const stall = defineTool({
  name: 'stall',
  description: 'Waits until its signal aborts.',
  input: z.object({}),
  run: async (_, { signal }) => {
    await delay(STALL_MS, undefined, { signal });
    return 'done';
  },
});

/** The agent that the game day breaks. */
export const gamedayAgent = defineAgent({
  name: 'gameday',
  version: '1',
  tier: 'deep',
  system: 'Call the tool that the input names in `does`, or answer.',
  input: z.object({ does: z.enum(DOES) }),
  output: z.object({ text: z.string() }),
  tools: [fail, explode, stall],
  // A hundred long answers are three times its share of twenty minutes. The short ones of the other scenarios are not.
  dayBudget: { usd: 30 },
});
