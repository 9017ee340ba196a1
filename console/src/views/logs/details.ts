const SHOWN_APART: ReadonlySet<string> = new Set([
  'id',
  'at',
  'level',
  'message',
  'function',
  'taskId',
  'tenant',
  'agent',
  'runId',
  'task',
]);

/** The fields of a line that have no column: `steps=3 usd=0.02`. */
export const detailsOf = (line: Readonly<Record<string, unknown>>): string =>
  Object.entries(line)
    .filter(([name, value]) => !SHOWN_APART.has(name) && value !== undefined)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : (JSON.stringify(value) ?? '')}`)
    .join(' ');
