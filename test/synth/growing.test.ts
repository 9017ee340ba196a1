import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { globalFleet, REGIONS, variablesOf } from './global-fleet.ts';

const TABLE = 'AWS::DynamoDB::GlobalTable';

describe('a fleet that grows from one region', () => {
  const guide = readFileSync('docs/deploy.md', 'utf8');
  const section = /\*\*From one region to three\.\*\*([^]*?)\n\*\*Every further deploy/.exec(guide)?.[1] ?? '';
  /** The deploys of the guide in their order: the stacks that each names, and the replicas that the fleet has by then. */
  const steps = [...section.matchAll(/^npx cdk deploy (.+)$/gm)].map(([, options = '']) => ({
    growing: /-c growing=(\d)/.exec(options)?.[1],
    isOf: (stack: string): boolean =>
      options.includes('--all') ||
      [...options.matchAll(/"?fleet-global-([\w-]+)(\*?)"?/g)].some(([, name = '', star]) =>
        star === '' ? stack === name : stack.startsWith(name),
      ),
  }));
  const fleets = new Map<string | undefined, ReturnType<typeof globalFleet>>();
  const fleetOf = (growing: string | undefined): ReturnType<typeof globalFleet> => {
    const made = fleets.get(growing) ?? globalFleet(growing === undefined ? {} : { growing: Number(growing) });
    fleets.set(growing, made);
    return made;
  };

  /** The functions of a stack that ask who holds a home. */
  const askers = (of: ReturnType<typeof globalFleet>, stack: string): readonly string[] =>
    of
      .resources(stack, 'AWS::Lambda::Function')
      .filter(([, fn]) => fn.Properties['Environment'] !== undefined && 'REGIONS' in variablesOf(fn))
      .map(([id]) => `${stack} ${id}`);

  test('adds one replica at a time, and asks who holds a home only where two tables and a keeper can say it', () => {
    expect(steps).toHaveLength(4);
    let replicas = 1;
    const deployed = new Set<string>();
    for (const { growing, isOf } of steps) {
      const grown = fleetOf(growing);
      const stacks = [...grown.templates.keys()].filter(isOf);
      expect(stacks.length).toBeGreaterThan(0);
      const next = z.array(z.unknown()).parse(grown.only('platform-us-east-1', TABLE).Properties['Replicas']).length;
      expect(next - replicas).toBeLessThanOrEqual(1);
      replicas = next;
      // By the beginning of this deploy.
      const homes = [...deployed].filter((stack) => stack.startsWith('regions-')).length;
      const canAsk = homes >= 2 && deployed.has('regions-us-east-1');
      const asking = stacks
        .filter((each) => each.endsWith('us-east-1') && !each.startsWith('regions-'))
        .flatMap((stack) => askers(grown, stack));
      expect({ canAsk, asking: canAsk ? [] : asking }).toEqual({ canAsk, asking: [] });
      for (const stack of stacks) deployed.add(stack);
    }
    expect(replicas).toBe(REGIONS.length);
    expect([...deployed].toSorted()).toEqual([...fleetOf(undefined).templates.keys()].toSorted());
  });

  test('has functions in the first region as those of a fleet of one region, and no table of homes for them', () => {
    const grown = fleetOf('2');
    const [first, ...others] = REGIONS;
    for (const system of ['platform', 'assistant', 'api']) {
      expect(askers(grown, `${system}-${first}`)).toEqual([]);
      const policies = grown.resources(`${system}-${first}`, 'AWS::IAM::Policy');
      // Who does not know the other regions may do nothing there.
      for (const elsewhere of ['-homes', ...others])
        expect(policies.filter(([, policy]) => JSON.stringify(policy).includes(elsewhere)).map(([id]) => id)).toEqual(
          [],
        );
    }
    expect(grown.templates.get('platform-us-east-1')?.Outputs).not.toHaveProperty('Regions');
    const keeper = grown.only('regions-us-east-1', 'AWS::Lambda::Function', 'KeeperKeep');
    expect(variablesOf(keeper)).toHaveProperty('REGIONS');
    const worker = grown.only('assistant-eu-west-1', 'AWS::Lambda::Function', 'AssistantWorker');
    expect(variablesOf(worker)).toHaveProperty('REGIONS');
  });
});
