import { execFile } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claudeRules } from '../../bin/claude-rules.ts';
import { FleetClient } from '../../client/index.ts';
import { apiFleetOf, type ApiFleet } from '../e2e/support/api-fleet.ts';

/**
 * Writes what docs/first-agent.md says into a copy of the project, and asks what it asks. The copy's stacks run as in
 * `npm start`; the task goes to their API by the client, and not by the guide's command.
 */
const PROJECT = join(import.meta.dirname, '../..');
const guide = readFileSync(join(PROJECT, 'docs/first-agent.md'), 'utf8');
const COPIED = [
  'adapters',
  'bin',
  'cli',
  'client',
  'config',
  'core',
  'functions',
  'lib',
  'local',
  'state-machines',
  'systems',
];
const FILES = ['cdk.json', 'package.json', 'package-lock.json', 'tsconfig.json'];

interface Block {
  readonly language: string;
  /** Named in the words before it; undefined for commands. */
  readonly path: string | undefined;
  readonly text: string;
}

const blocks: readonly Block[] = [...guide.matchAll(/([^\n]*)\n\n```(\w+)\n(.*?)```\n/gs)].map(
  ([, words = '', language = '', text = '']) => ({
    language,
    text,
    path: /`((?:systems|bin)\/[\w./-]+\.ts)`/.exec(words)?.[1],
  }),
);
const commands = blocks.filter(({ language }) => language === 'sh').map(({ text }) => text.trim());

let project: string;
let api: ApiFleet;

beforeAll(async () => {
  project = mkdtempSync(join(realpathSync(tmpdir()), 'fleet-first-agent-'));
  for (const name of [...COPIED, ...FILES]) cpSync(join(PROJECT, name), join(project, name), { recursive: true });
  symlinkSync(realpathSync(join(PROJECT, 'node_modules')), join(project, 'node_modules'));
  for (const { language, path, text } of blocks) {
    if (path === undefined) continue;
    const file = join(project, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, language === 'diff' ? withAdded(readFileSync(file, 'utf8'), text) : text);
  }
  const assembly = join(project, 'cdk.out');
  const env = { ...process.env, CDK_OUTDIR: assembly, CDK_CONTEXT_JSON: '{"env":"dev"}', CDK_VALIDATION: 'false' };
  await promisify(execFile)(process.execPath, ['bin/app.ts'], { cwd: project, env });
  api = await apiFleetOf(assembly, claudeRules);
}, 180_000);

afterAll(async () => {
  await api.close();
  rmSync(project, { recursive: true, force: true });
});

/** Puts the lines marked with a plus before the unmarked line that follows them, or behind the last one. */
function withAdded(source: string, diff: string): string {
  const lines = source.split('\n');
  let added: string[] = [];
  let at = 0;
  for (const line of diff.trimEnd().split('\n')) {
    if (line.startsWith('+')) {
      added.push(line.slice(1));
      continue;
    }
    const found = lines.indexOf(line.slice(1), at);
    if (found < 0) throw new Error(`The guide names a line that is not there: "${line.slice(1)}".`);
    lines.splice(found, 0, ...added);
    at = found + added.length + 1;
    added = [];
  }
  lines.splice(at, 0, ...added);
  return lines.join('\n');
}

describe('docs/first-agent.md', () => {
  it('asks for fewer than 30 lines of code', () => {
    const written = blocks.filter(({ path }) => path !== undefined);
    const lines = written.flatMap(({ language, text }) =>
      text.split('\n').filter((line) => line.trim() !== '' && (language !== 'diff' || line.startsWith('+'))),
    );
    expect(written.map(({ path }) => path)).toContain('systems/exchange/agent.ts');
    expect(lines.length).toBeLessThan(30);
    expect(guide).toContain(`in ${lines.length} lines`);
  });

  it('ends with the answer that it promises', async () => {
    const [, agent = '', instruction = ''] = / submit (\S+) '([^']+)' --wait$/.exec(commands[1] ?? '') ?? [];
    const fleet = new FleetClient({ url: api.url, key: await api.newKey() });
    const { id } = await fleet.submit({ agent, instruction });
    const promised = /The answer is `([^`]+)`/.exec(guide)?.[1] ?? 'no answer promised';
    const { output } = await fleet.wait(id, { timeoutMs: 60_000 });
    expect(output).toEqual({ text: expect.stringContaining(promised) as string });
  }, 90_000);
});
