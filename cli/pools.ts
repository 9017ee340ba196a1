import { userInfo } from 'node:os';
import type { Command } from 'commander';
import {
  deadLetterPageSchema,
  poolViewSchema,
  redriveAnswerSchema,
  type DeadLetter,
  type PoolView,
  type RedriveAnswer,
} from '#core/api/pools/messages.ts';
import { poolOperations } from '#core/api/pools/operations.ts';
import { apiContext, examples, withApi } from './api/api-command.ts';
import { readPools } from './read-pools.ts';
import { causeWords } from './tasks/words.ts';
import { age, count } from './terminal/format.ts';
import { table } from './terminal/table.ts';
import { wrongUsage } from './user-error.ts';

/** Adds the commands for pools: `fleet pools`, `pause`, `resume`, `dead-letters` and `redrive`. */
export function addPools(fleet: Command): void {
  withApi(fleet.command('pools'))
    .description('shows each pool: status, running and queued tasks, and what others wait for')
    .addHelpText('after', examples('pools', 'pools --json'))
    .action(listPools);
  withApi(fleet.command('pause'))
    .argument('<agent>')
    .description('pauses a pool: running tasks finish, no other task starts')
    .requiredOption('--reason <why>', 'why, for other operators')
    .option('--by <person>', 'your name', userInfo().username)
    .addHelpText('after', examples("pause assistant --reason 'It answers nonsense.'"))
    .action(pausePool);
  withApi(fleet.command('resume'))
    .argument('<agent>')
    .description('resumes a paused pool; waiting tasks start gradually')
    .addHelpText('after', examples('resume assistant'))
    .action(resumePool);
  withApi(fleet.command('dead-letters'))
    .argument('<agent>')
    .description('lists dead letters, newest first, each with its last error and its trace')
    .addHelpText('after', examples('dead-letters assistant', 'dead-letters assistant --json'))
    .action(listDeadLetters);
  withApi(fleet.command('redrive'))
    .argument('<agent>')
    .argument('[ids...]', 'dead letters')
    .description('submits dead letters again, each once')
    .option('--all', 'all that have not been redriven yet')
    .addHelpText('after', examples('redrive assistant --all', 'redrive assistant task-0123456789abcdef'))
    .action(redrive);
}

async function listPools(options: object): Promise<void> {
  const { api, output, json } = apiContext(options);
  const pools = await readPools(api);
  if (json) return output.json({ pools });
  output.line(table(POOLS, pools.map(poolRow), process.stdout.columns));
}

const POOLS = [
  { name: 'agent' },
  { name: 'state' },
  { name: 'running', align: 'right' },
  { name: 'queued', align: 'right' },
  { name: 'unreadable', align: 'right' },
  { name: 'waiting for', flexible: true },
] as const;

const poolRow = (pool: PoolView): string[] => [
  pool.agent,
  pool.status,
  atLeast(pool, pool.tasks?.running),
  atLeast(pool, pool.tasks?.queued),
  String(pool.waiting.deadLetters),
  [pauseWords(pool), waitWords(pool)].filter((words) => words !== '').join('; '),
];

const atLeast = ({ tasks }: PoolView, number = 0): string => `${number}${tasks?.complete === false ? '+' : ''}`;

const pauseWords = ({ reason = '', by }: PoolView): string => (by === undefined ? reason : `${reason} (${by})`);

/** Why tasks of a pool wait, the most frequent cause first: `12 earlier tasks of their session`. */
function waitWords({ tasks }: PoolView): string {
  const causes = Object.entries(tasks?.parked ?? {}).toSorted(([, a], [, b]) => b - a);
  return causes.map(([cause, number]) => `${number} ${causeWords(cause)}`).join(', ');
}

async function pausePool(agent: string, options: { reason: string; by: string }): Promise<void> {
  const { api, output, json } = apiContext(options);
  const request = { params: { agent }, body: { reason: options.reason, by: options.by } };
  const pool = await api.call(poolOperations.pausePool, poolViewSchema, request);
  if (json) return output.json(pool);
  output.line(`${agent} is paused; its tasks wait. Resume it with: npm run fleet -- resume ${agent}`);
}

async function resumePool(agent: string, options: object): Promise<void> {
  const { api, output, json } = apiContext(options);
  const pool = await api.call(poolOperations.resumePool, poolViewSchema, { params: { agent } });
  if (json) return output.json(pool);
  output.line(`${agent} is ${pool.status}. Waiting tasks start gradually, more each minute.`);
}

async function listDeadLetters(agent: string, options: object): Promise<void> {
  const { api, output, json } = apiContext(options);
  const deadLetters: DeadLetter[] = [];
  let next: string | undefined;
  do {
    const request = { params: { agent }, query: next === undefined ? {} : { cursor: next } };
    const page = await api.call(poolOperations.listDeadLetters, deadLetterPageSchema, request);
    deadLetters.push(...page.deadLetters);
    ({ next } = page);
  } while (next !== undefined && deadLetters.length < ENOUGH);
  if (json) return output.json({ deadLetters, more: next !== undefined });
  if (deadLetters.length === 0) return output.line('No dead letters.');
  output.line(table(DEAD_LETTERS, deadLetters.map(deadLetterRow), process.stdout.columns));
  if (next !== undefined) output.line(`These are the newest ${deadLetters.length}. There are more.`);
}

/** Dead letters that the command shows. */
const ENOUGH = 50;

const DEAD_LETTERS = [
  { name: 'id' },
  { name: 'given up' },
  { name: 'attempts', align: 'right' },
  { name: 'crashes', align: 'right' },
  { name: 'redriven as' },
  { name: 'trace' },
  { name: 'why', flexible: true },
] as const;

const deadLetterRow = ({
  id,
  createdAt,
  finishedAt = createdAt,
  attempts,
  crashes,
  redrivenAs = '',
  failure,
  lastError,
  worker,
}: DeadLetter): string[] => [
  id,
  age(finishedAt),
  String(attempts),
  String(crashes),
  redrivenAs,
  (lastError?.worker ?? worker)?.trace ?? '',
  lastError?.reason ?? failure?.reason ?? '',
];

async function redrive(agent: string, ids: readonly string[], options: { all?: boolean }): Promise<void> {
  if ((options.all === true) === ids.length > 0) {
    throw wrongUsage('Give ids or --all.', 'See npm run fleet -- redrive --help.');
  }
  const { api, output, json } = apiContext(options);
  const redriven: RedriveAnswer['redriven'] = [];
  let next: string | undefined;
  do {
    const body = { ...(ids.length > 0 ? { tasks: ids } : {}), ...(next === undefined ? {} : { cursor: next }) };
    const page = await api.call(poolOperations.redrive, redriveAnswerSchema, { params: { agent }, body });
    if (!json) for (const { deadLetter, task } of page.redriven) output.line(`${deadLetter} → ${task}`);
    redriven.push(...page.redriven);
    ({ next } = page);
  } while (next !== undefined);
  if (json) return output.json({ redriven, more: false });
  output.line(`${count(redriven.length, 'dead letter')} redriven.`);
}
