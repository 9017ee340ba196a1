interface TaskOfSession {
  readonly sessionId?: string | undefined;
  readonly agent: string;
  readonly status: string;
  readonly createdAt: string;
}

/** A session, as far as the newest tasks show it. */
export interface RecentSession {
  readonly id: string;
  readonly agent: string;
  readonly tasks: number;
  /** Tasks that have not ended. */
  readonly open: number;
  readonly lastAt: string;
}

const OPEN: ReadonlySet<string> = new Set(['queued', 'running', 'parked']);

/** The sessions of tasks, the latest first. */
export function recentSessions(tasks: readonly TaskOfSession[]): RecentSession[] {
  const sessions = new Map<string, RecentSession>();
  for (const { sessionId: id, agent, status, createdAt } of tasks) {
    if (id === undefined) continue;
    const known = sessions.get(id) ?? { id, agent, tasks: 0, open: 0, lastAt: createdAt };
    sessions.set(id, {
      ...known,
      tasks: known.tasks + 1,
      open: known.open + (OPEN.has(status) ? 1 : 0),
      lastAt: known.lastAt > createdAt ? known.lastAt : createdAt,
    });
  }
  return [...sessions.values()].toSorted((a, b) => (a.lastAt < b.lastAt ? 1 : -1));
}
