import type { EntryPlace } from '#core/audit/entry.ts';
import type { AuditEntry } from '#core/ports/audit-trail.ts';
import type { AuditFault, AuditFinding, AuditVerdict } from '#core/audit/verdict.ts';
import { count } from '../terminal/format.ts';

const FAULTS: Readonly<Record<AuditFault, string>> = {
  unreadable: 'is not a valid entry: it was changed',
  misplaced: 'contains another entry than its name says',
  replaced: 'was overwritten; its first version was checked',
  deleted: 'was deleted; the remaining version was checked',
  'missing-before': 'refers to a previous entry that is missing',
  unlinked: 'does not match the previous entry: one of the two was changed or inserted',
  'missing-end': 'The last entry that the task recorded is missing: the end was cut off or changed',
  'beyond-end': 'comes after the last entry that the task recorded',
};

/** The position of an entry, for a person. */
const positionText = ({ step, epoch, phase }: EntryPlace): string => `step ${step}, epoch ${epoch}, ${phase}`;

export const findingLine = ({ fault, place }: AuditFinding): string =>
  place === null ? FAULTS[fault] : `${positionText(place)}: ${FAULTS[fault]}`;

/** The line for one task. */
export function verdictLine({ taskId, whole, chain, uncounted, headKnown }: AuditVerdict): string {
  const beside = uncounted.length === 0 ? '' : `, ${count(uncounted.length, 'outcome')} not counted`;
  const end = headKnown ? '' : '; its task is unknown, so missing entries at the end are not noticed';
  return `${whole ? 'intact' : 'DAMAGED'}  ${taskId}  ${count(chain.length, 'link')}${beside}${end}`;
}

/** What a line needs of an entry. */
type Shown = Omit<AuditEntry, 'taskId' | 'createdAt' | 'agent' | 'previous'>;

export function entryLine({ at, step, epoch, phase, tool, model, outcome, contentDigest }: Shown): string {
  const what = phase === 'before' ? 'calls' : (outcome ?? '');
  return `${new Date(at).toISOString()}  step ${step}  epoch ${epoch}  ${what.padEnd(5)}  ${tool}${model === undefined ? '' : ` (${model})`}  ${contentDigest}`;
}
