/** Where the cells of a grid lie, in pixels. */
export interface GridLayout {
  readonly columns: number;
  readonly rows: number;
  /** Width and height of a cell, with its gap. */
  readonly pitch: number;
  readonly gap: number;
}

const MOST_PITCH = 22;
const LEAST_PITCH = 5;
/** The height that a grid may take before its cells shrink to their least. */
const HEIGHT = 420;

/** The largest cells with which all fit into the width and a height that is still seen as a whole. */
export function gridLayout(cells: number, width: number): GridLayout {
  for (let pitch = MOST_PITCH; ; pitch -= 1) {
    const columns = Math.max(1, Math.floor(width / pitch));
    const rows = Math.ceil(cells / columns);
    if (rows * pitch <= HEIGHT || pitch <= LEAST_PITCH) return { columns, rows, pitch, gap: pitch > 8 ? 2 : 1 };
  }
}

/** The index of the cell at a place, or null beside the cells. */
export function cellAt({ columns, rows, pitch }: GridLayout, cells: number, x: number, y: number): number | null {
  const [column, row] = [Math.floor(x / pitch), Math.floor(y / pitch)];
  if (column < 0 || row < 0 || column >= columns || row >= rows) return null;
  const index = row * columns + column;
  return index < cells ? index : null;
}

/** The cell that an arrow key leads to. Stays at the edges. */
export function cellAfter({ columns }: GridLayout, cells: number, from: number, key: string): number {
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
    Home: -from,
    End: cells - 1 - from,
  };
  const to = from + (steps[key] ?? 0);
  return to < 0 || to >= cells ? from : to;
}
