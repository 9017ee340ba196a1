import { z } from 'zod';
import { defineAgent } from '#core/agents/define-agent.ts';

export const sorter = defineAgent({
  name: 'sorter',
  version: '1',
  tier: 'fast',
  system: 'Sort the mail: invoice, complaint or other.',
  input: z.object({ mail: z.string() }),
  output: z.object({ kind: z.enum(['invoice', 'complaint', 'other']) }),
});
