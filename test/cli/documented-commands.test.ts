import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { documentsSystem } from '../../bin/documents-system.ts';
import { program } from '../../cli/program.ts';
import { readLocalApi } from './support/local-api.ts';
import { commandPaths, documentedCommands, shellWords } from './support/documented.ts';
import { FleetProgram } from './support/fleet-program.ts';

/** Every command that README, guides and `--help` show is run word for word on one fleet, with real ids for theirs. */
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
}, 180_000);

afterAll(async () => {
  const ended = once(up, 'exit');
  up.kill('SIGTERM');
  await ended;
  await rm(home, { recursive: true, force: true });
}, 60_000);

/** Those of other tests, which run them: by the beginning of the command. */
const ELSEWHERE = [
  { command: /^(down|reset)/, test: 'test/cli/lifecycle.test.ts', proof: /fleet\('(down|reset)'/ },
  { command: /^documents/, test: 'test/e2e/documents.test.ts', proof: /'documents'/ },
  // Runs are recorded when their fleet closes.
  { command: /^permissions/, test: 'test/cli/lifecycle.test.ts', proof: /fleet\('permissions'/ },
  // The agent that the guide makes.
  { command: /^submit exchange /, test: 'test/docs/first-agent.test.ts', proof: /shell\.run\(submit\)/ },
] as const;

const everyCommand = documentedCommands(program(documentsSystem));
const here = everyCommand.filter((typed) => !ELSEWHERE.some(({ command }) => command.test(typed)));

async function things(): Promise<Record<string, string>> {
  const { api, key } = readLocalApi(home);
  const task = await fleet.json<{ id: string }>(
    'submit',
    'assistant',
    'Hello, I am Ada.',
    '--session',
    'ada',
    '--wait',
  );
  const run = await fetch(`${api}/runs`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ tasks: [{ agent: 'assistant', instruction: 'What is 2 plus 2?' }] }),
  });
  const made = await fleet.json<{ id: string }>('keys', 'create', '--name', 'to-revoke');
  return {
    task: task.id,
    run: ((await run.json()) as { id: string }).id,
    key: made.id,
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

async function idFor(command: string): Promise<string | undefined> {
  if (/^escalations (claim|answer)/.test(command)) return escalated();
  if (command.startsWith('sessions')) return 'ada';
  return command.startsWith('keys') ? stand['key'] : stand['task'];
}

/** A documented command with what is there in place of its ids and capital words. */
async function typed(command: string): Promise<string[]> {
  const id = await idFor(command);
  const words: Record<string, string | undefined> = {
    ID: id,
    AGENT: 'assistant',
    INSTRUCTION: 'What is 6 times 7?',
    NAME: 'ci',
    TENANT: 'default',
    SHELL: 'zsh',
    A: 'assistant',
    R: '2',
    D: '2s',
    'task-0123456789abcdef': id,
    'run-0123456789abcdef': stand['run'],
    'key-0123456789ab': id,
  };
  return shellWords(command).map((word) => words[word] ?? word);
}

test.each(here)(
  'fleet %s',
  async (command) => {
    const { code, stdout, stderr } = await fleet.run(await typed(command));
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stderr + stdout).not.toMatch(/^\s+at /m);
    // One JSON object, and nothing else, where a machine asks.
    const answer: unknown = command.includes('--json') ? JSON.parse(stdout) : {};
    expect(answer).toBeTypeOf('object');
  },
  60_000,
);

test('every command of the program is documented by an example', () => {
  const undocumented = commandPaths(program(documentsSystem))
    // npm start is how it is typed.
    .filter((path) => path !== 'up')
    .filter((path) => !everyCommand.some((command) => `${command} `.startsWith(`${path} `)));
  expect(undocumented).toEqual([]);
});

test.each(ELSEWHERE)('$command is run by $test', ({ test: file, proof }) => {
  expect(readFileSync(file, 'utf8')).toMatch(proof);
});
