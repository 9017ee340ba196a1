/** A failed task, as much of it as its group depends on. */
export interface Failed {
  readonly id: string;
  readonly kind: string;
  readonly reason: string;
}

export interface FailureGroup {
  readonly kind: string;
  /** The reason without its ids and numbers. */
  readonly pattern: string;
  /** The reason of its first task. */
  readonly example: string;
  readonly ids: readonly string[];
}

/** Groups failures whose reasons differ by ids, numbers and quoted text only; the largest group first. */
export function groupFailures(failures: readonly Failed[]): FailureGroup[] {
  const groups = new Map<string, FailureGroup & { readonly ids: string[] }>();
  for (const { id, kind, reason } of failures) {
    const pattern = patternOf(reason);
    const key = JSON.stringify([kind, pattern]);
    const group = groups.get(key) ?? { kind, pattern, example: reason, ids: [] };
    group.ids.push(id);
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => b.ids.length - a.ids.length);
}

/** A reason without what differs from task to task. */
export const patternOf = (reason: string): string =>
  reason
    .replaceAll(/"[^"]*"|“[^”]*”/g, '“…”')
    .replaceAll(/\b[a-z]+-[0-9a-f]{12,}\b/g, '…')
    .replaceAll(/\d[\d.,:]*/g, '…');
