import { stateWith, tryAlarm, tryComposite } from '@agent-fleet/local-cloud/testing/alarms';
import { expect, test } from 'vitest';
import { everyStack } from './every-stack.ts';

/** Values in place of intrinsic functions: one of its own for each resource, and names of alarms in the rules of composites. */
function resolved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolved);
  if (typeof value !== 'object' || value === null) return value;
  const [[name, argument] = ['', undefined], ...others] = Object.entries(value);
  if (others.length === 0 && name === 'Ref') return String(argument);
  if (others.length === 0 && name === 'Fn::GetAtt') return textOf((argument as readonly unknown[])[0]);
  if (others.length === 0 && name === 'Fn::Join') {
    const [separator, parts] = argument as [string, readonly unknown[]];
    return parts.map((part) => textOf(resolved(part))).join(separator);
  }
  if (others.length === 0 && name.startsWith('Fn::')) return JSON.stringify(argument).slice(0, 200);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolved(inner)]));
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Synthesized once for each environment. */
const templates = new Map<string, ReturnType<typeof everyStack>>();

function templatesOf(environment: string): ReturnType<typeof everyStack> {
  const made = templates.get(environment) ?? everyStack(environment);
  templates.set(environment, made);
  return made;
}

async function alarmsOf(environment: string, type: string): Promise<[string, unknown][]> {
  return Object.entries(await templatesOf(environment)).flatMap(([stack, { Resources }]) =>
    Object.entries(Resources).flatMap(([id, { Type, Properties }]): [string, unknown][] =>
      Type === type ? [[`${stack}/${id}`, resolved(Properties)]] : [],
    ),
  );
}

test.each(['dev', 'prod'])(
  'in %s there is data with which each alarm rings, and data with which it does not',
  async (environment) => {
    const alarms = await alarmsOf(environment, 'AWS::CloudWatch::Alarm');
    expect(alarms.length).toBeGreaterThan(5);
    for (const [id, properties] of alarms) {
      const { rings, calm } = tryAlarm(properties);
      expect.soft(rings && stateWith(properties, rings), `${id} rings`).toBe('ALARM');
      expect.soft(calm && stateWith(properties, calm), `${id} does not`).toBe('OK');
    }
  },
);

test.each(['dev', 'prod'])(
  'in %s there are states with which each composite alarm rings, and states with which it does not',
  async (environment) => {
    const known = (await alarmsOf(environment, 'AWS::CloudWatch::Alarm')).map(([id]) => id.split('/')[1]);
    for (const [id, properties] of await alarmsOf(environment, 'AWS::CloudWatch::CompositeAlarm')) {
      const { names, ...trial } = tryComposite(properties);
      expect.soft(trial, id).toEqual({ rings: true, calm: true });
      for (const name of names) expect.soft(known, id).toContain(name);
    }
  },
);
