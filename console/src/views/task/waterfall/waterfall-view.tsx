import { useMemo, useState } from 'react';
import { dollars, duration } from '../../../parts/format.ts';
import { layOut, type Width } from './layout.ts';
import { percent } from './percent.ts';
import { Rows } from './rows.tsx';
import type { Span } from './span.ts';
import { SpanDetails } from './span-details.tsx';
import { ticks } from './ticks.ts';

interface WaterfallProps {
  readonly spans: readonly Span[];
  readonly by: Width;
  /** The id of the span whose details are shown. */
  readonly selected: string | undefined;
  readonly select: (spanId: string | undefined) => void;
}

const MAX_TICKS = 6;

/** A trace as bars, however many: only those in view are on the page. Arrow keys move, Enter shows the details. */
export function WaterfallView({ spans, by, selected, select }: WaterfallProps) {
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set());
  const { bars, startMs, endMs, usd } = useMemo(() => layOut(spans, by, collapsed), [spans, by, collapsed]);
  const whole = by === 'time' ? endMs - startMs : usd;
  const shown = bars.find(({ span }) => span.spanId === selected);
  return (
    <div className="waterfall">
      <div className="axis" aria-hidden="true">
        {ticks(whole, MAX_TICKS).map((at) => (
          <span key={at} style={{ left: percent(whole > 0 ? at / whole : 0) }}>
            {by === 'time' ? duration(at) : dollars(at)}
          </span>
        ))}
      </div>
      <Rows bars={bars} selected={selected} select={select} toggle={(id) => setCollapsed(toggled(collapsed, id))} />
      {shown && <SpanDetails bar={shown} startMs={startMs} />}
    </div>
  );
}

function toggled(set: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(id)) next.add(id);
  return next;
}
