import { z } from 'zod';
import { defineAgent } from '#core/agents/define-agent.ts';
import { defineDelegatingTool } from '#core/agents/delegating-tool.ts';

const page = z.object({ page: z.string() });
const summary = z.object({ summary: z.string() });
const reader = defineAgent({
  name: 'reader',
  version: '1',
  tier: 'fast',
  system: 'Sum the page up.',
  input: page,
  output: summary,
});

const taskSchema = z.object({ pages: z.array(z.string()) });
const readPages = defineDelegatingTool({
  name: 'read-pages',
  description: 'Lets a reader sum up each page.',
  input: z.object({}),
  plan: (_, { input }) => ({
    tasks: taskSchema.parse(input).pages.map((text) => ({ to: 'reader', input: { page: text } })),
  }),
});

export const librarian = defineAgent({
  name: 'librarian',
  version: '1',
  tier: 'fast',
  system: 'Read the pages with the tool, then sum up the whole.',
  input: taskSchema,
  output: summary,
  tools: [readPages],
  delegates: { reader },
});
