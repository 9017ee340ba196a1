import { describe, expect, it } from 'vitest';
import { CellReader, type Cell, type CellPage } from '#console/src/views/run/cells.ts';
import { groupFailures } from '#console/src/views/run/failure-groups.ts';
import { cellAfter, cellAt, gridLayout } from '#console/src/views/run/grid-layout.ts';

/** Lists tasks as the API does: newest first, after a cursor. */
function api(size = 2) {
  const tasks: Cell[] = [];
  const reads: (string | undefined)[] = [];
  return {
    tasks,
    reads,
    accept: (...ids: string[]) => tasks.unshift(...ids.toReversed().map((id) => ({ id, status: 'queued' }))),
    end(id: string) {
      const at = tasks.findIndex((task) => task.id === id);
      tasks[at] = { id, status: 'succeeded' };
    },
    async read(cursor: string | undefined): Promise<CellPage> {
      reads.push(cursor);
      const from = cursor === undefined ? 0 : tasks.findIndex(({ id }) => id === cursor) + 1;
      const cells = tasks.slice(from, from + size);
      return { cells, next: from + size < tasks.length ? cells.at(-1)?.id : undefined };
    },
  };
}

describe('the cells of a run', () => {
  it('are all its tasks, oldest first, and appear page by page', async () => {
    const fleet = api();
    fleet.accept('a', 'b', 'c', 'd', 'e');
    const seen: number[] = [];
    const cells = await new CellReader((cursor) => fleet.read(cursor)).refresh((known) => seen.push(known.length));
    expect(cells.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(seen).toEqual([2, 4, 5]);
  });

  it('are read again only where a task is open', async () => {
    const fleet = api();
    fleet.accept('a', 'b', 'c', 'd', 'e', 'f');
    for (const id of ['a', 'b']) fleet.end(id);
    const reader = new CellReader((cursor) => fleet.read(cursor));
    await reader.refresh();
    fleet.reads.length = 0;
    fleet.end('d');
    const cells = await reader.refresh();
    expect(cells.find(({ id }) => id === 'd')).toEqual({ id: 'd', status: 'succeeded' });
    expect(fleet.reads).toEqual([undefined, 'e']);
  });

  it.each([1, 2, 3, 5])('include %s tasks accepted since, each once', async (more) => {
    const fleet = api();
    fleet.accept('a', 'b', 'c', 'd', 'e');
    const reader = new CellReader((cursor) => fleet.read(cursor));
    await reader.refresh();
    fleet.accept(...Array.from({ length: more }, (_, index) => `new-${index}`));
    for (let round = 0; round < 2; round += 1) {
      const cells = await reader.refresh();
      expect(cells.map(({ id }) => id)).toEqual(fleet.tasks.map(({ id }) => id).toReversed());
    }
  });
});

describe('the layout of the grid', () => {
  it('fits 10,000 cells into a window', () => {
    const { columns, rows, pitch } = gridLayout(10_000, 1_000);
    expect(columns * rows).toBeGreaterThanOrEqual(10_000);
    expect(columns * pitch).toBeLessThanOrEqual(1_000);
    expect(rows * pitch).toBeLessThanOrEqual(420);
  });

  it('has large cells for few tasks', () => {
    expect(gridLayout(20, 1_000)).toMatchObject({ pitch: 22, rows: 1 });
  });

  it('finds the cell of a place', () => {
    const layout = { columns: 10, rows: 2, pitch: 10, gap: 2 };
    expect(cellAt(layout, 15, 25, 5)).toBe(2);
    expect(cellAt(layout, 15, 45, 15)).toBe(14);
    expect(cellAt(layout, 15, 55, 15)).toBeNull();
    expect(cellAt(layout, 15, -1, 5)).toBeNull();
  });

  it('moves by keys and stays at the edges', () => {
    const layout = { columns: 10, rows: 2, pitch: 10, gap: 2 };
    expect(cellAfter(layout, 15, 0, 'ArrowDown')).toBe(10);
    expect(cellAfter(layout, 15, 8, 'ArrowDown')).toBe(8);
    expect(cellAfter(layout, 15, 0, 'ArrowLeft')).toBe(0);
    expect(cellAfter(layout, 15, 3, 'End')).toBe(14);
    expect(cellAfter(layout, 15, 3, 'x')).toBe(3);
  });
});

describe('failures by cause', () => {
  it('are one group if only ids and numbers differ', () => {
    const groups = groupFailures([
      { id: 'a', kind: 'permanent', reason: 'The page 7 of task-0123456789abcdef has no text.' },
      { id: 'b', kind: 'crashed', reason: 'Out of memory.' },
      { id: 'c', kind: 'permanent', reason: 'The page 12 of task-fedcba9876543210 has no text.' },
    ]);
    expect(groups.map(({ kind, ids }) => [kind, ids])).toEqual([
      ['permanent', ['a', 'c']],
      ['crashed', ['b']],
    ]);
    expect(groups[0]?.example).toContain('page 7');
  });
});
