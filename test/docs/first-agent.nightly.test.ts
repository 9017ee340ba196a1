import { createHmac } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeBlocks } from './support/markdown.ts';
import { ProjectCopy } from './support/project-copy.ts';
import { Shell } from './support/shell.ts';

/** Follows docs/first-agent.md exactly, in a copy of the project. */
const guide = readFileSync('docs/first-agent.md', 'utf8');
const blocks = codeBlocks(guide);
const textOf = (language: string): readonly string[] =>
  blocks.filter((block) => block.language === language).map(({ text }) => text.trim());
const [create = '', submit = '', putSecret = ''] = textOf('sh');
const [answer = '', signedAnswer = ''] = textOf('text');
const [agent = '', ...ownTable] = textOf('ts');
const up = /`(npm run fleet -- up --systems \w+)`/.exec(guide)?.[1] ?? '';
const lock = 'npm run fleet -- agents lock';
const retire = `${lock} --retire exchange@1`;
const LOCK = 'systems/exchange/agents.lock.json';
const AGENT = 'systems/exchange/agents/exchange.ts';

/** The last line on stdout: npm first prints the command that it runs. */
const lastLine = (stdout: string): string | undefined => stdout.trim().split('\n').at(-1);

let project: ProjectCopy;
let shell: Shell;

beforeAll(() => {
  project = new ProjectCopy();
  shell = new Shell(project.folder);
});

afterAll(() => {
  shell[Symbol.dispose]();
  project[Symbol.dispose]();
});

describe('docs/first-agent.md', () => {
  it('needs two commands and fewer than 30 lines of code', () => {
    const lines = agent.split('\n').filter((line) => line.trim() !== '');
    expect(lines.length).toBeLessThan(30);
    expect(guide).toContain(`in ${lines.length} lines`);
    expect(textOf('sh').filter((command) => command.startsWith('npm'))).toHaveLength(2);
    expect(guide).toContain(`\`${AGENT}\``);
  });

  it('creates an agent that is formatted, typed and tested, and answers as it is', async () => {
    expect(await shell.run(create)).toMatchObject({ code: 0 });
    const only = { extends: './tsconfig.json', include: ['bin', 'systems/exchange', 'packages/*/src'] };
    writeFileSync(join(project.folder, 'tsconfig.exchange.json'), JSON.stringify(only));
    const checks = [
      'npx oxfmt --check bin systems/exchange',
      'npx tsc --noEmit -p tsconfig.exchange.json',
      'npx vitest run systems/exchange',
    ];
    for (const check of checks) expect(await shell.run(check)).toMatchObject({ code: 0 });
    const { code, stdout } = await shell.run("npm run fleet -- submit exchange 'Good morning' --wait");
    expect({ code, said: lastLine(stdout) }).toEqual({ code: 0, said: '[simulated] 2 words' });
  });

  it('ends with the answer shown', async () => {
    writeFileSync(join(project.folder, AGENT), `${agent}\n`);
    const { code, stdout } = await shell.run(submit);
    expect({ code, said: lastLine(stdout) }).toEqual({ code: 0, said: answer });
  });

  it('records the change of an agent that was never deployed', async () => {
    const [replace = ''] = /npm run fleet -- agents lock --replace exchange/.exec(guide) ?? [];
    expect(await shell.run(lock)).toMatchObject({ code: 1 });
    expect(await shell.run(replace)).toMatchObject({ code: 0 });
    expect(await shell.run(lock)).toMatchObject({ code: 0 });
  });

  it('gives the tool a secret, a variable and a table of its own, with a test', async () => {
    const named = [...guide.matchAll(/`(systems\/exchange\/[\w/.-]+)`:?\n\n```ts/g)].map(([, file = '']) => file);
    expect(named).toHaveLength(ownTable.length);
    for (const [index, file] of named.entries()) writeFileSync(join(project.folder, file), `${ownTable[index]}\n`);
    const checks = [
      'npx oxfmt --check systems/exchange',
      'npx oxlint systems/exchange',
      'npx tsc --noEmit -p tsconfig.exchange.json',
      'npx vitest run systems/exchange',
      'npm run fleet -- agents lock --replace exchange',
    ];
    for (const check of checks) expect(await shell.run(check)).toMatchObject({ code: 0 });
  });

  it('signs with the secret that the guide sets, and keeps the quote in the table', async () => {
    const fleet = await shell.start(`${up} --port 0 --api-port 0 --no-sample`, 'Ctrl-C stops the fleet.');
    const [, endpoint = ''] = /^AWS endpoint +(\S+)/m.exec(fleet.said()) ?? [];
    const [profile = ''] = /export AWS_SHARED_CREDENTIALS_FILE=.*/.exec(fleet.said()) ?? [];
    const onThisMachine = `${profile} AWS_DEFAULT_REGION=us-east-1; ${putSecret} --endpoint-url ${endpoint}`;
    expect(await shell.run(onThisMachine)).toMatchObject({ code: 0 });
    const { code, stdout } = await shell.run(submit);
    const [key = ''] = /(?<=--secret-string ')[^']+/.exec(putSecret) ?? [];
    const signature = createHmac('sha256', key).update('463.32 NOK').digest('hex').slice(0, 8);
    expect({ code, said: lastLine(stdout) }).toEqual({ code: 0, said: signedAnswer });
    expect(signedAnswer).toBe(`[simulated] 463.32 NOK, signed ${signature}`);
    const tables = await shell.run(
      `${profile} AWS_DEFAULT_REGION=us-east-1; aws dynamodb list-tables --endpoint-url ${endpoint}`,
    );
    const [table = ''] = /[\w-]+Quotes[\w-]+/.exec(tables.stdout) ?? [];
    const scanned = await shell.run(
      `${profile} AWS_DEFAULT_REGION=us-east-1; aws dynamodb scan --table-name ${table} --endpoint-url ${endpoint}`,
    );
    expect(scanned.stdout).toContain('463.32 NOK');
    await fleet.interrupt();
  });

  it('starts a fleet with this system alone', async () => {
    const fleet = await shell.start(`${up} --port 0 --api-port 0 --no-sample`, 'Ctrl-C stops the fleet.');
    expect(fleet.said()).not.toContain('Upload bucket');
    expect(await fleet.interrupt()).toContain('Stopped.');
  });

  it('retires a version whose definition is gone', async () => {
    const raised = agent.replace("version: '1'", "version: '2'");
    writeFileSync(join(project.folder, AGENT), `${raised}\n`);
    expect(await shell.run(lock)).toMatchObject({ code: 1, stderr: expect.stringContaining(retire) });
    expect(await shell.run(retire)).toMatchObject({ code: 0 });
    const locked: unknown = JSON.parse(readFileSync(join(project.folder, LOCK), 'utf8'));
    expect(locked).toEqual({ agents: { exchange: { 2: expect.anything() } } });
  });
});
