import {
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  DescribeStateMachineCommand,
  ListStateMachinesCommand,
  UpdateStateMachineCommand,
} from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../src/services/service.ts';
import { createStepFunctions } from '../../src/services/stepfunctions/service.ts';
import { ManualClock } from '../asl/manual-clock.ts';
import { Fakes, ROLE, startStepFunctions } from '../../testing/stepfunctions.ts';

const giving = (Output: unknown) => ({ StartAt: 'Give', States: { Give: { Type: 'Pass', Output, End: true } } });
const text = (definition: object) => JSON.stringify({ QueryLanguage: 'JSONata', ...definition });

describe('state machines', () => {
  it('are created, described, listed and deleted', async () => {
    const { client, create } = await startStepFunctions();
    const stateMachineArn = await create('first', giving(1));
    await create('second', giving(2));
    expect(stateMachineArn).toBe('arn:aws:states:us-east-1:000000000000:stateMachine:first');
    const described = await client.send(new DescribeStateMachineCommand({ stateMachineArn }));
    expect(described).toMatchObject({ name: 'first', status: 'ACTIVE', type: 'STANDARD', roleArn: ROLE });
    expect(described.definition).toBe(text(giving(1)));
    const page = await client.send(new ListStateMachinesCommand({ maxResults: 1 }));
    const rest = await client.send(new ListStateMachinesCommand({ nextToken: page.nextToken }));
    const names = [...(page.stateMachines ?? []), ...(rest.stateMachines ?? [])].map((machine) => machine.name);
    expect(names).toEqual(['first', 'second']);
    await client.send(new DeleteStateMachineCommand({ stateMachineArn }));
    const gone = client.send(new DescribeStateMachineCommand({ stateMachineArn }));
    await expect(gone).rejects.toMatchObject({ name: 'StateMachineDoesNotExist' });
  });

  it('are created once per name: an identical definition returns the existing one, a different one is rejected', async () => {
    const { create } = await startStepFunctions();
    expect(await create('m', giving(1))).toBe(await create('m', giving(1)));
    await expect(create('m', giving(2))).rejects.toMatchObject({ name: 'StateMachineAlreadyExists' });
  });

  it('are updated when a template provisions them', async () => {
    const states = createStepFunctions({ account: '000000000000', region: 'us-east-1', call: new Fakes().call });
    const provision = (definition: object) =>
      states.invoke('CreateStateMachine', { name: 'm', definition: text(definition), roleArn: ROLE }, ROOT);
    const { stateMachineArn } = await provision(giving(1));
    await provision(giving(2));
    const described = await states.invoke('DescribeStateMachine', { stateMachineArn }, ROOT);
    expect(described['definition']).toBe(text(giving(2)));
    await states.close();
  });

  it('change for new executions only', async () => {
    const clock = new ManualClock();
    const { client, create, start, describe } = await startStepFunctions({ clock });
    const late = (Output: unknown) => ({
      StartAt: 'Pause',
      States: { Pause: { Type: 'Wait', Seconds: 60, Next: 'Give' }, Give: { Type: 'Pass', Output, End: true } },
    });
    const stateMachineArn = await create('m', late('old'));
    const old = await start(stateMachineArn);
    await client.send(new UpdateStateMachineCommand({ stateMachineArn, definition: text(late('new')) }));
    const young = await start(stateMachineArn);
    await clock.advance(60);
    expect([(await describe(old)).output, (await describe(young)).output]).toEqual(['"old"', '"new"']);
  });

  it('are rejected with the fault if their definition is invalid', async () => {
    const { client, create } = await startStepFunctions();
    const resource = 'arn:aws:states:::glue:startJobRun.sync';
    const task = { StartAt: 'Run', States: { Run: { Type: 'Task', Resource: resource, End: true } } };
    await expect(create('m', task)).rejects.toMatchObject({
      name: 'InvalidDefinition',
      message: expect.stringContaining(`does not support the resource '${resource}'`) as unknown,
    });
    await expect(create('a b', giving(1))).rejects.toMatchObject({ name: 'InvalidName' });
    const express = new CreateStateMachineCommand({
      name: 'e',
      definition: text(giving(1)),
      roleArn: ROLE,
      type: 'EXPRESS',
    });
    await expect(client.send(express)).rejects.toMatchObject({ name: 'StateMachineTypeNotSupported' });
  });
});
