import { expect, test } from 'vitest';
import { EchoStack } from '../systems/echo/stack.ts';
import { quickApp, synthesizeStack } from './synthesize.ts';

test('an open breaker raises an alarm on the metric that the sweeper writes every minute', () => {
  const app = quickApp('dev');
  const [stack] = app.add(EchoStack);
  if (stack === undefined) throw new Error('The app has no echo stack.');
  const made = synthesizeStack(app, stack);
  const { Properties: alarm } = made.resource('AWS::CloudWatch::Alarm', 'EchoSweeperBreaker');
  const { Properties: sweep } = made.resource('AWS::Lambda::Function', 'EchoSweeperSweep');
  const { Variables } = sweep['Environment'] as { Variables: Record<string, unknown> };
  expect(alarm).toMatchObject({
    Namespace: 'agent-fleet',
    MetricName: 'BreakerOpen',
    Dimensions: [{ Name: 'service', Value: Variables['METRICS_SERVICE'] }],
    Period: 60,
    Threshold: 1,
    TreatMissingData: 'notBreaching',
  });
});
