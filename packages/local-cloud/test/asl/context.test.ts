import { expect, it } from 'vitest';
import { run } from './harness.ts';

it('the context shows execution, state machine and state', async () => {
  const definition = {
    StartAt: 'Pause',
    States: {
      Pause: { Type: 'Wait', Seconds: 5, Next: 'Show' },
      Show: { Type: 'Pass', Output: '{% $states.context %}', End: true },
    },
  };
  const { clock, output } = run(definition, { input: { a: 1 } });
  await clock.advance(5);
  expect(await output).toEqual({
    Execution: {
      Id: 'arn:aws:states:us-east-1:000000000000:execution:machine:run-1',
      Input: { a: 1 },
      Name: 'run-1',
      RoleArn: 'arn:aws:iam::000000000000:role/machine',
      StartTime: '2026-01-01T00:00:00.000Z',
      RedriveCount: 0,
    },
    StateMachine: { Id: 'arn:aws:states:us-east-1:000000000000:stateMachine:machine', Name: 'machine' },
    State: { Name: 'Show', EnteredTime: '2026-01-01T00:00:05.000Z', RetryCount: 0 },
  });
});
