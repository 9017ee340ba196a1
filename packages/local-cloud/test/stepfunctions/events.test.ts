import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { compilePattern } from '../../src/lambda/event-pattern.ts';
import { EventRules, type EmittedEvent } from '../../src/services/events/event-rules.ts';
import { ROOT } from '../../src/services/service.ts';
import { startStepFunctions } from '../../testing/stepfunctions.ts';

const waiting = { StartAt: 'Pause', States: { Pause: { Type: 'Wait', Seconds: 60, End: true } } };
const limited = { ...waiting, TimeoutSeconds: 1 };
const failing = { StartAt: 'No', States: { No: { Type: 'Fail', Error: 'E', Cause: 'C' } } };

async function endedIn(definition: object, stop = false): Promise<EmittedEvent> {
  const { promise, resolve } = Promise.withResolvers<EmittedEvent>();
  const { create, start, client } = await startStepFunctions({ emit: resolve });
  const executionArn = await start(await create('m', definition), { uploadId: 'u' }, 'run-1');
  if (stop) await client.send(new StopExecutionCommand({ executionArn, error: 'Run.Cancelled' }));
  return promise;
}

test.each([
  ['ABORTED', waiting, true],
  ['TIMED_OUT', limited, false],
  ['FAILED', failing, false],
])('an execution that ends as %s emits an event like that of AWS', async (status, definition, stop) => {
  const event = await endedIn(definition, stop);
  expect(event).toMatchObject({
    source: 'aws.states',
    type: 'Step Functions Execution Status Change',
    detail: {
      name: 'run-1',
      status,
      input: '{"uploadId":"u"}',
      stateMachineArn: expect.stringMatching(/:m$/) as string,
    },
  });
});

test('a rule delivers the events that match its pattern to its target', async () => {
  const calls: unknown[] = [];
  const call = async (_service: string, _action: string, input: object) => {
    calls.push(input);
    return {};
  };
  const rules = new EventRules({ account: '000000000000', region: 'us-east-1', call, onEvent: () => {} });
  const pattern = compilePattern({ source: ['aws.states'], detail: { status: ['ABORTED'] } });
  const target = {
    arn: 'arn:aws:lambda:us-east-1:0:function:f',
    input: undefined,
    deadLetterArn: undefined,
    messageGroupId: undefined,
  };
  rules.add({ name: 'rule', pattern, target }, ROOT);
  const event = { source: 'aws.states', type: 't', resources: [], at: 0 };
  rules.emit({ ...event, detail: { status: 'SUCCEEDED' } });
  rules.emit({ ...event, detail: { status: 'ABORTED' } });
  await expect.poll(() => calls.length).toBe(1);
  expect(calls).toMatchObject([{ InvocationType: 'Event', Payload: expect.stringContaining('"ABORTED"') as string }]);
});
