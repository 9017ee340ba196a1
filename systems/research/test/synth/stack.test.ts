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

test('news sites of the configuration are those of every item of a scheduled night', () => {
  const news = ['https://post.example/rss?q={name}'];
  const input = (context: Readonly<Record<string, string>>): string =>
    JSON.stringify(variables(synthesized({ ...NIGHTLY, ...context }), 'NightlyStart')['INPUT']);
  expect(input({ 'research.news': JSON.stringify(news) })).toContain('post.example/rss?q={name}');
  expect(input({})).not.toContain('news');
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
    WATCHDOG: '04:30',
    INPUT: '{"items":{"key":"uploads/list.jsonl"},"budgetUsd":20,"each":{"night":"<date>","space":"web"},"mail":true}',
  });
});

test('a searcher and a reader are stages only if the configuration wants searches', () => {
  const stages = (stack: ReturnType<typeof synthesized>): string =>
    JSON.stringify(stack.resource('AWS::StepFunctions::StateMachine', 'Night').Properties);
  const [without, searching] = [synthesized(), synthesized({ 'research.search': 'true' })];
  expect(stages(without)).not.toMatch(/research-(?:searcher|reader)/);
  expect(stages(searching)).toMatch(/research-scout.*research-searcher.*research-reader.*company-analyst/);
  expect(policy(searching, 'ReaderWorker')).not.toMatch(/secretsmanager|Memory/);
  expect(policy(searching, 'SearcherWorker')).not.toMatch(/\/(?:pages|runs)\/\*/);
});

test('Amazon Bedrock has no web search, so the configuration is rejected', () => {
  const context = { model: '{"provider":"bedrock"}', 'research.search': 'true' };
  expect(() => synthesized(context)).toThrow(/systems\.research\.search needs .*Bedrock has no web search/);
});

const LISTS = { ...NIGHTLY, 'research.lists': '{"maxUsd":5}' };

test('a function starts runs for lists only if the configuration has their limit, and may touch nothing but lists', () => {
  const starts = (stack: ReturnType<typeof synthesized>) =>
    Object.keys(stack.resources('AWS::Lambda::Function')).filter((id) => id.startsWith('ListsStart'));
  expect(starts(synthesized())).toEqual([]);
  const stack = synthesized(LISTS);
  expect(variables(stack, 'ListsStart')).toMatchObject({ WORKFLOW: 'research', ZONE: 'Europe/Berlin', MAX_USD: '5' });
  const granted = policy(stack, 'ListsStart');
  expect(granted).toMatch(/"s3:PutObject".*\/lists\/\*.*\/uploads\/lists\/\*/);
  expect(granted).not.toMatch(/\/(?:runs|pages|collected)\/\*|"[^"]*\/uploads\/\*|dynamodb/);
  expect(JSON.stringify(stack.resources('AWS::S3::Bucket'))).toContain(
    '"Rules":[{"Name":"prefix","Value":"lists/"},{"Name":"suffix","Value":".csv"}]',
  );
});

test.each(['dev', 'prod'])('lists have no unexplained finding of cdk-nag in %s', (environment) => {
  const app = quickApp(environment, LISTS);
  app.add(ResearchStack);
  expect(nagFindings(app)).toEqual([]);
});

test('only the first region of an environment starts nights', () => {
  const app = quickApp('dev', { ...NIGHTLY, regions: 'eu-west-1,us-east-1,ap-northeast-1' });
  expect(app.add(ResearchStack).map(({ nightly }) => nightly !== undefined)).toEqual([true, false, false]);
});

test('a schedule without a contact is rejected: no site could be fetched at night', () => {
  const { 'research.contact': _, ...without } = NIGHTLY;
  expect(() => synthesized(without)).toThrow(
    /contact is required with a schedule and with lists.*an https address, or a name/,
  );
});
