import { z } from 'zod';
import { inOrder } from '#core/streams/in-order.ts';
import type { RoutedEvent } from '#core/streams/app.ts';
import { parseRecord } from '#core/streams/parse.ts';
import { marketRouter } from '../router/apply.ts';

/** A line that is no event of the monitor. */
export interface RejectedLine {
  /** From 1. */
  readonly line: number;
  readonly why: string;
}

export interface Day {
  readonly events: readonly RoutedEvent[];
  readonly rejected: readonly RejectedLine[];
  readonly duplicates: number;
}

/** Reads events from lines of JSON, one CloudEvent each, as the router reads records. */
export function readDay(lines: Iterable<string>): Day {
  const events: RoutedEvent[] = [];
  const rejected: RejectedLine[] = [];
  const seen = new Set<string>();
  const encoder = new TextEncoder();
  let duplicates = 0;
  let number = 0;
  for (const line of lines) {
    number += 1;
    if (line.trim() === '') continue;
    const bytes = encoder.encode(line);
    const record = { stream: 'file', partition: '0', position: String(number), key: '', bytes, arrivedAt: Infinity };
    const parsed = parseRecord(marketRouter, record, timeIn(line));
    if ('rejection' in parsed) {
      rejected.push({ line: number, why: parsed.rejection.detail });
      continue;
    }
    // As the router counts them: one filing is an event of each company that it is about.
    const key = JSON.stringify([parsed.event.subject, parsed.event.source, parsed.event.id]);
    if (seen.has(key)) duplicates += 1;
    else events.push({ ...parsed.event, arrivedAt: parsed.event.time });
    seen.add(key);
  }
  return { events: inOrderOfEach(events), rejected, duplicates };
}

/** The clock of the past: an event is neither from the future nor expired at its own time. */
function timeIn(line: string): number {
  try {
    return timeSchema.parse(JSON.parse(line)).time;
  } catch {
    return Infinity;
  }
}

const timeSchema = z.object({ time: z.string().transform((text) => Date.parse(text)) });

/** Events of a subject in the order of their numbers, as far as they stand in the file. */
function inOrderOfEach(events: readonly RoutedEvent[]): RoutedEvent[] {
  const bySubject = Map.groupBy(events, ({ subject }) => subject);
  const ordered = new Map(
    [...bySubject].map(([subject, its]) => [subject, [...inOrder(its.map((event) => ({ event })))]]),
  );
  return events.flatMap(({ subject }) => {
    const next = ordered.get(subject)?.shift();
    return next === undefined ? [] : [next.event];
  });
}
