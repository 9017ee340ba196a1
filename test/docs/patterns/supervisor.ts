import { z } from 'zod';
import { defineAgent } from '#core/agents/define-agent.ts';

const text = z.object({ text: z.string() });
const findings = z.object({ findings: z.array(z.string()) });
const common = { version: '1', tier: 'fast', input: text, output: findings } as const;

const spelling = defineAgent({ ...common, name: 'spelling', system: 'Find errors of spelling.' });
const facts = defineAgent({ ...common, name: 'facts', system: 'Find claims that are wrong.' });

export const editor = defineAgent({
  ...common,
  name: 'editor',
  system: 'Let the specialists read what they should read, then say what is worth mending.',
  delegates: { spelling, facts },
  budget: { tokens: 500_000, usd: 3 },
});
