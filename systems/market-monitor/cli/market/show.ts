import { count as plural } from '#cli/terminal/format.ts';
import { facts } from '#cli/terminal/table.ts';
import type { Output } from '#cli/terminal/output.ts';
import { reasonWords } from '../../set-aside/view.ts';
import type { DemoResult } from './demo-result.ts';
import type { Received } from './receiver.ts';

/** A notification as it comes: one line. */
export function showReceived(notes: Output, { why, data }: Received): void {
  const words = why === 'analysis' ? `analysis: ${data.text ?? data.title}` : data.title;
  notes.line(`${data.severity.padEnd(7)}  ${data.ticker.padEnd(6)}  ${why.padEnd(9)}  ${words}`);
}

/** What the day came to. */
export function showResult(notes: Output, { alerts, ...result }: DemoResult, page: string | null): void {
  notes.progress('');
  notes.line();
  const isNone = Object.keys(result.setAside).length === 0;
  notes.line(
    facts({
      Events: `${result.events}: ${result.lost} lost, ${result.doubled} doubled, ${result.outOfOrder} out of order`,
      'Model calls': `${result.modelCalls} (${((100 * result.modelCalls) / result.events).toFixed(1)} % of events)`,
      'Urgent alerts': `${alerts.urgent} due: ${alerts.missed} missed, ${alerts.false} false, ${alerts.duplicates} twice`,
      Latency: `p95 ${ms(alerts.p95Ms)} from event to alert, ${ms(alerts.analysisP95Ms)} to its analysis`,
      'Held back': alerts.heldBack === 0 ? undefined : heldWords(alerts.heldBack),
      'Set aside': isNone ? undefined : reasonWords(result.setAside),
      Digests: String(result.digests),
      ...(page !== null && { 'Last digest': page }),
    }),
  );
  for (const each of result.unfinished) notes.line(`! ${each}`);
}

const heldWords = (count: number): string =>
  `${plural(count, 'urgent alert')} by the halt of the market: nobody was notified, and the digests list them`;

const ms = (value: number | null): string => (value === null ? 'none' : `${value} ms`);
