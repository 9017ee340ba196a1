import { z } from 'zod';
import { defineAgent } from '#core/agents/define-agent.ts';

const company = z.object({ id: z.string(), name: z.string() });
const news = z.object({ news: z.array(z.string()) });

export const scout = defineAgent({
  name: 'scout',
  version: '1',
  tier: 'fast',
  system: 'List what is new about the company.',
  input: company,
  output: news,
});

export const analyst = defineAgent({
  name: 'analyst',
  version: '1',
  tier: 'balanced',
  system: 'Say how much the news matter, from 0 to 100.',
  input: z.object({ item: company, previous: news }),
  output: z.object({ score: z.number() }),
});
