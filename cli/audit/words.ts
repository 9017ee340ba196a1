import type { EntryPlace } from '#core/audit/entry.ts';
import type { AuditEntry } from '#core/ports/audit-trail.ts';
import type { AuditFault, AuditFinding, AuditVerdict } from '#core/audit/verdict.ts';
import { count } from '../terminal/format.ts';

const FAULTS: Readonly<Record<AuditFault, string>> = {
  unreadable: 'is no entry as they are written: it was changed',
  misplaced: 'holds another entry than its name says',
  replaced: 'was written over; its first version was judged',
  deleted: 'was deleted; the version that is left was judged',
  'missing-before': 'names an entry before it that is not there',
  unlinked: 'does not name the entry before it: one of the two was changed, or it was put in',
  'missing-end': 'The last entry that the task counted is not there: the end was cut off or changed',
  'beyond-end': 'comes after the last entry that the task counted',
};

/** Where an entry stands, for a person. */
const placeWords = ({ step, epoch, phase }: EntryPlace): string => `step ${step}, epoch ${epoch}, ${phase}`;

export const findingLine = ({ fault, place }: AuditFinding): string =>
  place === null ? FAULTS[fault] : `${placeWords(place)}: ${FAULTS[fault]}`;

/** The one line a task gets. */
export function verdictLine({ taskId, whole, chain, uncounted, headKnown }: AuditVerdict): string {
  const beside = uncounted.length === 0 ? '' : `, ${count(uncounted.length, 'outcome')} that never counted`;
  const end = headKnown ? '' : '; its task is not known, so an end that was cut off cannot be seen';
  return `${whole ? 'whole' : 'WRONG'}  ${taskId}  ${count(chain.length, 'link')}${beside}${end}`;
}

export function entryLine({ at, step, epoch, phase, tool, model, outcome, contentDigest }: AuditEntry): string {
  const what = phase === 'before' ? 'calls' : (outcome ?? '');
  return `${new Date(at).toISOString()}  step ${step}  epoch ${epoch}  ${what.padEnd(5)}  ${tool}${model === undefined ? '' : ` (${model})`}  ${contentDigest}`;
}
