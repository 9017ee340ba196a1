import type { Exchange } from '../calendar/exchanges.ts';

/** An event before it is a record: faults may still delay, repeat or break it. */
export interface Item {
  /** When it reaches the stream, in milliseconds since 1970. */
  readonly at: number;
  readonly source: Source;
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  /** When it happened: milliseconds since 1970, or a text with another offset than UTC. */
  readonly time: number | string;
  readonly data: object;
  /** It has a `sequence`: one more than the event of the same source and subject before it. */
  readonly sequenced?: boolean;
  /** No fault touches it but `duplicate`, since an incident depends on it. */
  readonly protected?: boolean;
  /** The same event again: for the same subject, or the same filing for another subject. */
  readonly repeat?: 'same' | 'other-subject';
}

/** Names of sources, relative to nothing: `source` of a CloudEvent is a URI reference. */
export const sources = {
  bars: 'simulated-market/bars',
  status: 'simulated-market/status',
  news: 'simulated-market/news',
  edgar: 'simulated-market/edgar',
  ratings: 'simulated-market/ratings',
  earnings: 'simulated-market/earnings',
  macro: 'simulated-market/macro',
  actions: 'simulated-market/actions',
} as const;
export type Source = (typeof sources)[keyof typeof sources];

export const barId = (cik: string, start: number, revision: number): string =>
  `${cik}.${new Date(start).toISOString().slice(0, 19)}Z.r${revision}`;

export const marketSubject = ({ mic }: Exchange): string => `market:${mic}`;
