import type { Command } from 'commander';
import {
  deadLetterPageSchema,
  redriveAnswerSchema,
  type DeadLetter,
  type PoolView,
  type RedriveAnswer,
} from '#core/api/pools/messages.ts';
import { poolOperations } from '#core/api/pools/operations.ts';
import { apiContext, examples, withApi } from './api/api-command.ts';
import { holdWords, stepWords } from './pause.ts';
import { readFleet } from './read-pools.ts';
import { causeWords } from './tasks/words.ts';
import { age, count } from './terminal/format.ts';
import { table } from './terminal/table.ts';
import { wrongUsage } from './user-error.ts';

/** Adds the commands for pools: `fleet pools`, `dead-letters` and `redrive`. */
export function addPools(fleet: Command): void {
  withApi(fleet.command('pools'))
    .description('shows each pool: status, running and queued tasks, and what others wait for')
    .addHelpText('after', examples('pools', 'pools --json'))
    .action(listPools);
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
  const state = await readFleet(api);
  const { pools } = state;
  if (json) return output.json(state);
  for (const words of holdWords(state)) output.line(words);
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

const pauseWords = ({ reason = '', by, ...pool }: PoolView): string =>
  [by === undefined ? reason : `${reason} (${by})`, stepWords(pool)[0] ?? '']
    .filter((words) => words !== '')
    .join('; ');

/** Why tasks of a pool wait, the most frequent cause first: `12 earlier tasks of their session`. */
function waitWords({ tasks }: PoolView): string {
  const causes = Object.entries(tasks?.parked ?? {}).toSorted(([, a], [, b]) => b - a);
  return causes.map(([cause, number]) => `${number} ${causeWords(cause)}`).join(', ');
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
