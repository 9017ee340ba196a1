import { describe, expect, test } from 'vitest';
import { SendTaskFailureCommand, SendTaskSuccessCommand } from '@aws-sdk/client-sfn';
import { ManualClock } from '../asl/manual-clock.ts';
import { Fakes, queue, startStepFunctions } from '../../testing/stepfunctions.ts';

/*
 * Facts recorded from AWS, written as our own test cases. Source: LocalStack (Apache-2.0), commit 8b9a79f,
 * tests/aws/services/stepfunctions/v2/<folder>/<file>.snapshot.json, as named in each block.
 */

const map = (Items: unknown) => ({
  StartAt: 'MapIterateState',
  States: {
    MapIterateState: {
      Type: 'Map',
      Items,
      ItemProcessor: {
        ProcessorConfig: { Mode: 'INLINE' },
        StartAt: 'Pass',
        States: { Pass: { Type: 'Pass', End: true } },
      },
      End: true,
    },
  },
});

async function recorded(definition: object, input: unknown = {}) {
  const service = await startStepFunctions();
  const ended = await service.run(definition, input);
  const events = await service.history(ended.executionArn ?? '');
  return { ended, events, types: events.map(({ type }) => type) };
}

describe('Items of a Map (scenarios/test_base_scenarios, test_map_state_items_eval_jsonata)', () => {
  const unexpected = (was: string, value: string) =>
    `returned an unexpected result type. Expected 'array', but was '${was}' for value: ${value}`;

  test.each([
    ['1', unexpected('number', '1')],
    ["'string'", unexpected('string', '"string"')],
    ['true', unexpected('boolean', 'true')],
    ["{'foo': 'bar'}", unexpected('object', '{"foo":"bar"}')],
    ['null', unexpected('null', 'null')],
    ['$fn := function($x){$x}', 'returned an unsupported result type.'],
  ])('rejects %s with AWS’s message and records the failed field in the history', async (expression, detail) => {
    const { ended, events, types } = await recorded(map(`{% ${expression} %}`));
    const cause =
      `An error occurred while executing the state 'MapIterateState' (entered at the event id #2). ` +
      `The JSONata expression '${expression}' specified for the field 'Items' ${detail}`;
    expect(ended).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError', cause });
    expect(types).toEqual([
      'ExecutionStarted',
      'MapStateEntered',
      'EvaluationFailed',
      'MapStateFailed',
      'ExecutionFailed',
    ]);
    expect(events[2]?.evaluationFailedEventDetails).toEqual({
      cause,
      error: 'States.QueryEvaluationError',
      location: 'Items',
      state: 'MapIterateState',
    });
  });

  test('runs one iteration for a single item', async () => {
    const { ended, types } = await recorded(map([0]));
    expect(ended.output).toBe('[0]');
    expect(types).toEqual([
      'ExecutionStarted',
      'MapStateEntered',
      'MapStateStarted',
      'MapIterationStarted',
      'PassStateEntered',
      'PassStateExited',
      'MapIterationSucceeded',
      'MapStateSucceeded',
      'MapStateExited',
      'ExecutionSucceeded',
    ]);
  });
});

test('merges arguments (evaluate_jsonata/test_base_evaluate_expressions, test_merge_with_dynamic_args)', async () => {
  const Output = '{% $merge([$states.input.part1, $states.input.part2]) %}';
  const definition = { StartAt: 'Start', States: { Start: { Type: 'Pass', Output, End: true } } };
  const { ended, types } = await recorded(definition, { part1: { hello: 'world' }, part2: { foo: 'bar' } });
  expect(JSON.parse(ended.output ?? '')).toEqual({ hello: 'world', foo: 'bar' });
  expect(types).toEqual(['ExecutionStarted', 'PassStateEntered', 'PassStateExited', 'ExecutionSucceeded']);
});

test('applies the Output of a Choice rule (outputdecl/test_output, test_output_in_choice[CONDITION_TRUE])', async () => {
  const rule = { Condition: '{% $states.input.condition %}', Output: 'Condition Output block', Next: 'ConditionTrue' };
  const { events } = await recorded(
    {
      StartAt: 'ChoiceState',
      States: {
        ChoiceState: { Type: 'Choice', Choices: [rule], Default: 'ConditionTrue' },
        ConditionTrue: { Type: 'Pass', End: true },
      },
    },
    { condition: true },
  );
  const output = '"Condition Output block"';
  expect(events[2]).toMatchObject({ type: 'ChoiceStateExited', stateExitedEventDetails: { output } });
  expect(events[3]).toMatchObject({ type: 'PassStateEntered', stateEnteredEventDetails: { input: output } });
  expect(events.at(-1)).toMatchObject({ type: 'ExecutionSucceeded', executionSucceededEventDetails: { output } });
});

describe('task tokens (callback/test_callback, timeouts/test_heartbeats)', () => {
  const machine = (more: object = {}) => ({
    StartAt: 'SendMessageWithWait',
    States: {
      SendMessageWithWait: {
        Type: 'Task',
        Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
        Arguments: { QueueUrl: 'q', MessageBody: { token: '{% $states.context.Task.Token %}' } },
        End: true,
        ...more,
      },
    },
  });
  const before = [
    '1 0 ExecutionStarted',
    '2 0 TaskStateEntered',
    '3 2 TaskScheduled',
    '4 3 TaskStarted',
    '5 4 TaskSubmitted',
  ];
  async function waiting(more?: object) {
    const fakes = new Fakes(queue);
    const clock = new ManualClock();
    const service = await startStepFunctions({ call: fakes.call, clock });
    const execution = await service.start(await service.create('m', machine(more)));
    await fakes.reached(1);
    const lines = async () =>
      (await service.history(execution)).map(({ id, previousEventId, type }) => `${id} ${previousEventId} ${type}`);
    return { ...service, clock, execution, lines, taskToken: fakes.token(0) };
  }

  test('success: the output is the task’s result (test_sqs_wait_for_task_token)', async () => {
    const { client, ended, execution, lines, taskToken } = await waiting();
    await client.send(new SendTaskSuccessCommand({ taskToken, output: '"test_message_txt"' }));
    expect(await ended(execution)).toMatchObject({ status: 'SUCCEEDED', output: '"test_message_txt"' });
    expect(await lines()).toEqual([...before, '6 5 TaskSucceeded', '7 6 TaskStateExited', '8 7 ExecutionSucceeded']);
  });

  test('failure: the execution fails with its error and cause (test_sqs_failure_in_wait_for_task_token)', async () => {
    const { client, ended, execution, lines, taskToken } = await waiting();
    await client.send(new SendTaskFailureCommand({ taskToken, error: 'Failure error', cause: 'Failure cause' }));
    expect(await ended(execution)).toMatchObject({ status: 'FAILED', error: 'Failure error', cause: 'Failure cause' });
    expect(await lines()).toEqual([...before, '6 5 TaskFailed', '7 6 ExecutionFailed']);
  });

  test.each([
    ['a heartbeat (test_heartbeat_timeout)', { HeartbeatSeconds: 5 }],
    ['the time limit (test_sqs_wait_for_task_token_timeout)', { TimeoutSeconds: 5 }],
  ])('missing %s fails with States.Timeout without a cause', async (_name, more) => {
    const { clock, ended, execution, lines } = await waiting(more);
    await clock.advance(6);
    const { status, error, cause } = await ended(execution);
    expect({ status, error, cause }).toEqual({ status: 'FAILED', error: 'States.Timeout', cause: undefined });
    expect(await lines()).toEqual([...before, '6 5 TaskTimedOut', '7 6 ExecutionFailed']);
  });
});
