import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systems } from '#bin/systems.ts';
import { program } from '#cli/program.ts';
import { sampleContracts } from '../support/sample-contracts.ts';
import { readLocalApi } from './support/local-api.ts';
import { commandPaths, documentedCommands, shellWords } from './support/documented.ts';
import { FleetProgram } from './support/fleet-program.ts';

/** Every `npm run fleet -- …` of all documents and of `--help` is run word for word on one fleet, with real ids for theirs. */
let home: string;
let fleet: FleetProgram;
let up: ChildProcess;
/** What stands for the ids and words of the documents. */
let stand: Record<string, string>;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'fleet-commands-'));
  fleet = new FleetProgram(home);
  up = await fleet.up();
  stand = await things();
});

afterAll(async () => {
  const ended = once(up, 'exit');
  up.kill('SIGTERM');
  await ended;
  await rm(home, { recursive: true, force: true });
});

/** Those of other tests, which run them: by the beginning of the command. */
const ELSEWHERE = [
  { command: /^(down|reset)/, test: 'test/cli/lifecycle.test.ts', proof: /fleet\('(down|reset)'/ },
  // Runs are recorded when their fleet closes.
  { command: /^permissions/, test: 'test/cli/lifecycle.test.ts', proof: /fleet\('permissions'/ },
  // Boots a fleet of its own, for minutes of messages; a short day is run there.
  { command: /^support/, test: 'systems/support/test/cli/support.long.test.ts', proof: /\['support', '--minutes'/ },
  // Boots a fleet of its own; two nights and a list are researched there.
  {
    command: /^research /,
    test: 'systems/research/test/cli/research.nightly.test.ts',
    proof: /\['research', '--sample', '20', '--nights', '2'/,
  },
  // Boots a fleet of its own and plays a day.
  {
    command: /^market (demo|replay)/,
    test: 'systems/market-monitor/test/cli/market.long.test.ts',
    proof: /'market',\s*'demo',\s*'--events'[^]*'market', 'replay', file/,
  },
  // Asks the SEC, so a server stands in for it there.
  {
    command: /^market feed /,
    test: 'systems/market-monitor/test/cli/feed.test.ts',
    proof: /'market', 'feed', 'edgar'[^]*'--once', '--stream'/,
  },
  // Need files with portfolios and events.
  {
    command: /^rules (set|test|list --portfolio) /,
    test: 'systems/market-monitor/test/cli/rules.test.ts',
    proof: /rules\('set'[^]*rules\('list', '--portfolio'[^]*rules\('test'/,
  },
  // Need alerts and a digest.
  {
    command: /^alerts (ack|silence|unsilence|digest|(list|silences) --portfolio) /,
    test: 'systems/market-monitor/test/cli/alerts.test.ts',
    proof:
      /alerts\('list', '--portfolio'[^]*alerts\('ack'[^]*alerts\('silence'[^]*alerts\('silences', '--portfolio'[^]*alerts\('unsilence'[^]*alerts\('digest', '--portfolio'/,
  },
  // Needs a file with companies.
  {
    command: /^research list /,
    test: 'systems/research/test/cli/list.test.ts',
    proof: /\['research', 'list', file, '--out'/,
  },
  // systems/code-review/test/cli/documented.test.ts reads the commits of each.
  { command: /^review /, test: 'systems/code-review/test/cli/review.long.test.ts', proof: /\['review', '--repo'/ },
  // Lasts until a review has ended.
  {
    command: /^github demo/,
    test: 'systems/code-review/test/cli/github/github.nightly.test.ts',
    proof: /'github', 'demo', '--once', '--json'/,
  },
  // Needs files with payloads of GitHub, and an app.
  {
    command: /^github replay /,
    test: 'systems/code-review/test/cli/github/github.nightly.test.ts',
    proof: /'github', 'replay', comment, '--event', 'issue_comment'/,
  },
  // An upload is interrupted, and a run is under way.
  {
    command: /^documents .*--(resume|discard) /,
    test: 'systems/documents/test/e2e/documents-interrupted.long.test.ts',
    proof: /'documents', '--discard', id\)[^]*'documents', folder, '--resume', id/,
  },
  {
    command: /^cancel --run ID$/,
    test: 'systems/documents/test/e2e/run-cancel.long.test.ts',
    proof: /'cancel', '--run', id/,
  },
  // They write into the project, or need the agent that the guide creates there.
  { command: /^new /, test: 'test/docs/first-agent.nightly.test.ts', proof: /shell\.run\(create\)/ },
  {
    command: /^submit (exchange|greeter) /,
    test: 'test/docs/first-agent.nightly.test.ts',
    proof: /shell\.run\(submit\)/,
  },
  { command: /^agents lock$/, test: 'test/docs/first-agent.nightly.test.ts', proof: /shell\.run\(lock\)/ },
  { command: /^agents lock --replace /, test: 'test/docs/first-agent.nightly.test.ts', proof: /shell\.run\(replace\)/ },
  { command: /^agents lock --retire /, test: 'test/docs/first-agent.nightly.test.ts', proof: /shell\.run\(retire\)/ },
  // For a fleet that was rolled back to release 0.2.
  {
    command: /^callbacks wake --table /,
    test: 'test/mixed/parked-callbacks.long.test.ts',
    proof: /callbacks wake delivers[^]*wakeParked\(/,
  },
  // Needs a pipeline, which no example system has yet.
  { command: /^runs start /, test: 'test/cli/runs-start.test.ts', proof: /'runs', 'start', 'companies', '--items'/ },
  // Lasts until Ctrl-C.
  {
    command: /^logs .*--follow$/,
    test: 'test/cli/logs/follow.test.ts',
    proof: /followLines\(api, wanted/,
  },
  // Three regions of their own.
  {
    command: /^(global (up|map|kill|start|partition|heal|slow|down)|regions|failover --from)/,
    test: 'test/cli/global/global.long.test.ts',
    proof:
      /'global', 'up'[^]*'global', 'map'[^]*'regions'[^]*'global', 'slow', 'ap', '800'[^]*'global', 'heal'[^]*'failover', '--from', 'eu', '--dry-run'[^]*'global', 'kill', 'eu'[^]*'global', 'start', 'eu'[^]*'global', 'partition', 'ap'[^]*'global', 'down'/,
  },
  // Three regions in the place of deployed ones.
  {
    command: /^(keys|limits|callbacks) .*--env /,
    test: 'test/cli/keys/in-regions.long.test.ts',
    proof: /'keys create --name ci --rate 5'[^]*run\('keys admit'\)/,
  },
  {
    command: /^global demo/,
    test: 'test/cli/global/demo.nightly.test.ts',
    proof: /'global', 'demo', '--tasks', '300', '--seed', '7', '--json'/,
  },
  // A second fleet.
  { command: /^up --systems /, test: 'test/docs/first-agent.nightly.test.ts', proof: /shell\.start\(`\$\{up\}/ },
] as const;

/** What is typed for the capital words and the sample ids of the documents; ID is one of `idFor`. */
const WORDS: Readonly<Record<string, string>> = {
  TASK: 'ID',
  AGENT: 'assistant',
  INSTRUCTION: 'What is 6 times 7?',
  NAME: 'ci',
  TENANT: 'default',
  SCOPES: 'submit,read',
  SESSION: 'ID',
  SHELL: 'bash',
  FOLDER: '~/contracts',
  A: 'assistant',
  R: '2',
  D: '5s',
  'task-0123456789abcdef': 'ID',
  'key-0123456789ab': 'ID',
  'bulk-0123456789abcdef': 'ID',
  '20261123-231500-3fa9': 'ID',
};

const everyCommand = documentedCommands(program(systems));
/** By what is typed: some commands are documented twice, in other words. */
const here = new Map(
  everyCommand
    .filter((command) => !ELSEWHERE.some((each) => each.command.test(command)))
    .map((command) => shellWords(command).map((word) => WORDS[word] ?? word))
    .map((words) => [words.join(' '), words] as const),
);
/** They change how the others fare. */
const ONE_BY_ONE = /^(pause|resume|redrive|limits|sessions|load|schedules)/;
const alone = [...here].filter(([command]) => ONE_BY_ONE.test(command));
const together = [...here].filter(([command]) => !ONE_BY_ONE.test(command));

async function things(): Promise<Record<string, string>> {
  const { api, key, outputs, ...places } = readLocalApi(home);
  const task = await fleet.json<{ id: string }>(
    'submit',
    'assistant',
    'Hello, I am Ada.',
    '--session',
    'ada',
    '--wait',
  );
  const post = async (path: string, body: object): Promise<string> => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const response = await fetch(api + path, { method: 'POST', headers, body: JSON.stringify(body) });
    return ((await response.json()) as { id: string }).id;
  };
  const run = await post('/runs', { tasks: [{ agent: 'assistant', instruction: 'What is 2 plus 2?' }] });
  const bulk = await post('/bulk-actions', { action: 'cancel', filter: { tasks: [task.id] } });
  await sampleContracts(join(home, 'contracts'), { count: 3, broken: 1, seed: 7 });
  const documents = await fleet.json<{ runId: string }>('documents', join(home, 'contracts'));
  const { schedules } = await fleet.json<{ schedules: { name: string }[] }>('schedules', 'list');
  const made = await fleet.json<{ id: string }>('keys', 'create', '--name', 'to-revoke');
  return {
    task: task.id,
    run,
    bulk,
    key: made.id,
    documents: documents.runId,
    auditBucket: outputs['platform']?.['AuditBucket'] ?? '',
    table: outputs['platform']?.['StateTable'] ?? '',
    ...streamOf(outputs),
    usagePlan: places.usagePlan,
    callbackSecret: places.callbackSecret,
    schedule: schedules[0]?.name ?? '',
  };
}

/** What a router writes to. Without a system that has one, nothing is set aside anywhere. */
function streamOf(outputs: ReturnType<typeof readLocalApi>['outputs']): Record<string, string> {
  const { platform = {}, 'market-monitor': market = {} } = outputs;
  return {
    rejected: market['RejectedBucket'] ?? platform['AuditBucket'] ?? '',
    stream: market['Stream'] ?? 'none',
    subjects: market['MarketTable'] ?? platform['StateTable'] ?? '',
  };
}

/** A task that an agent handed to a person. */
async function escalated(): Promise<string> {
  const grave = '{"customerId":"c-1","text":"My lawyer will sue you."}';
  const { code, stdout } = await fleet.run(['submit', 'support-agent', '--input', grave, '--wait', '--json']);
  // Not done: it waits for a person.
  expect(code).toBe(1);
  return (JSON.parse(stdout) as { id: string }).id;
}

/** A task that can be retried. It waits for a batch, so it is there to be cancelled. */
async function cancelled(): Promise<string> {
  const { id } = await fleet.json<{ id: string }>('submit', 'assistant', 'Say hello.', '--priority', 'economy');
  await fleet.json('cancel', id);
  // A worker may hold it just then: it ends when the worker sees the cancellation.
  const { stdout } = await fleet.run(['watch', id, '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ tasks: [{ status: 'cancelled' }] });
  return id;
}

async function idFor(command: string): Promise<string | undefined> {
  if (/^escalations (claim|answer)/.test(command)) return escalated();
  if (command.startsWith('retry ID')) return cancelled();
  if (command.startsWith('sessions')) return 'ada';
  if (command.startsWith('bulk')) return stand['bulk'];
  if (command.startsWith('documents')) return stand['documents'];
  return command.startsWith('keys') ? stand['key'] : stand['task'];
}

/** Words with what is there in place of ids. */
async function typed(words: readonly string[]): Promise<string[]> {
  const real: Record<string, string | undefined> = {
    ID: await idFor(words.join(' ')),
    AUDIT_BUCKET: stand['auditBucket'],
    STATE_TABLE: stand['table'],
    BUCKET: stand['rejected'],
    STREAM: stand['stream'],
    TABLE: stand['subjects'],
    USAGE_PLAN: stand['usagePlan'],
    CALLBACK_SECRET: stand['callbackSecret'],
    SCHEDULE: stand['schedule'],
    'run-0123456789abcdef': stand['run'],
  };
  return words.map((word) => real[word] ?? word.replace(/^~/, home));
}

/** The AWS environment in which somebody looks after a deployed fleet. */
const aws = (): NodeJS.ProcessEnv => ({
  AWS_ENDPOINT_URL: readLocalApi(home).endpoint,
  AWS_REGION: 'us-east-1',
  ...readLocalApi(home).aws,
});

async function succeeds(command: string, words: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await fleet.run(
    await typed(words),
    /--(table|prefix|bucket)/.test(command) ? aws() : {},
  );
  expect({ code, stderr }).toMatchObject({ code: 0 });
  expect(stderr + stdout).not.toMatch(/^\s+at /m);
  // One JSON object, and nothing else, where a machine asks.
  const answer: unknown = command.includes('--json') ? JSON.parse(stdout) : {};
  expect(answer).toBeTypeOf('object');
}

describe.concurrent('at once', () => {
  test.each(together)('fleet %s', succeeds, 60_000);
});

describe('one by one', () => {
  test.each(alone)('fleet %s', succeeds, 60_000);
});

test('every command of the program is documented by an example', () => {
  const undocumented = commandPaths(program(systems))
    // npm start is how it is typed.
    .filter((path) => path !== 'up')
    .filter((path) => !everyCommand.some((command) => `${command} `.startsWith(`${path} `)));
  expect(undocumented).toEqual([]);
});

test.each(ELSEWHERE)('$command is run by $test', ({ test: file, proof }) => {
  expect(readFileSync(file, 'utf8')).toMatch(proof);
});
