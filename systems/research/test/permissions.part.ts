import { acceptedSchema, taskViewSchema } from '#core/api/tasks/messages.ts';
import { taskOperations } from '#core/api/tasks/operations.ts';
import type { FleetOfTheDay, PermissionsPart } from '#test/e2e/permissions.part.ts';
import type { AnalystInput } from '../agents/analyst-input.ts';
import type { StrategistInput } from '../agents/strategist-input.ts';

const night = '2026-11-10';
const TOLD = 'Acme launched the Rocket 3, a drill for everybody.';

const analysed: AnalystInput = {
  company: { name: 'Acme', sector: 'Tools' },
  night,
  documents: [{ id: 's1', title: 'News', kind: 'news', published: night, text: TOLD }],
};
const judged: StrategistInput = {
  night,
  pairs: [
    {
      id: 'p1',
      because: 'the same sector',
      by: { name: 'Acme', sector: 'Tools', claims: [{ id: 'c1', kind: 'launch', date: night, quote: TOLD }] },
      against: { name: 'Bolt', sector: 'Tools', claims: [] },
    },
  ],
};

/** A task for each agent, as `fleet research` submits them. */
export const part: PermissionsPart = {
  async day({ client }) {
    const failed: string[] = [];
    for (const [agent, input] of Object.entries({ 'company-analyst': analysed, 'research-strategist': judged })) {
      const status = await statusOf(client, { agent, input });
      if (status !== 'succeeded') failed.push(`${agent}: ${status}`);
    }
    return failed;
  },
};

async function statusOf(client: FleetOfTheDay['client'], body: object): Promise<string> {
  const { id } = await client.call(taskOperations.submitTask, acceptedSchema, { body });
  const wait = { params: { id }, query: { wait: 25 } };
  return (await client.call(taskOperations.getTask, taskViewSchema, wait)).status;
}
