import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { runbookSection } from '#cli/fleet/runbook.ts';
import { readAlarmDescription } from '#core/alarms/description.ts';
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
  expect(stderr).toBe('Environment "qa" not found. Choose one of dev, global, prod, staging with -c env=NAME.\n');
});

test('synthesis needs no account or lookup; the default environment is dev', () => {
  const dev = runApp({});
  expect(dev).toMatchObject({ status: 0, stderr: '' });
  expect(dev.files).toContain('fleet-dev-assistant-us-east-1.template.json');
});

test('each region has a stack with the same name', () => {
  const app = quickApp('prod', { regions: 'us-east-1,eu-west-1,ap-northeast-1' });
  onTestFinished(() => removeFolder(app.outdir));
  const stacks = app.add(AssistantStack);
  expect(stacks.map(({ stackName, region }) => [stackName, region])).toEqual([
    ['fleet-prod-assistant', 'us-east-1'],
    ['fleet-prod-assistant', 'eu-west-1'],
    ['fleet-prod-assistant', 'ap-northeast-1'],
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

const topic = (name: string): string => `arn:aws:sns:us-east-1:111122223333:${name}`;

/** What the alarms of each severity notify. */
function notified(context: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const alarms = Object.values(synthesize('dev', context).resources('AWS::CloudWatch::Alarm'));
  const severityOf = (description: unknown): string => /Severity (\d)/.exec(String(description))?.[1] ?? 'none';
  const bySeverity = Map.groupBy(alarms, ({ Properties }) => severityOf(Properties['AlarmDescription']));
  return Object.fromEntries(
    [...bySeverity].map(([severity, group]) => [
      severity,
      [
        ...new Set(
          group.map(({ Properties }) => JSON.stringify([Properties['AlarmActions'], Properties['OKActions']])),
        ),
      ],
    ]),
  );
}

const both = (name: string): string[] => [JSON.stringify([[topic(name)], [topic(name)]])];

test('alarms of each severity go to its topic, and the others to the topic of all', () => {
  const alarmTopicArns = { '2': topic('today'), '3': topic('tickets') };
  expect(notified({ alarmTopicArns, alarmTopicArn: topic('on-call') })).toEqual({
    '2': both('today'),
    '3': both('tickets'),
  });
  const { '2': second, '3': third } = notified({
    alarmTopicArns: { '3': topic('tickets') },
    alarmTopicArn: topic('on-call'),
  });
  expect([second, third]).toEqual([both('on-call'), both('tickets')]);
});

test('a severity without a topic notifies nobody', () => {
  expect(notified({ alarmTopicArns: { '3': topic('tickets') } })['2']).toEqual(['[null,null]']);
});

test('alarms link to the runbook where the configuration says that it is', () => {
  const runbookUrl = 'https://git.example.com/fleet/blob/main/docs/runbook.md';
  const alarms = Object.values(synthesize('dev', { runbookUrl }).resources('AWS::CloudWatch::Alarm'));
  for (const { Properties } of alarms) {
    const { runbook } = readAlarmDescription(String(Properties['AlarmDescription']));
    expect(runbook).toMatch(/^https:\/\/git\.example\.com\/fleet\/blob\/main\/docs\/runbook\.md#[a-z-]+$/);
    expect(runbookSection(runbook ?? '')).toMatch(/^## /);
  }
});

test('where data is protected, synthesis warns of urgent alarms that nobody gets', () => {
  const warned = (context: Readonly<Record<string, unknown>>): string[] => {
    const { stdout, stderr } = runApp(context);
    return (stdout + stderr).match(/In fleet-\w+ alarms of severity [\d and]+ notify nobody/g) ?? [];
  };
  expect(warned({ env: 'prod' })).toEqual(['In fleet-prod alarms of severity 1 and 2 notify nobody']);
  const alarmTopicArns = JSON.stringify({ '1': topic('page') });
  expect(warned({ env: 'prod', alarmTopicArns })).toEqual(['In fleet-prod alarms of severity 2 notify nobody']);
  expect(warned({ env: 'prod', alarmTopicArn: topic('on-call') })).toEqual([]);
  expect(warned({ env: 'dev' })).toEqual([]);
}, 120_000);

test('prod is synthesized anywhere, with a word about its placeholder account', () => {
  const prod = runApp({ env: 'prod' });
  expect(prod.status).toBe(0);
  expect(prod.stdout + prod.stderr).toContain('fleet-prod has the placeholder account 000000000000');
});
