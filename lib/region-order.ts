import type { FleetStack } from './fleet-stack.ts';

/**
 * Makes the stacks of each region wait for all stacks of the region before it, so that a deploy that fails in one region
 * never reaches the next. The last stack of a region is that of its alarms, since nothing else needs it.
 */
export function deployInTurn(regions: readonly string[], stacks: readonly FleetStack[]): void {
  const all = regions.map((region) => stacks.filter((stack) => stack.region === region));
  const lastOf = all.map((those) => those.find(({ system }) => system === 'observability'));
  for (const [index, those] of all.entries()) {
    const [last, before] = [lastOf[index], lastOf[index - 1]];
    for (const stack of those) {
      // Everything else of a region needs its platform.
      if (before !== undefined && stack.system === 'platform') stack.addStackDependency(before);
      if (last !== undefined && stack !== last) last.addStackDependency(stack);
    }
  }
}
