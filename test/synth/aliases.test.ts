import { expect, test } from 'vitest';
import { everyStack, type StackTemplate } from './every-stack.ts';

const dev = await everyStack('dev');
const prod = await everyStack('prod');

const ofType = ({ Resources }: StackTemplate, type: string) =>
  Object.entries(Resources).filter(([, { Type }]) => Type === type);

test.each(Object.entries(prod))(
  'every function of the stack %s has the alias live, and keeps its versions',
  (_, stack) => {
    const functions = ofType(stack, 'AWS::Lambda::Function').map(([id]) => id);
    const aliases = ofType(stack, 'AWS::Lambda::Alias').map(([, { Properties }]) => Properties);
    expect(aliases.map(({ FunctionName }) => (FunctionName as { Ref: string }).Ref).toSorted()).toEqual(
      functions.toSorted(),
    );
    expect(new Set(aliases.map(({ Name }) => Name))).toEqual(new Set(functions.length > 0 ? ['live'] : []));
    for (const [, version] of ofType(stack, 'AWS::Lambda::Version'))
      expect(version.DeletionPolicy).toBe('RetainExceptOnCreate');
  },
);

/** What may name a function itself: its alias and versions, its own policy, metrics of all its versions. */
const OF_THE_FUNCTION = new Set([
  'AWS::Lambda::Alias',
  'AWS::Lambda::Version',
  // Its qualifier is the alias.
  'AWS::Lambda::EventInvokeConfig',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::Dashboard',
]);
/**
 * The functions that a state machine of release 0.2 invokes too, each with who may name it: the state machine and its role.
 * An execution outlives a deploy from 0.2 and a rollback to it, and 0.2 has no alias.
 */
const SINCE_0_2 = [
  { fn: /^FanOutAggregatorFunction/, by: /^FanOut(StateMachine|RoleDefaultPolicy)/ },
  { fn: /^AssistantEconomySettleFunction/, by: /^AssistantEconomy(StateMachine|RoleDefaultPolicy)/ },
];

test.each([...Object.entries(dev), ...Object.entries(prod)])(
  'nothing in the stack %s invokes a function but by its alias',
  (_, stack) => {
    const functions = ofType(stack, 'AWS::Lambda::Function').map(([id]) => id);
    const direct = Object.entries(stack.Resources)
      .filter(([, { Type }]) => !OF_THE_FUNCTION.has(Type))
      .filter(([id]) => !id.includes('NotByItsCode'))
      .flatMap(([id, { Properties }]) => {
        const text = JSON.stringify(Properties);
        const named = functions.filter((fn) => text.includes(`"${fn}"`));
        const wrong = named.filter((name) => !SINCE_0_2.some(({ fn, by }) => fn.test(name) && by.test(id)));
        return wrong.map((fn) => `${id} names ${fn}`);
      });
    expect(direct).toEqual([]);
  },
);

test('a deploy of the API is a canary where data is protected, rolled back by its alarms, and at once elsewhere', () => {
  const groups = ofType(prod['api'] as StackTemplate, 'AWS::CodeDeploy::DeploymentGroup');
  const moved = ofType(prod['api'] as StackTemplate, 'AWS::Lambda::Alias').filter(([, alias]) => alias.UpdatePolicy);
  // One for each function behind the API, and one for what authenticates its keys.
  expect(groups.length).toBeGreaterThanOrEqual(5);
  expect(moved).toHaveLength(groups.length);
  for (const [, { Properties }] of groups) {
    expect(Properties).toMatchObject({
      DeploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent10Minutes',
      AutoRollbackConfiguration: { Enabled: true, Events: expect.arrayContaining(['DEPLOYMENT_STOP_ON_ALARM']) },
    });
    expect((Properties['AlarmConfiguration'] as { Alarms: unknown[] }).Alarms).toHaveLength(2);
  }
  expect(ofType(dev['api'] as StackTemplate, 'AWS::CodeDeploy::DeploymentGroup')).toEqual([]);
});

test('each group of a canary watches the errors of its own function’s new version alone', () => {
  const api = prod['api'] as StackTemplate;
  const watched = ofType(api, 'AWS::CodeDeploy::DeploymentGroup').map(([, { Properties }]) => {
    const { Alarms } = Properties['AlarmConfiguration'] as { Alarms: { Name: { Ref: string } }[] };
    const dimensions = Alarms.map(({ Name }) => api.Resources[Name.Ref]?.Properties['Dimensions']).map((each) =>
      JSON.stringify(each),
    );
    return dimensions.find((each) => each.includes('ExecutedVersion'));
  });
  const versions = ofType(api, 'AWS::Lambda::Version').map(([id]) => id);
  const seen = watched.map((dimensions) => versions.find((id) => dimensions?.includes(`"${id}"`)));
  expect(seen).not.toContain(undefined);
  expect(new Set(seen).size).toBe(watched.length);
});
