import { GetExecutionHistoryCommand } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { Fakes, queue, startStepFunctions } from '../../testing/stepfunctions.ts';

describe('history', () => {
  it('records the events of a task in AWS’s order', async () => {
    const fakes = new Fakes(queue);
    const { client, create, start, ended, history } = await startStepFunctions({ call: fakes.call });
    const machine = await create('m', {
      StartAt: 'Send',
      States: {
        Send: {
          Type: 'Task',
          Resource: 'arn:aws:states:::sqs:sendMessage',
          Arguments: { QueueUrl: 'q', MessageBody: 'hello' },
          Assign: { id: '{% $states.result.MessageId %}' },
          End: true,
        },
      },
    });
    const executionArn = await start(machine, { a: 1 });
    await ended(executionArn);
    const events = await history(executionArn);
    const line = events.map((event) => `${event.id} ${event.previousEventId} ${event.type}`);
    expect(line).toEqual([
      '1 0 ExecutionStarted',
      '2 0 TaskStateEntered',
      '3 2 TaskScheduled',
      '4 3 TaskStarted',
      '5 4 TaskSucceeded',
      '6 5 TaskStateExited',
      '7 6 ExecutionSucceeded',
    ]);
    expect(events[1]?.stateEnteredEventDetails).toMatchObject({ name: 'Send', input: '{"a":1}' });
    expect(events[2]?.taskScheduledEventDetails).toMatchObject({
      resourceType: 'sqs',
      resource: 'sendMessage',
      region: 'us-east-1',
      parameters: '{"QueueUrl":"q","MessageBody":"hello"}',
    });
    expect(events[5]?.stateExitedEventDetails).toMatchObject({ name: 'Send', assignedVariables: { id: '"m-1"' } });
    const newest = await client.send(
      new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: 1 }),
    );
    expect(newest.events?.map((event) => event.type)).toEqual(['ExecutionSucceeded']);
    expect(newest.nextToken).toBeDefined();
  });

  it('records iterations and failures', async () => {
    const { create, start, ended, history } = await startStepFunctions();
    const machine = await create('m', {
      StartAt: 'Each',
      States: {
        Each: {
          Type: 'Map',
          ItemProcessor: { StartAt: 'Fail', States: { Fail: { Type: 'Fail', Error: 'E', Cause: 'c' } } },
          End: true,
        },
      },
    });
    const executionArn = await start(machine, [1]);
    await ended(executionArn);
    const events = await history(executionArn);
    expect(events.map((event) => event.type)).toEqual([
      'ExecutionStarted',
      'MapStateEntered',
      'MapStateStarted',
      'MapIterationStarted',
      'FailStateEntered',
      'MapIterationFailed',
      'MapStateFailed',
      'ExecutionFailed',
    ]);
    expect(events[2]?.mapStateStartedEventDetails).toEqual({ length: 1 });
    expect(events[3]?.mapIterationStartedEventDetails).toEqual({ name: 'Each', index: 0 });
    expect(events[7]?.executionFailedEventDetails).toEqual({ error: 'E', cause: 'c' });
  });
});
