/** One task of a run, as much of it as its cell shows. */
export interface Cell {
  readonly id: string;
  readonly status: string;
  /** Only of failed tasks. */
  readonly failure?: { readonly kind: string; readonly reason: string } | undefined;
}

export interface CellPage {
  readonly cells: readonly Cell[];
  readonly next?: string | undefined;
}

/** A page as it was read last, after its cursor: where it begins never changes, unlike the newest page. */
interface FixedPage extends CellPage {
  readonly cursor: string;
}

/** Tasks that a grid shows. */
export const MAX_CELLS = 10_000;

const ENDED: ReadonlySet<string> = new Set(['succeeded', 'failed', 'cancelled', 'escalated']);
export const hasEnded = ({ status }: Pick<Cell, 'status'>): boolean => ENDED.has(status);

/**
 * Reads all tasks of a run, page by page, newest first. A refresh reads the newest page, what was accepted since, and the
 * pages that have an open task: a task that has ended never changes.
 */
export class CellReader {
  readonly #read: (cursor: string | undefined) => Promise<CellPage>;
  #fixed: readonly FixedPage[] = [];

  constructor(read: (cursor: string | undefined) => Promise<CellPage>) {
    this.#read = read;
  }

  /**
   * Returns the cells, oldest first.
   * @param onProgress receives what is known so far after each page of the first time
   */
  async refresh(onProgress?: (cells: readonly Cell[]) => void): Promise<readonly Cell[]> {
    const isFirst = this.#fixed.length === 0;
    const newest = await this.#read(undefined);
    const fixed: FixedPage[] = [];
    const tell = (): void => (isFirst ? onProgress?.(inOrder([newest, ...fixed])) : undefined);
    tell();
    let size = newest.cells.length;
    for (let last = newest; last.next !== undefined && size < MAX_CELLS && !this.#leadsTo(last);) {
      const page: FixedPage = { ...(await this.#read(last.next)), cursor: last.next };
      fixed.push(page);
      size += page.cells.length;
      last = page;
      tell();
    }
    for (const page of this.#fixed) {
      if (size >= MAX_CELLS) break;
      fixed.push(page.cells.every(hasEnded) ? page : { ...(await this.#read(page.cursor)), cursor: page.cursor });
      size += page.cells.length;
    }
    this.#fixed = fixed;
    return inOrder([newest, ...fixed]);
  }

  /** Whether the pages that are known follow a page, or overlap with it. */
  #leadsTo({ cells, next }: CellPage): boolean {
    const known = new Set(this.#fixed.flatMap(({ cells }) => cells.map(({ id }) => id)));
    return this.#fixed.some(({ cursor }) => cursor === next) || cells.some(({ id }) => known.has(id));
  }
}

/** Oldest first, each task once and as it was read first: pages may overlap. */
function inOrder(pages: readonly CellPage[]): readonly Cell[] {
  const cells = new Map<string, Cell>();
  for (const { cells: page } of pages) for (const cell of page) if (!cells.has(cell.id)) cells.set(cell.id, cell);
  return [...cells.values()].toReversed().slice(-MAX_CELLS);
}
