import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { AssistantStack } from '#systems/assistant/stack.ts';
import { quickApp, removeFolder, synthesize, temporaryFolder } from './synthesize.ts';

// Each run starts a process, which is slow on a busy machine.

/** Runs the app like the CDK's command line. */
function runApp(context: Readonly<Record<string, unknown>>) {
  const outdir = temporaryFolder();
  const { AWS_REGION: _region, AWS_PROFILE: _profile, ...env } = process.env;
  const CDK_CONTEXT_JSON = JSON.stringify({ 'aws:cdk:bundling-stacks': [], ...context });
  const done = spawnSync(process.execPath, ['bin/app.ts'], {
    env: { ...env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON, CDK_VALIDATION: 'false' },
    encoding: 'utf8',
  });
  const files = readdirSync(outdir);
  removeFolder(outdir);
  return { ...done, files };
}

test('an unknown environment fails with one sentence and no stack trace', () => {
  const { status, stderr } = runApp({ env: 'qa' });
  expect(status).toBe(1);
  expect(stderr).toBe('Environment "qa" not found. Choose one of dev, prod, staging with -c env=NAME.\n');
});

test('synthesis needs no account or lookup; the default environment is dev', () => {
  const dev = runApp({});
  expect(dev).toMatchObject({ status: 0, stderr: '' });
  expect(dev.files).toContain('fleet-dev-assistant-us-east-1.template.json');
});

test('each region has a stack with the same name', () => {
  const app = quickApp('prod', { regions: 'us-east-1,eu-west-1' });
  onTestFinished(() => removeFolder(app.outdir));
  const stacks = app.add(AssistantStack);
  expect(stacks.map(({ stackName, region }) => [stackName, region])).toEqual([
    ['fleet-prod-assistant', 'us-east-1'],
    ['fleet-prod-assistant', 'eu-west-1'],
  ]);
});

test('alarms go to the configured destination', () => {
  const alarmTopicArn = 'arn:aws:sns:us-east-1:111122223333:on-call';
  const alarms = Object.values(synthesize('dev', { alarmTopicArn }).resources('AWS::CloudWatch::Alarm'));
  expect(alarms.length).toBeGreaterThan(5);
  for (const { Properties } of alarms) {
    expect(Properties).toMatchObject({ AlarmActions: [alarmTopicArn], OKActions: [alarmTopicArn] });
    expect(Properties['AlarmDescription']).toMatch(
      /\.\nSeverity [123] · Owner [a-z-]+ · Runbook docs\/runbook\.md#[a-z-]+$/,
    );
  }
});

test('prod is synthesized anywhere, with a word about its placeholder account', () => {
  const prod = runApp({ env: 'prod' });
  expect(prod.status).toBe(0);
  expect(prod.stdout + prod.stderr).toContain('fleet-prod has the placeholder account 000000000000');
});
