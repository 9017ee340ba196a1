import { z } from 'zod';
import { defineAgent } from '#core/agents/define-agent.ts';
import { defineUntrustedTool } from '#core/agents/untrusted-tool.ts';

const runCode = defineUntrustedTool({
  name: 'run-code',
  description:
    'Runs the body of an async JavaScript function over the table sales.csv: readFile("sales.csv") is its text.',
  input: z.strictObject({ code: z.string() }),
  program: ({ code }) => ({
    code,
    files: { 'sales.csv': 'month,eur\n1,1200\n2,800\n' },
    limits: { timeMs: 2_000 },
  }),
});

/** Answers questions about a table with code that the model writes. */
export const calculator = defineAgent({
  name: 'calculator',
  version: '1',
  tier: 'fast',
  system: 'Answer the question about the table by code.',
  input: z.object({ question: z.string() }),
  output: z.object({ answer: z.string(), failed: z.boolean() }),
  tools: [runCode],
});
