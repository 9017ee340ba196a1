import { simulateMarket, type MarketRecord, type SimulatedMarket, type SimulatedMarketOptions } from '../src/index.ts';

/** A CloudEvent of the stream. */
export interface StreamEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly sequence?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A bar as it stands in a record. */
export interface Bar {
  readonly subject: string;
  readonly id: string;
  readonly start: number;
  readonly end: number;
  readonly revision: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly previousClose: number;
}

/** The smallest day that has every kind of story: no more than the held instruments. */
export const smallDay = (options: SimulatedMarketOptions = {}): SimulatedMarket =>
  simulateMarket({ events: 8_000, ...options });

/** The event in a record, or null if it is none. */
export function eventIn({ bytes }: MarketRecord): StreamEvent | null {
  try {
    const event = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as StreamEvent;
    return typeof event.id === 'string' && (event as { specversion?: string }).specversion === '1.0' ? event : null;
  } catch {
    return null;
  }
}

/** The bars of a day by subject, first revisions only, each once and in order of time. */
export function barsOf(market: SimulatedMarket): Map<string, Bar[]> {
  const bars = new Map<string, Map<string, Bar>>();
  for (const record of market.records()) {
    const event = eventIn(record);
    if (event?.type !== 'market.bar.v1' || event.data['revision'] !== 0) continue;
    if (event.sequence === undefined || !event.id.endsWith('.r0')) continue;
    const { subject, id, data } = event;
    const figures = data as unknown as Omit<Bar, 'start' | 'end'> & { start: string; seconds: number };
    const start = Date.parse(figures.start);
    if (start < market.session.open) continue;
    const bar = { ...figures, subject, id, start, end: start + figures.seconds * 1_000 };
    const known = bars.get(subject) ?? new Map<string, Bar>();
    bars.set(subject, known.set(id, bar));
  }
  return new Map([...bars].map(([subject, known]) => [subject, [...known.values()].sort((a, b) => a.start - b.start)]));
}
