import { auditEntrySchema, entryText, placeOf, type AuditEntry } from './entry.ts';
import type { KeptEntry } from '../ports/audit-reader.ts';
import type { AuditFinding } from './verdict.ts';

/** A stored entry checked by itself: the entry if it is valid, and what is wrong with it. */
export interface ReadEntry {
  readonly entry: AuditEntry | null;
  readonly findings: readonly AuditFinding[];
}

export function readEntry({ place, text, versions, deleted }: KeptEntry): ReadEntry {
  const entry = parse(text);
  const findings: AuditFinding[] = [];
  if (entry === null) findings.push({ fault: 'unreadable', place });
  const here = entry !== null && isAt(entry, place);
  if (entry !== null && !here) findings.push({ fault: 'misplaced', place });
  if (versions > 1) findings.push({ fault: 'replaced', place });
  if (deleted) findings.push({ fault: 'deleted', place });
  return { entry: here ? entry : null, findings };
}

function parse(text: string): AuditEntry | null {
  try {
    const entry = auditEntrySchema.parse(JSON.parse(text));
    // The hash covers the fields only, so the bytes must contain nothing else.
    return entryText(entry) === text ? entry : null;
  } catch {
    return null;
  }
}

const isAt = (entry: AuditEntry, place: KeptEntry['place']): boolean =>
  JSON.stringify(placeOf(entry)) === JSON.stringify(placeOf(place));
