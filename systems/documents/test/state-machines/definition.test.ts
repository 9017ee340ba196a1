import validate from 'asl-validator';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { contractAnalyst } from '../../agents/contract-analyst.ts';
import { synthesize } from '../synth/synthesize.ts';
import { definition, FAN_OUT, placeholders } from './fan-out.support.ts';

const machine = synthesize('prod').resource('AWS::StepFunctions::StateMachine');
const substitutions = z.record(z.string(), z.unknown()).parse(machine.Properties['DefinitionSubstitutions']);

test('the definition is valid Amazon States Language', () => {
  const { errors } = validate(definition());
  expect(errors).toEqual([]);
});

test('CloudFormation substitutes all of its placeholders, and no others', () => {
  expect(Object.keys(substitutions).toSorted()).toEqual(placeholders());
});

test('the machine waits longer for a task than the task’s deadline, and the run lasts longer than that', () => {
  const waits = Number(substitutions['TaskTimeoutSeconds']);
  expect(waits).toBeGreaterThan(contractAnalyst.deadline + 600);
  expect(z.object({ TimeoutSeconds: z.number() }).parse(definition()).TimeoutSeconds).toBeGreaterThan(waits);
});

test('the map’s label is the one in the machine’s permissions', () => {
  expect(FAN_OUT).toContain('"Label": "Documents"');
});

test('every service call is retried, with full jitter and a maximum delay', () => {
  const tasks = tasksOf(definition());
  expect(tasks).toHaveLength(5);
  for (const { Retry } of tasks) {
    expect(Retry.at(-1)).toMatchObject({ ErrorEquals: ['States.ALL'], JitterStrategy: 'FULL' });
    expect(Retry.at(-1)?.['MaxDelaySeconds']).toBeGreaterThan(0);
  }
});

interface WrittenTask {
  readonly Retry: readonly Readonly<Record<string, unknown>>[];
}

function tasksOf(value: unknown): readonly WrittenTask[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(tasksOf);
  return 'Type' in value && value.Type === 'Task' ? [value as unknown as WrittenTask, ...inner] : inner;
}

test('logs and traces of a run contain no document data', () => {
  expect(machine.Properties['LoggingConfiguration']).toMatchObject({ Level: 'ERROR', IncludeExecutionData: false });
  expect(machine.Properties['TracingConfiguration']).toEqual({ Enabled: true });
});
