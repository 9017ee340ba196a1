import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, type KeyboardEvent } from 'react';
import type { Bar } from './layout.ts';
import { Row } from './row.tsx';

const ROW_PX = 26;

interface RowsProps {
  readonly bars: readonly Bar[];
  readonly selected: string | undefined;
  readonly select: (spanId: string | undefined) => void;
  readonly toggle: (spanId: string) => void;
}

/** The bars in view. Arrow keys move between them; left and right hide and show what is below one. */
export function Rows({ bars, selected, select, toggle }: RowsProps) {
  const scroller = useRef<HTMLElement>(null);
  // Its functions are only called here, and no component is memoized.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count: bars.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 20,
  });
  const move = (event: KeyboardEvent): void => {
    const { key, target } = event;
    const from = Number((target as HTMLElement).dataset['index']);
    if (Number.isNaN(from) || (key !== 'ArrowDown' && key !== 'ArrowUp')) return;
    event.preventDefault();
    const to = Math.min(bars.length - 1, Math.max(0, from + (key === 'ArrowDown' ? 1 : -1)));
    virtual.scrollToIndex(to);
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-index="${to}"]`)?.focus());
  };
  return (
    // The rows are buttons: their arrow keys are handled in one place.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <section className="waterfall-scroller" ref={scroller} aria-label="Spans of the trace" onKeyDown={move}>
      <div className="waterfall-rows" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const bar = bars[index];
          return (
            bar && (
              <Row
                key={bar.span.spanId}
                bar={bar}
                index={index}
                top={start}
                isSelected={bar.span.spanId === selected}
                select={select}
                toggle={toggle}
              />
            )
          );
        })}
      </div>
    </section>
  );
}
