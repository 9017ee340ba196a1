import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { useLocation } from 'wouter';
import { useStore } from '../../parts/store.ts';
import { count } from '../../parts/format.ts';
import { theme } from '../../parts/theme.ts';
import { taskPath } from '../../url/to.tsx';
import type { Cell } from './cells.ts';
import { draw } from './draw.ts';
import { cellAfter, cellAt, gridLayout } from './grid-layout.ts';
import { useWidth } from './use-width.ts';

/** All tasks of a run as cells of one picture. Arrow keys and the pointer choose one; Enter and a click open it. */
export function Grid({ cells }: { readonly cells: readonly Cell[] }) {
  const [, navigate] = useLocation();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [at, setAt] = useState<number | null>(null);
  const mode = useStore(theme);
  const width = useWidth(canvas);
  const layout = gridLayout(cells.length, width);
  useEffect(() => {
    if (canvas.current && width > 0) draw(canvas.current, cells, gridLayout(cells.length, width), { width, at, mode });
  }, [cells, width, at, mode]);
  const chosen = at === null ? undefined : cells[at];
  const open = (): void => {
    if (chosen) navigate(taskPath(chosen.id));
  };
  const point = ({ nativeEvent }: PointerEvent): void =>
    setAt(cellAt(layout, cells.length, nativeEvent.offsetX, nativeEvent.offsetY));
  const press = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') return open();
    const next = cellAfter(layout, cells.length, at ?? 0, event.key);
    if (next === at) return;
    event.preventDefault();
    setAt(next);
  };
  return (
    <div className="grid">
      <canvas
        ref={canvas}
        tabIndex={0}
        // A picture that arrow keys walk through has no element of its own.
        // oxlint-disable-next-line jsx-a11y/no-interactive-element-to-noninteractive-role
        role="application"
        aria-label={`Grid of ${count(cells.length, 'task')}`}
        aria-describedby="grid-cell"
        onPointerMove={point}
        onClick={open}
        onKeyDown={press}
      />
      <p id="grid-cell" aria-live="polite">
        {chosen
          ? `${chosen.id}: ${chosen.status}${chosen.failure ? `, ${chosen.failure.reason}` : ''}`
          : 'Point at a cell for its task.'}
      </p>
    </div>
  );
}
