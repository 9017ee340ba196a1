import { randomUUID } from 'node:crypto';
import type { AlertPorts } from './ports.ts';
import { change } from './raise.ts';
import { isInEffect, type Silence } from './silence.ts';
import { unsilence } from './transitions.ts';

/** Silences of a portfolio that are in effect at once. */
export const MAX_SILENCES = 100;
/** Those that are kept, with the ones that are over: all of them are read with every alert. */
const MAX_KEPT = 500;

export type SilencePorts = Pick<AlertPorts, 'alerts' | 'clock'>;

/** What a person asks for. */
export type Asked = Pick<Silence, 'portfolio' | 'subject' | 'cause' | 'upTo' | 'by' | 'why'> & { readonly ms: number };

/** Makes a silence, in effect at once. Null: the portfolio has `MAX_SILENCES` in effect already, or 500 of the last 60 days. */
export async function makeSilence({ alerts, clock }: SilencePorts, { ms, ...asked }: Asked): Promise<Silence | null> {
  const now = clock.now();
  const known = await alerts.silences(asked.portfolio);
  if (known.length >= MAX_KEPT) return null;
  if (known.filter((each) => isInEffect(each, now)).length >= MAX_SILENCES) return null;
  const silence = { ...asked, id: newId(), until: now + ms, madeAt: now };
  if ((await alerts.putSilence(silence)) === 'written') return silence;
  throw new Error(`Another silence has the id ${silence.id}. Make it again.`);
}

/** Short, since people type it. */
const newId = (): string => randomUUID().slice(0, 8);

export interface EndedSilence {
  readonly silence: Silence;
  /** False: it was over already. */
  readonly isNew: boolean;
}

/**
 * Ends a silence. What it held back is decided again by the next look of the clock, within a minute. Repeated after a crash it
 * goes on; what it leaves out is looked at within ten minutes. Null: there is no such silence.
 */
export async function endSilence(
  ports: SilencePorts,
  { portfolio, id, by }: Pick<Silence, 'portfolio' | 'id' | 'by'>,
): Promise<EndedSilence | null> {
  const find = async (): Promise<Silence | undefined> =>
    (await ports.alerts.silences(portfolio)).find((each) => each.id === id);
  const before = await find();
  if (before === undefined) return null;
  const now = ports.clock.now();
  if (!isInEffect(before, now)) {
    await release(ports, portfolio);
    return { silence: before, isNew: false };
  }
  const silence = { ...before, until: now, ended: { by, at: now, until: before.until } };
  const isNew = (await ports.alerts.endSilence(silence)) === 'written';
  await release(ports, portfolio);
  return { silence: isNew ? silence : ((await find()) ?? silence), isNew };
}

async function release(ports: SilencePorts, portfolio: string): Promise<void> {
  const now = ports.clock.now();
  for await (const alert of ports.alerts.ofPortfolio(portfolio)) {
    if (unsilence(alert, now) === null) continue;
    await change(ports, alert.id, (before) => before && unsilence(before, now), alert);
  }
}

/** Those that are in effect, the one that ends first before the others; then those that are over, the newest first. */
export function inOrder(silences: readonly Silence[], now: number): readonly Silence[] {
  const { current = [], over = [] } = Object.groupBy(silences, (each) => (isInEffect(each, now) ? 'current' : 'over'));
  return [...current.toSorted((a, b) => a.until - b.until), ...over.toSorted((a, b) => b.until - a.until)];
}
