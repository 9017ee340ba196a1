import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { deriveMachines } from './derived-machines.ts';

const source = readFileSync('state-machines/fan-out.asl.json', 'utf8').replaceAll('${TaskTimeoutSeconds}', '23400');
const machine = JSON.parse(source) as { States: Record<string, { ItemProcessor?: { States: object } }> };

test('the child has the map’s states, with the time limit as a number', () => {
  const child = JSON.parse(deriveMachines(source).child) as { StartAt: string; States: object };
  expect(child.StartAt).toBe('Batch');
  const expected = JSON.stringify(machine.States['Documents']?.ItemProcessor?.States);
  expect(child.States).toEqual(JSON.parse(expected.replace('"{% 23400 %}"', '23400')));
  expect(expected).toContain('"{% 23400 %}"');
});

test('the fan-in has the states after the map, unchanged', () => {
  const fanIn = JSON.parse(deriveMachines(source).fanIn) as { StartAt: string; States: object };
  const { Begin: _, MayStart: ___, Documents: __, ...rest } = machine.States;
  expect(fanIn).toEqual({ QueryLanguage: 'JSONata', StartAt: 'Aggregate', States: rest });
});

test('around the map all states are unchanged, and its failure is what the map itself would pass on', () => {
  const { States, ...rest } = JSON.parse(deriveMachines(source).aroundMap) as typeof machine;
  const { Documents: map, ...others } = States as Record<string, { Output?: object; Next?: string }>;
  const { States: real, ...whole } = machine as {
    States: Record<string, { Catch?: { Output: object; Next: string }[] }>;
  };
  const { Documents: deployed, ...unchanged } = real;
  expect({ ...rest, States: others }).toEqual({ ...whole, States: unchanged });
  const [caught] = deployed?.Catch ?? [];
  expect(map?.Next).toBe(caught?.Next);
  expect(Object.keys(map?.Output ?? {})).toEqual(Object.keys(caught?.Output ?? {}));
});
