import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const FOLDER = '.github/workflows';

const stepSchema = z.object({
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).default({}),
});
const jobSchema = z.object({
  needs: z.string().optional(),
  environment: z.string().optional(),
  uses: z.string().optional(),
  with: z.record(z.string(), z.unknown()).default({}),
  steps: z.array(stepSchema).default([]),
});
const workflowSchema = z.object({
  on: z.looseObject({
    workflow_call: z.object({ inputs: z.record(z.string(), z.object({ required: z.boolean() })) }).optional(),
  }),
  permissions: z.record(z.string(), z.string()),
  jobs: z.record(z.string(), jobSchema),
});

const read = (file: string) => workflowSchema.parse(parse(readFileSync(join(FOLDER, file), 'utf8')));
const files = readdirSync(FOLDER);
const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync('package.json', 'utf8')));

describe.each(files)('%s', (file) => {
  const { jobs, permissions } = read(file);
  const steps = Object.values(jobs).flatMap((job) => job.steps);
  const commands = steps.flatMap(({ run = '' }) => run.split('\n'));

  it('runs only scripts and programs that exist', () => {
    const named = (pattern: RegExp) => commands.flatMap((command) => pattern.exec(command)?.[1] ?? []);
    const missing = [
      ...named(/npm run (?:--silent )?([\w:]+)/).filter((script) => !(script in scripts)),
      ...named(/npx ([\w-]+)/).filter((program) => !existsSync(`node_modules/.bin/${program}`)),
      ...named(/^(\.\S+)/).filter((path) => !existsSync(path)),
    ];
    expect(missing).toEqual([]);
  });

  it('puts no expression into a command, where its value would be run', () => {
    expect(commands.filter((command) => command.includes('${{'))).toEqual([]);
  });

  it('needs jobs that exist, and calls workflows with their inputs', () => {
    const needed = Object.values(jobs).flatMap(({ needs = [] }) => needs);
    expect(needed.filter((job) => !(job in jobs))).toEqual([]);
    const calls = Object.values(jobs).flatMap(({ uses, with: given }) => (uses === undefined ? [] : [{ uses, given }]));
    const inputsOf = (uses: string) => read(uses.replace(`./${FOLDER}/`, '')).on.workflow_call?.inputs ?? {};
    expect(calls.map(({ given }) => Object.keys(given).toSorted())).toEqual(
      calls.map(({ uses }) => Object.keys(inputsOf(uses)).toSorted()),
    );
  });

  it('keeps the token of the checkout from later steps, and may write nothing of the repository', () => {
    const checkouts = steps.filter(({ uses = '' }) => uses.startsWith('actions/checkout@'));
    expect(checkouts.filter((step) => step.with['persist-credentials'] !== false)).toEqual([]);
    expect(permissions['contents']).toBe('read');
  });
});

test('the diff needs no approval, and each environment has roles of its own for diff and deploy', () => {
  const { diff, deploy } = read('deploy-environment.yml').jobs;
  expect(diff?.environment).toBe('${{ inputs.environment }}-diff');
  expect(deploy).toMatchObject({ environment: '${{ inputs.environment }}', needs: 'diff' });
});

test('only dev is deployed without a review, and one environment after another', () => {
  const { dev, staging, prod } = read('deploy.yml').jobs;
  expect([dev?.with['reviewed'], staging?.with['reviewed'], prod?.with['reviewed']]).toEqual([
    'any',
    '${{ inputs.reviewed }}',
    '${{ inputs.reviewed }}',
  ]);
  expect([staging?.needs, prod?.needs]).toEqual(['dev', 'staging']);
});

test('options of our own commands in workflows exist', () => {
  const help = (...command: string[]) =>
    spawnSync(process.execPath, [...command, '--help'], { encoding: 'utf8' }).stdout;
  const texts = { 'check:diff': help('bin/check-diff.ts'), 'fleet -- load': help('bin/fleet.ts', 'load') };
  const commands = files.flatMap((file) =>
    Object.values(read(file).jobs).flatMap((job) => job.steps.flatMap(({ run = '' }) => run.split('\n'))),
  );
  for (const [name, text] of Object.entries(texts)) {
    const used = commands.flatMap((command) => command.split(`${name} `)[1]?.split('|')[0] ?? []);
    expect(used.length).toBeGreaterThan(0);
    for (const option of used.join(' ').match(/--[a-z]+/g) ?? []) expect(text).toContain(option);
  }
});
