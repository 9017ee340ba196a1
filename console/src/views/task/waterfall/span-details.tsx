import Box from '@cloudscape-design/components/box';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import { dollars, duration, moment } from '../../../parts/format.ts';
import type { Bar } from './layout.ts';

/** What is known about one span. */
export function SpanDetails({
  bar: { span, durationMs, usd },
  startMs,
}: {
  readonly bar: Bar;
  readonly startMs: number;
}) {
  const attributes = Object.entries(span.attributes).map(([label, value]) => ({ label, value: textOf(value) }));
  return (
    <section className="span-details" aria-label={`Details of ${span.name}`}>
      <Box variant="h3">{span.name}</Box>
      <KeyValuePairs
        columns={4}
        items={[
          { label: 'Began', value: `${moment(span.startMs)}, after ${duration(span.startMs - startMs)}` },
          { label: 'Took', value: duration(durationMs) },
          { label: 'Cost, with all below', value: dollars(usd) },
          { label: 'Status', value: span.status },
          ...attributes,
        ]}
      />
    </section>
  );
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
