import { afterEach, expect, test } from 'vitest';
import { nagFindings } from '#test/synth/nag.ts';
import { quickApp, synthesizeStack } from '#test/synth/synthesize.ts';
import { ResearchStack } from '../../stack.ts';

// The CDK sets the exit code if findings are left.
afterEach(() => void (process.exitCode = undefined));

const SCHEDULE = {
  zone: 'Europe/Berlin',
  at: '22:00',
  by: '07:00',
  watchdog: '04:30',
  items: 'uploads/list.jsonl',
  maxUsd: 20,
};
const NIGHTLY = {
  account: '111122223333',
  'research.schedule': JSON.stringify(SCHEDULE),
  'research.contact': 'https://example.com/crawler',
};

function synthesized(context: Readonly<Record<string, unknown>> = {}) {
  const app = quickApp('dev', context);
  const [stack] = app.add(ResearchStack);
  if (stack === undefined) throw new Error('The app has no research stack.');
  return synthesizeStack(app, stack);
}

const variables = (stack: ReturnType<typeof synthesized>, id: string): Record<string, unknown> =>
  (stack.resource('AWS::Lambda::Function', id).Properties['Environment'] as { Variables: Record<string, unknown> })
    .Variables;
const policy = (stack: ReturnType<typeof synthesized>, role: string): string =>
  JSON.stringify(stack.resource('AWS::IAM::Policy', role).Properties);

test.each(['dev', 'prod'])('a night by itself has no unexplained finding of cdk-nag in %s', (environment) => {
  const app = quickApp(environment, NIGHTLY);
  app.add(ResearchStack);
  expect(nagFindings(app)).toEqual([]);
});

test('a scout, which reads the pages of strangers, has no rights but pages, paces and tasks', () => {
  const stack = synthesized();
  expect(Object.keys(variables(stack, 'ScoutWorker'))).not.toContain('MODEL_SECRET');
  expect(policy(stack, 'ScoutWorker')).not.toMatch(/secretsmanager|Memory/);
  expect(policy(stack, 'ScoutWorker')).not.toMatch(/\/runs\/\*|\/uploads\/\*/);
  expect(policy(stack, 'CompanyAnalystWorker')).toMatch(/secretsmanager/);
  expect(policy(stack, 'CompanyAnalystWorker')).not.toMatch(/\/pages\/\*/);
});

test('no stack lets a scout fetch from its own machine', () => {
  expect(Object.keys(variables(synthesized(), 'ScoutWorker'))).not.toContain('ALLOW_STAND_IN');
});

test('the contact of the configuration is the scout’s, and one that is none is rejected', () => {
  const contact = 'https://example.com/crawler';
  expect(variables(synthesized({ 'research.contact': contact }), 'ScoutWorker')).toMatchObject({
    WEB_CONTACT: contact,
  });
  expect(variables(synthesized(), 'ScoutWorker')).not.toHaveProperty('WEB_CONTACT');
  expect(() => synthesized({ 'research.contact': 'me' })).toThrow('must be an https address');
});

test('a night starts by itself only if the configuration says when, and ends before its brief is due', () => {
  const schedules = (stack: ReturnType<typeof synthesized>) =>
    Object.keys(stack.resources('AWS::Scheduler::Schedule')).filter((id) => id.startsWith('Nightly'));
  expect(schedules(synthesized())).toEqual([]);
  const stack = synthesized(NIGHTLY);
  expect(schedules(stack).length).toBeGreaterThan(1);
  expect(variables(stack, 'NightlyStart')).toMatchObject({
    AT: '22:00',
    BY: '06:40',
    GRACE_MINUTES: '20',
    INPUT: '{"items":{"key":"uploads/list.jsonl"},"budgetUsd":20,"each":{"night":"<date>","space":"web"},"mail":true}',
  });
});

test('a schedule without a contact is rejected: no site could be fetched at night', () => {
  const { 'research.contact': _, ...without } = NIGHTLY;
  expect(() => synthesized(without)).toThrow(/contact is required with a schedule.*an https address, or a name/);
});
