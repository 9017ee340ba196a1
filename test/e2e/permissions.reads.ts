import type { ApiClient } from '#cli/api/client.ts';
import { z } from 'zod';
import { agentCardSchema } from '#core/agents/agent-card.ts';
import { auditViewSchema } from '#core/api/audit/messages.ts';
import { auditOperations } from '#core/api/audit/operations.ts';
import { fleetOperations } from '#core/api/fleet/operations.ts';
import { reportViewSchema, runPageSchema } from '#core/api/runs/messages.ts';
import { runOperations } from '#core/api/runs/operations.ts';
import { taskPageSchema } from '#core/api/tasks/messages.ts';
import { taskOperations } from '#core/api/tasks/operations.ts';

/**
 * Reads what the systems' day has left: the report of each run by its links, and audit entries of a task that called a
 * tool. Returns the failures.
 */
export async function readAfterwards(api: ApiClient): Promise<readonly string[]> {
  const failed: string[] = [];
  const { runs } = await api.call(runOperations.listRuns, runPageSchema, { query: { limit: 100 } });
  for (const { id } of runs) {
    const { files } = await api.call(runOperations.getRunReport, reportViewSchema, { params: { id } });
    for (const { name, url } of files) {
      const answer = await fetch(url);
      await answer.body?.cancel();
      const header = answer.headers.get('content-disposition') ?? '';
      if (!answer.ok || !header.startsWith('attachment')) failed.push(`report of ${id}: ${name}: ${answer.status}`);
    }
  }
  if (!(await hasAudited(api))) failed.push('No task of the day has whole audit entries.');
  return failed;
}

const agentsSchema = z.object({ agents: z.array(agentCardSchema) });

/** Reads the audit entries of tasks whose agents have tools, until one has some. Returns whether they are whole. */
async function hasAudited(api: ApiClient): Promise<boolean> {
  const { agents } = await api.call(fleetOperations.listAgents, agentsSchema);
  for (const { name } of agents.filter(({ tools }) => tools.length > 0)) {
    const query = { agent: name, limit: 20 };
    const { tasks } = await api.call(taskOperations.listTasks, taskPageSchema, { query });
    for (const { id } of tasks) {
      const audit = await api.call(auditOperations.getTaskAudit, auditViewSchema, { params: { id } });
      if (audit.entries.length > 0) return audit.whole;
    }
  }
  return false;
}
