import { z } from 'zod';
import { taskListQuerySchema, taskPageSchema, type TaskPage } from '#core/api/tasks/messages.ts';
import { taskOperations } from '#core/api/tasks/operations.ts';
import type { ApiContext } from '../api/api-command.ts';
import { requireKnownAgent } from '../api/require-agent.ts';
import { parseOptions } from '../parse-options.ts';
import { age } from '../terminal/format.ts';
import { table } from '../terminal/table.ts';
import { wholeOption } from '../whole-option.ts';
import { MAX_PAGE_SIZE } from './every-task.ts';
import { timeOption } from './time-option.ts';
import { costWords, stateWords } from './words.ts';

const { agent, status } = taskListQuerySchema.shape;

const optionsSchema = z.object({
  agent,
  status,
  session: z.string().min(1).optional(),
  run: z.string().min(1).optional(),
  from: timeOption.optional(),
  to: timeOption.optional(),
  limit: wholeOption(1, 10_000).default(20),
});

/** `fleet tasks`: lists tasks, newest first, page by page up to the limit. */
export async function listCommand({ api, output, json }: ApiContext, raw: object): Promise<void> {
  const { limit, session, run, ...filter } = parseOptions(optionsSchema, raw, 'tasks');
  const tasks: TaskPage['tasks'] = [];
  let cursor: string | undefined;
  do {
    const query = {
      ...filter,
      sessionId: session,
      runId: run,
      cursor,
      limit: Math.min(MAX_PAGE_SIZE, limit - tasks.length),
    };
    const page = await api.call(taskOperations.listTasks, taskPageSchema, { query });
    tasks.push(...page.tasks);
    cursor = page.next;
  } while (cursor !== undefined && tasks.length < limit);
  if (tasks.length === 0) await requireKnownAgent(api, filter.agent);
  if (json) return output.json({ tasks, ...(cursor !== undefined && { next: cursor }) });
  if (tasks.length === 0) return output.line('No tasks found.');
  output.line(table(COLUMNS, tasks.map(row), process.stdout.columns));
  if (cursor !== undefined) output.line(`There are more: use --limit ${limit * 5}.`);
}

const COLUMNS = [
  { name: 'id' },
  { name: 'agent' },
  { name: 'priority' },
  { name: 'accepted' },
  { name: 'spent', align: 'right' },
  // Last, since a reason may be long.
  { name: 'state', flexible: true },
] as const;

const row = (task: TaskPage['tasks'][number]): string[] => [
  task.id,
  task.agent,
  task.priority,
  age(task.createdAt),
  costWords(task),
  stateWords(task),
];
