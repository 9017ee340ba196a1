import { expect, test } from 'vitest';
import { z } from 'zod';
import { synthesize } from './synthesize.ts';

const key = 'arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555';
const stacks = { plain: synthesize('prod'), 'with a customer-managed key': synthesize('prod', { kmsKeyArn: key }) };

const list = <Item extends z.ZodType>(item: Item) =>
  z.union([z.array(item), item.transform((one) => [one] as z.infer<Item>[])]);
const documentSchema = z.object({
  Statement: z.array(z.object({ Effect: z.string(), Action: list(z.string()), Resource: list(z.unknown()) })),
});

/** Actions without resource-level permissions in AWS: tracing, and delivery of a state machine's log. */
const WITHOUT_RESOURCE = /^(xray:(Put|GetSampling)|logs:\w*(LogDeliver|ResourcePolic|LogGroups))/;
/** Resources whose names are created at run time: objects under a prefix, and executions of the own state machine. */
const NAMED_AT_RUN_TIME = [/\/(uploads|runs|audit)\/\*"\]\]\}$/, /:execution:.*FanOutStateMachine\w+.*:\*"\]\]\}$/];

for (const [name, stack] of Object.entries(stacks)) {
  const statements = Object.entries(stack.resources('AWS::IAM::Policy')).flatMap(([id, { Properties }]) =>
    documentSchema.parse(Properties['PolicyDocument']).Statement.map((statement) => ({ id, ...statement })),
  );

  test(`no policy has a wildcard in an action (${name})`, () => {
    expect(statements.length).toBeGreaterThan(20);
    expect(statements.filter(({ Action }) => Action.some((action) => action.includes('*')))).toEqual([]);
  });

  test(`no policy allows all resources where AWS supports specific ones (${name})`, () => {
    const everywhere = statements.filter(({ Resource }) => Resource.includes('*')).flatMap(({ Action }) => Action);
    expect(everywhere.filter((action) => !WITHOUT_RESOURCE.test(action))).toEqual([]);
  });

  test(`a wildcard in a resource only replaces names created at run time (${name})`, () => {
    const resources = statements.flatMap(({ Resource }) => Resource.map((item) => JSON.stringify(item)));
    const starred = resources.filter((resource) => resource !== '"*"' && resource.includes('*'));
    expect(starred.length).toBeGreaterThan(0);
    expect(starred.filter((resource) => !NAMED_AT_RUN_TIME.some((pattern) => pattern.test(resource)))).toEqual([]);
  });
}

test('the state machine has what AWS documents for a Distributed Map that writes results', () => {
  const ofTheRole = Object.entries(stacks.plain.resources('AWS::IAM::Policy'))
    .filter(([id]) => id.startsWith('FanOut') && !id.startsWith('FanOutAggregator'))
    .flatMap(([, { Properties }]) => documentSchema.parse(Properties['PolicyDocument']).Statement);
  const resourcesOf = (action: string): string =>
    JSON.stringify(ofTheRole.filter(({ Action }) => Action.includes(action)).flatMap(({ Resource }) => Resource));
  // https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html
  for (const action of ['s3:PutObject', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:AbortMultipartUpload'])
    expect(resourcesOf(action)).toContain('/runs/*');
  expect(resourcesOf('states:StartExecution')).toMatch(/FanOutStateMachine/);
  for (const action of ['states:DescribeExecution', 'states:StopExecution', 'states:RedriveExecution'])
    expect(resourcesOf(action)).toMatch(/:execution:.*"Name"\]\},":\*"/);
});

test('only functions that end tasks may answer the state machine and its child executions', () => {
  const policies = Object.entries(stacks.plain.resources('AWS::IAM::Policy'));
  const answering = policies.filter(([, policy]) => JSON.stringify(policy).includes('states:SendTaskSuccess'));
  expect(answering.map(([id]) => id.replace(/RoleDefaultPolicy.*/, ''))).toEqual([
    'ContractAnalystDeadLettersBurial',
    'ContractAnalystWorker',
    'ContractAnalystSweeperSweep',
  ]);
  for (const [, policy] of answering) expect(JSON.stringify(policy)).toContain('/Documents');
});

test('a permissions boundary is set on every role', () => {
  const boundary = 'arn:aws:iam::111122223333:policy/boundary';
  const roles = Object.values(synthesize('dev', { permissionsBoundaryArn: boundary }).resources('AWS::IAM::Role'));
  expect(roles.length).toBeGreaterThanOrEqual(7);
  for (const { Properties } of roles) expect(Properties['PermissionsBoundary']).toBe(boundary);
});
