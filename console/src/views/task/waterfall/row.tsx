import { dollars, duration } from '../../../parts/format.ts';
import type { Bar } from './layout.ts';
import { percent } from './percent.ts';

interface RowProps {
  readonly bar: Bar;
  readonly index: number;
  /** Pixels from the top of all rows. */
  readonly top: number;
  readonly isSelected: boolean;
  readonly select: (spanId: string | undefined) => void;
  readonly toggle: (spanId: string) => void;
}

/** One span: its name, its bar, its time and its cost. */
export function Row({ bar, index, top, isSelected, select, toggle }: RowProps) {
  const { span, lane, depth, left, width, durationMs, usd, hasChildren } = bar;
  const figures = usd > 0 ? `${duration(durationMs)}, ${dollars(usd)}` : duration(durationMs);
  return (
    <button
      type="button"
      className="waterfall-row"
      data-index={index}
      style={{ transform: `translateY(${top}px)` }}
      aria-pressed={isSelected}
      onClick={() => select(isSelected ? undefined : span.spanId)}
      onKeyDown={({ key }) => hasChildren && (key === 'ArrowLeft' || key === 'ArrowRight') && toggle(span.spanId)}
    >
      <span className="waterfall-name" style={{ paddingInlineStart: depth * 12 }}>
        {span.status === 'error' && <span title="failed">✕ </span>}
        {span.name}
      </span>
      <span className="waterfall-track">
        <span
          className={`waterfall-bar lane-${lane} ${span.status === 'error' ? 'is-error' : ''}`}
          style={{ left: percent(left), width: `max(2px, ${percent(width)})` }}
        />
      </span>
      <span className="waterfall-figures">{figures}</span>
    </button>
  );
}
