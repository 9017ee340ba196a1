import { describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import { agentCard } from '#core/agents/agent-card.ts';
import { defineAgent, defineTool, type Agent } from '#core/agents/define-agent.ts';
import { agentStack } from '#lib/index.ts';
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

describe('a new version with tools', () => {
  const tool = defineTool({ name: 'look', description: 'Looks.', input: z.object({}), run: async () => 'seen' });
  const plain = { name: 'looker', tier: 'fast' as const, system: 'Look.', input: z.object({}), output: z.object({}) };
  const first = defineAgent({ ...plain, version: '1' });
  const poolOf = (agent: Agent) => {
    const fleet = quickApp('dev');
    const [built] = fleet.add(agentStack(agentCard(agent), 'test/systems/echo/handler.ts'));
    if (built === undefined) throw new Error('The app has no stack.');
    return { collects: built.pool.economy !== undefined, made: synthesizeStack(fleet, built) };
  };

  it('keeps the collector for economy tasks of an earlier version without', () => {
    const second = { ...plain, version: '2', tools: [tool] };
    expect(poolOf(defineAgent(second)).collects).toBe(false);
    expect(poolOf(defineAgent({ ...second, earlier: [first] })).collects).toBe(true);
  });

  it('leaves each worker one task as long as an earlier version has tools', () => {
    const isolated = defineAgent({ ...plain, version: '1', tools: [tool] });
    const { made } = poolOf(defineAgent({ ...plain, version: '2', earlier: [isolated] }));
    for (const mapping of ['LookerHighMapping', 'LookerDefaultMapping'])
      expect(made.resource('AWS::Lambda::EventSourceMapping', mapping).Properties['BatchSize']).toBe(1);
  });
});
