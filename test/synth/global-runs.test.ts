import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { DocumentsStack } from '#systems/documents/stack.ts';
import { globalFleet, statementsOf, tablesOf, variablesOf, REGIONS } from './global-fleet.ts';
import { NightlyStack } from './nightly.ts';

let fleet: ReturnType<typeof globalFleet>;
beforeAll(() => {
  fleet = globalFleet({}, (app) => [app.add(DocumentsStack), app.add(NightlyStack)]);
}, 120_000);

const definitionSchema = z.object({ DefinitionString: z.string().optional(), StateMachineName: z.string().optional() });
const machineOf = (region: string) =>
  fleet
    .resources(`documents-${region}`, 'AWS::StepFunctions::StateMachine')
    .map(([id, { Properties }]) => ({ id, ...definitionSchema.parse(Properties) }))
    .filter(({ id }) => id.startsWith('FanOut'));

describe('the state machine of runs', () => {
  test('gives runs ids with their region in front, except in the first one', () => {
    const [us, eu] = [machineOf('us-east-1')[0], machineOf('eu-west-1')[0]];
    expect(us?.DefinitionString).toBeUndefined();
    const text = eu?.DefinitionString ?? '';
    const ids = text.match(/.{9}\$states\.context\.Execution\.Name/g) ?? [];
    expect(ids.length).toBeGreaterThan(5);
    for (const id of ids) expect(id).toContain("('eu.' & ");
    expect(JSON.parse(text)).toMatchObject({ StartAt: 'Begin' });
  });

  test('has one name in all regions, which the others answer and stop', () => {
    for (const region of REGIONS)
      expect(machineOf(region).map(({ StateMachineName: name }) => name)).toEqual(['fleet-global-documents']);
    const worker = statementsOf(fleet.resources('documents-eu-west-1', 'AWS::IAM::Policy'), '');
    const answered = worker.filter(({ Action }) => Action.includes('states:SendTaskSuccess'));
    for (const region of ['us-east-1', 'ap-northeast-1'])
      expect(answered.flatMap(({ Resource }) => Resource).join()).toMatch(
        new RegExp(`:states:${region}:.*:stateMachine:fleet-global-documents/Documents`),
      );
    const operate = statementsOf(fleet.resources('api-eu-west-1', 'AWS::IAM::Policy'), 'TaskApiOperate');
    const stopped = operate.filter(({ Action }) => Action.includes('states:StopExecution'));
    expect(stopped.flatMap(({ Resource }) => Resource).join()).toMatch(
      /:states:us-east-1:.*:execution:fleet-global-documents:\*/,
    );
  });

  test('keeps the name of its first region where a fleet grew, since another would replace it', () => {
    const grown = globalFleet({ stateTable: 'fleet-prod-platform-State1' }, (app) => app.add(DocumentsStack));
    const names = REGIONS.map((region) => {
      const machines = grown.resources(`documents-${region}`, 'AWS::StepFunctions::StateMachine');
      return machines
        .filter(([id]) => id.startsWith('FanOut'))
        .map(([, { Properties }]) => Properties['StateMachineName']);
    });
    expect(names).toEqual([[undefined], ['fleet-global-documents'], ['fleet-global-documents']]);
  });
});

test('the functions that begin and end runs write them where their home is held', () => {
  const everywhere = REGIONS.map((region) => `${region} fleet-global-state`).toSorted();
  for (const id of ['FanOutBegin', 'FanOutEnd']) {
    const statements = statementsOf(fleet.resources('documents-eu-west-1', 'AWS::IAM::Policy'), id);
    expect(tablesOf(statements, 'dynamodb:PutItem', true)).toEqual(everywhere);
    const fn = fleet.only('documents-eu-west-1', 'AWS::Lambda::Function', id);
    expect(JSON.parse(z.string().parse(variablesOf(fn)['REGIONS']))).toMatchObject({ here: 'eu', forwards: true });
  }
  const intake = statementsOf(fleet.resources('documents-eu-west-1', 'AWS::IAM::Policy'), 'Intake');
  expect(tablesOf(intake, 'dynamodb:PutItem', true)).toEqual(['eu-west-1 fleet-global-state']);
});

test('schedules are in each region, whose functions ask who holds the home of the first one', () => {
  const homes = REGIONS.map((region) => `${region} fleet-global-homes`).toSorted();
  for (const region of REGIONS) {
    const stack = `companies-${region}`;
    const due = fleet.resources(stack, 'AWS::Scheduler::Schedule').filter(([id]) => id.startsWith('Nightly'));
    expect(due).toHaveLength(3);
    // What people's tools put in front of the ids of its runs.
    const inFront = { 'us-east-1': undefined, 'eu-west-1': 'eu', 'ap-northeast-1': 'ap' }[region];
    for (const [, { Properties }] of due)
      expect(/\\"home\\":\\"(\w+)\\"/.exec(JSON.stringify(Properties))?.[1]).toBe(inFront);
    for (const id of ['NightlyStart', 'NightlyCheck']) {
      const variables = variablesOf(fleet.only(stack, 'AWS::Lambda::Function', id));
      expect(variables['STATE_TABLE']).toBe('fleet-global-state');
      expect(JSON.parse(z.string().parse(variables['REGIONS']))).not.toHaveProperty('forwards');
      const statements = statementsOf(fleet.resources(stack, 'AWS::IAM::Policy'), id);
      expect(tablesOf(statements, 'dynamodb:BatchGetItem')).toEqual(homes);
      expect(tablesOf(statements, 'dynamodb:PutItem')).toEqual([]);
      // They look up what became of the runs of other regions, of one tenant alone.
      expect(variables['TENANT']).toBe('default');
      const runs = statements.filter(
        (each) => tablesOf([each], 'dynamodb:Query').join() === `${region} fleet-global-state`,
      );
      expect(runs.map(({ Action, Condition }) => [Action, Condition])).toEqual([
        [['dynamodb:Query'], { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['RUNS#default'] } }],
      ]);
    }
  }
});
