import { startSimulatedClaude } from '@agent-fleet/simulated-claude';
import { startSimulatedWeb } from '@agent-fleet/simulated-web';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { anthropicModel } from '#adapters/anthropic/model.ts';

const pagesSchema = z.object({ pages: z.array(z.string()) });

test('the simulated Claude finds the pages of a company in the simulated web', async () => {
  const web = await startSimulatedWeb({ companies: 5, faults: { share: 0 } });
  onTestFinished(() => web.close());
  const rules = [new URL('company-pages.rule.ts', import.meta.url).pathname];
  const claude = await startSimulatedClaude({ rules, search: { url: web.url } });
  onTestFinished(() => claude.close());
  const [company] = web.companies;
  const answer = await anthropicModel({ apiKey: 'simulated', baseURL: claude.url }).invoke({
    model: 'claude-haiku-5-5',
    system: 'Find pages about the company.',
    messages: [{ role: 'user', content: [{ type: 'text', text: `${company?.name} news` }] }],
    tools: [],
    outputSchema: z.toJSONSchema(pagesSchema),
    search: { maxUses: 2 },
    maxTokens: 1_024,
    timeoutMs: 20_000,
    stepId: 'finder-1/0',
  });
  const said = answer.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
  const { pages } = pagesSchema.parse(JSON.parse(said));
  expect(pages).toContain(company?.site);
  const found = answer.content.flatMap((part) => (part.type === 'search' ? part.found.map(({ url }) => url) : []));
  expect(found).toEqual(pages);
  expect(answer.usage.searches).toBe(1);
  expect(web.requests().map(({ host }) => host)).toEqual(['search.test']);
});
