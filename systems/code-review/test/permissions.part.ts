import { acceptedSchema, taskViewSchema } from '#core/api/tasks/messages.ts';
import { taskOperations } from '#core/api/tasks/operations.ts';
import type { FleetOfTheDay, PermissionsPart } from '#test/e2e/permissions.part.ts';
import { SUPERVISOR } from '../agents/names.ts';

/** A review: its supervisor delegates to all specialists. */
async function review({ client }: FleetOfTheDay, priority: string): Promise<void> {
  const lines = ['+eval(request.body);'];
  const file = {
    path: `src/${priority}.js`,
    status: 'added',
    hunks: [{ oldStart: 0, newStart: 1, context: null, lines }],
  };
  const overview = { files: 1, testsChanged: [], hasTests: false };
  const input = { title: 'A change', description: '', guidance: null, overview, units: [[file]] };
  const body = { agent: SUPERVISOR.name, input, priority };
  const { id } = await client.call(taskOperations.submitTask, acceptedSchema, { body });
  await client.call(taskOperations.getTask, taskViewSchema, { params: { id }, query: { wait: 25 } });
}

/** A review of each priority. */
export const part: PermissionsPart = {
  async day(fleet) {
    for (const priority of ['default', 'high']) await review(fleet, priority);
    return [];
  },
};
