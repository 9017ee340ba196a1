import { taskViewSchema, type TaskView } from '#core/api/tasks/messages.ts';
import { taskOperations } from '#core/api/tasks/operations.ts';
import { inParallel } from '#core/concurrency/in-parallel.ts';
import type { ApiClient } from '../api/client.ts';
import type { ApiContext } from '../api/api-command.ts';
import { dollars, duration } from '../terminal/format.ts';
import { table } from '../terminal/table.ts';
import { stateWords } from './words.ts';

/** A task with all that it delegated, to the last level. */
interface Tree extends TaskView {
  readonly below: readonly Tree[];
}

/** Requests at once. */
const AT_ONCE = 8;

/** `fleet task --tree`: shows a task and what it delegated, with states, costs and times. */
export async function treeCommand({ api, output, json }: ApiContext, id: string): Promise<void> {
  const tree = await readTree(api, id);
  if (json) return output.json(tree);
  output.line(table(COLUMNS, rowsOf(tree), process.stdout.columns));
  const usd = totalUsd(tree);
  if (tree.below.length > 0) output.line(`all together: ${dollars(usd)} of ${dollars(tree.budget.usd)}`);
}

async function readTree(api: ApiClient, id: string): Promise<Tree> {
  const task = await api.call(taskOperations.getTask, taskViewSchema, { params: { id } });
  return { ...task, below: await inParallel(task.children ?? [], (child) => readTree(api, child), AT_ONCE) };
}

const COLUMNS = [
  { name: 'task' },
  { name: 'agent' },
  { name: 'state', flexible: true },
  { name: 'cost', align: 'right' },
  { name: 'took', align: 'right' },
] as const;

/** One row for each task, deeper ones with a longer stroke. */
function rowsOf(tree: Tree, depth = 0): string[][] {
  const { id, agent, spent, below } = tree;
  const stroke = depth === 0 ? '' : `└${'──'.repeat(depth)} `;
  const row = [`${stroke}${id}`, agent, stateWords(tree), dollars(spent.usd), tookWords(tree)];
  return [row, ...below.flatMap((child) => rowsOf(child, depth + 1))];
}

function tookWords({ createdAt, finishedAt }: TaskView): string {
  const ms = (finishedAt === undefined ? Date.now() : Date.parse(finishedAt)) - Date.parse(createdAt);
  const words = ms < 10_000 ? `${ms} ms` : duration(ms);
  return finishedAt === undefined ? `${words} so far` : words;
}

/** Each task counts its own calls, so the sum over the tree is what all of it cost. */
const totalUsd = ({ spent, below }: Tree): number => below.reduce((sum, child) => sum + totalUsd(child), spent.usd);
