import { entryHash, genesis, placeOf, type AuditEntry, type AuditHead, type Digests } from './entry.ts';
import { readEntry } from './read-entry.ts';
import { walk, type Walked } from './walk.ts';
import type { KeptEntry } from '../ports/audit-reader.ts';
import type { AuditFinding, AuditVerdict } from './verdict.ts';

/** What the task records about its chain. */
export interface KnownTask {
  /** Undefined when it has called no tool. */
  readonly head: AuditHead | undefined;
  /** Once it has ended, nothing may follow its head. While it runs, entries are ahead of what was read of it. */
  readonly ended: boolean;
}

export interface TrailToVerify {
  readonly taskId: string;
  readonly createdAt: number;
  /** All stored entries of this task, in any order. */
  readonly kept: readonly KeptEntry[];
  /** Read before the entries. Null when the task is no longer stored. */
  readonly task: KnownTask | null;
}

/**
 * Verifies a task's entries against their chain.
 * 1. Finds every counted entry that was changed, removed, exchanged or inserted. The last ones are found only while the
 *    task is stored.
 * 2. An outcome that never counted stands next to its `before` entry and is not a fault.
 * 3. A task that ended between the announcement of a call and its entry names that entry. It differs from a removed
 *    entry in that the trail's bucket keeps every version that was written.
 */
export function verifyTrail(ids: Digests, { taskId, createdAt, kept, task }: TrailToVerify): AuditVerdict {
  const read = kept.map(readEntry);
  const entries = read.flatMap(({ entry }) => entry ?? []).sort(inOrder);
  const walked = walk(ids, genesis(ids, taskId, createdAt), entries);
  const end = task ? holdAgainst(ids, walked, task) : openEnd(walked);
  const findings = [...read.flatMap(({ findings }) => findings), ...walked.findings, ...end.findings];
  return {
    taskId,
    createdAt,
    whole: findings.length === 0,
    findings,
    chain: end.counted ? [...walked.chain, end.counted] : walked.chain,
    uncounted: end.uncounted ? [...walked.uncounted, end.uncounted] : walked.uncounted,
    announced: end.announced ?? null,
    headKnown: task !== null,
  };
}

const PHASES = ['before', 'after'];

const inOrder = (a: AuditEntry, b: AuditEntry): number =>
  a.step - b.step || a.epoch - b.epoch || PHASES.indexOf(a.phase) - PHASES.indexOf(b.phase);

interface End {
  readonly findings: readonly AuditFinding[];
  /** The outcome at the very end, if it counted. */
  readonly counted?: AuditEntry | undefined;
  readonly uncounted?: AuditEntry | undefined;
  readonly announced?: AuditEntry | undefined;
}

/** Without the task it is unknown whether the last outcome counted. It is treated as counted. */
const openEnd = ({ outcome }: Walked): End => ({ findings: [], counted: outcome?.entry });

function holdAgainst(ids: Digests, walked: Walked, { head, ended }: KnownTask): End {
  const { outcome, tip, passed } = walked;
  const hash = head?.hash;
  if (hash === undefined ? passed.size === 0 : hash === outcome?.hash) return { findings: [], counted: outcome?.entry };
  if (hash === tip) return { findings: [], uncounted: outcome?.entry };
  if (head?.announced && entryHash(ids, head.announced) === hash) {
    const { previous } = head.announced;
    if (previous === outcome?.hash) return { findings: [], counted: outcome.entry, announced: head.announced };
    if (previous === tip) return { findings: [], uncounted: outcome?.entry, announced: head.announced };
  }
  const known = hash === undefined || passed.has(hash);
  if (known && !ended) return { findings: [], counted: outcome?.entry };
  const last = outcome?.entry ?? walked.chain.at(-1);
  const finding: AuditFinding =
    known && last ? { fault: 'beyond-end', place: placeOf(last) } : { fault: 'missing-end', place: null };
  return { findings: [finding], counted: outcome?.entry };
}
