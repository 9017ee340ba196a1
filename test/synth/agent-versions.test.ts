import { expect, test } from 'vitest';
import { EchoStack } from '../systems/echo/stack.ts';
import { quickApp, synthesizeStack } from './synthesize.ts';

const app = quickApp('dev');
const [stack] = app.add(EchoStack);
if (stack === undefined) throw new Error('The app has no echo stack.');
const made = synthesizeStack(app, stack);

const serviceOf = (id: string): unknown => {
  const { Properties } = made.resource('AWS::Lambda::Function', id);
  return (Properties['Environment'] as { Variables: Record<string, unknown> }).Variables['POWERTOOLS_SERVICE_NAME'];
};

/** Periods of five minutes. A worker meets each waiting task again within three, so a short deploy rings nothing. */
test.each([
  ['EchoVersionsAlarm', 'EchoWorker', 3],
  ['EchoEconomyVersionsAlarm', 'EchoEconomyCollector', 1],
])('%s rings while tasks wait for their agent version', (alarm, lambda, periods) => {
  expect(made.resource('AWS::CloudWatch::Alarm', alarm).Properties).toMatchObject({
    Namespace: 'agent-fleet',
    MetricName: 'TasksParkedAgentVersion',
    Dimensions: [{ Name: 'service', Value: serviceOf(lambda) }],
    Statistic: 'Sum',
    Period: 300,
    EvaluationPeriods: periods,
    Threshold: 1,
    TreatMissingData: 'notBreaching',
    AlarmDescription: expect.stringMatching(/agent echo.*docs\/deploy\.md/),
  });
});
