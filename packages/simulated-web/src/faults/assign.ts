import type { Options } from '../options.ts';
import { Choices } from '../random.ts';
import type { Company } from '../world/companies.ts';
import type { FaultName } from './names.ts';

/** The faults of each host that has any. Throws for a host or company that does not exist. */
export function assignFaults(
  { seed, faults }: Pick<Options, 'seed' | 'faults'>,
  companies: readonly Company[],
  otherHosts: readonly string[],
): Map<string, readonly FaultName[]> {
  const assigned = new Map<string, readonly FaultName[]>();
  const choices = new Choices(`${seed}/faults`);
  const order = choices.sample(companies, companies.length);
  const dead = Math.round(faults.dead * companies.length);
  const faulty = Math.min(companies.length - dead, Math.round(faults.share * companies.length));
  const kinds = choices.sample(faults.kinds, faults.kinds.length);
  order.slice(0, dead).forEach(({ host }) => assigned.set(host, ['dead']));
  // One after the other, so that every kind occurs before one occurs twice.
  order.slice(dead, dead + faulty).forEach(({ host }, index) => {
    assigned.set(host, [kinds[index % kinds.length] as FaultName]);
  });
  for (const [where, names] of Object.entries(faults.at)) assigned.set(hostOf(where, companies, otherHosts), names);
  return assigned;
}

function hostOf(where: string, companies: readonly Company[], otherHosts: readonly string[]): string {
  const host = companies.find(({ id, host }) => where === id || where === host)?.host ?? where;
  if (host === where && !where.endsWith('.test')) throw new Error(`faults.at: no company has the id “${where}”.`);
  if (!companies.some((each) => each.host === host) && !otherHosts.includes(host)) {
    throw new Error(`faults.at: no host is called “${host}”.`);
  }
  return host;
}
