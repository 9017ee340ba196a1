import type { Received } from './receiver.ts';

type Times = ReadonlyMap<string, number>;

/** The name by which an event is looked up. */
export const nameOf = ({ source, id }: { readonly source: string; readonly id: string }): string => `${source} ${id}`;

export const isUrgentAlert = ({ why, data }: Received): boolean =>
  (why === 'first' || why === 'escalated') && data.severity === 'urgent';

/** Milliseconds from the sending of an event to the receipt of its urgent alert. An event that nobody sent has none. */
export const alertLatencies = (received: readonly Received[], sentAt: Times): number[] =>
  received.filter(isUrgentAlert).flatMap(({ at, data }) => sinceSent(at, sentAt.get(nameOf(data.event))));

/** Milliseconds from the sending of an event to the receipt of the first analysis that follows its urgent alert. */
export function analysisLatencies(received: readonly Received[], sentAt: Times): number[] {
  const waiting = new Map<string, number | undefined>();
  return received.flatMap((each) => {
    const { alert, event } = each.data;
    if (isUrgentAlert(each) && !waiting.has(alert)) waiting.set(alert, sentAt.get(nameOf(event)));
    if (each.why !== 'analysis' || !waiting.has(alert)) return [];
    const sent = waiting.get(alert);
    waiting.delete(alert);
    return sinceSent(each.at, sent);
  });
}

const sinceSent = (at: number, sent: number | undefined): number[] => (sent === undefined ? [] : [at - sent]);

/** The value that 95 % do not exceed, in whole milliseconds. Null: there is none. */
export function p95(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const found = sorted[Math.ceil(sorted.length * 0.95) - 1];
  return found === undefined ? null : Math.round(found);
}
