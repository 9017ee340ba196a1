import { pathWith } from './search.ts';

/** What an id may be of, if its form does not say it. */
export interface Known {
  readonly alarms: readonly string[];
  readonly hasRun: (id: string) => Promise<boolean>;
}

/** The view of an id that somebody pasted: of a task, a run, an alarm, or else a session. Null for no text. */
export async function placeOfId(text: string, { alarms, hasRun }: Known): Promise<string | null> {
  const id = text.trim();
  if (id === '') return null;
  const named = encodeURIComponent(id);
  if (/^(task|esc)-/.test(id)) return `/tasks/${named}`;
  if (id.startsWith('run-')) return `/runs/${named}`;
  if (/^[0-9a-f-]{32,64}$/i.test(id) || /^[a-z]+-[0-9a-f]{16,}$/.test(id)) return `/tasks/${named}`;
  const alarm = alarmOf(id.toLowerCase(), alarms);
  if (alarm !== undefined) return `/alarms/${encodeURIComponent(alarm)}`;
  return (await hasRun(id)) ? `/runs/${named}` : pathWith('/sessions', { id });
}

/** A shorter part of an alarm's name may be the id of a session. */
const MIN_PART = 5;

/** The alarm of this name, or the only one with this part in its name: CloudFormation adds to both ends. */
function alarmOf(id: string, alarms: readonly string[]): string | undefined {
  const exact = alarms.find((name) => name.toLowerCase() === id);
  if (exact !== undefined || id.length < MIN_PART) return exact;
  const found = alarms.filter((name) => name.toLowerCase().includes(id));
  return found.length === 1 ? found[0] : undefined;
}
