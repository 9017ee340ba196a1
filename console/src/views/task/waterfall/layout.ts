import { laneOf, ownUsd, type Lane, type Span } from './span.ts';

/** What the width of a bar shows. */
export type Width = 'time' | 'dollars';

/** One row of the waterfall. `left` and `width` are shares of the whole, from 0 to 1. */
export interface Bar {
  readonly span: Span;
  readonly lane: Lane;
  /** Levels below the root. */
  readonly depth: number;
  readonly left: number;
  readonly width: number;
  readonly durationMs: number;
  /** With everything below it, so that the root shows the cost of the trace. */
  readonly usd: number;
  readonly hasChildren: boolean;
}

export interface Waterfall {
  readonly bars: readonly Bar[];
  readonly startMs: number;
  readonly endMs: number;
  readonly usd: number;
}

interface Node {
  readonly span: Span;
  readonly children: Node[];
  usd: number;
}

/**
 * Lays out a trace: parents before their children, children by their start. A span whose parent is missing, or whose
 * parents form a circle, is a root of its own, so that nothing of a damaged trace is left out.
 * @param collapsed ids of spans whose children are hidden
 */
export function layOut(spans: readonly Span[], by: Width, collapsed: ReadonlySet<string> = new Set()): Waterfall {
  const roots = treesOf(spans);
  const startMs = spans.reduce((least, { startMs }) => Math.min(least, startMs), Infinity);
  const endMs = spans.reduce((most, { endMs }) => Math.max(most, endMs), -Infinity);
  const usd = roots.reduce((sum, root) => sum + sumUp(root), 0);
  const bars: Bar[] = [];
  let spentBefore = 0;
  const place = (node: Node, depth: number, isShown: boolean): void => {
    const [from, size] =
      by === 'time' ? [node.span.startMs - startMs, node.span.endMs - node.span.startMs] : [spentBefore, node.usd];
    if (isShown) bars.push({ ...barOf(node, depth), ...shares(from, size, by === 'time' ? endMs - startMs : usd) });
    spentBefore += ownUsd(node.span);
    for (const child of node.children) place(child, depth + 1, isShown && !collapsed.has(node.span.spanId));
  };
  for (const root of roots) place(root, 0, true);
  return spans.length === 0 ? { bars, startMs: 0, endMs: 0, usd: 0 } : { bars, startMs, endMs, usd };
}

const barOf = ({ span, usd, children }: Node, depth: number): Omit<Bar, 'left' | 'width'> => ({
  span,
  lane: laneOf(span),
  depth,
  usd,
  durationMs: Math.max(0, span.endMs - span.startMs),
  hasChildren: children.length > 0,
});

function shares(from: number, size: number, whole: number): Pick<Bar, 'left' | 'width'> {
  if (whole <= 0) return { left: 0, width: size > 0 ? 1 : 0 };
  const left = Math.min(1, Math.max(0, from / whole));
  return { left, width: Math.min(1 - left, Math.max(0, size / whole)) };
}

function treesOf(spans: readonly Span[]): Node[] {
  const nodes = new Map(spans.map((span): [string, Node] => [span.spanId, { span, children: [], usd: 0 }]));
  const roots: Node[] = [];
  for (const node of nodes.values()) {
    const parent = nodes.get(node.span.parentSpanId ?? '');
    if (parent === undefined || isInCircle(node, nodes)) roots.push(node);
    else parent.children.push(node);
  }
  const byStart = (a: Node, b: Node): number => a.span.startMs - b.span.startMs;
  for (const { children } of nodes.values()) children.sort(byStart);
  return roots.sort(byStart);
}

/** Whether a node is below itself. */
function isInCircle(node: Node, nodes: ReadonlyMap<string, Node>): boolean {
  const seen = new Set<string>();
  let at = nodes.get(node.span.parentSpanId ?? '');
  while (at !== undefined && !seen.has(at.span.spanId)) {
    if (at === node) return true;
    seen.add(at.span.spanId);
    at = nodes.get(at.span.parentSpanId ?? '');
  }
  return false;
}

function sumUp(node: Node): number {
  node.usd = node.children.reduce((sum, child) => sum + sumUp(child), ownUsd(node.span));
  return node.usd;
}
