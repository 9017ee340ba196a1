import { pathWith } from './search.ts';

/** The view of an id that somebody pasted: of a task, a run, or else a session. Null for no text. */
export function placeOfId(text: string): string | null {
  const id = text.trim();
  if (id === '') return null;
  const named = encodeURIComponent(id);
  if (/^(task|esc)-/.test(id)) return `/tasks/${named}`;
  if (id.startsWith('run-')) return `/runs/${named}`;
  if (/^[0-9a-f-]{32,64}$/i.test(id) || /^[a-z]+-[0-9a-f]{16,}$/.test(id)) return `/tasks/${named}`;
  return pathWith('/sessions', { id });
}
