import type { AuditEntry } from '#core/ports/audit-trail.ts';
import { verifyTrail } from '#core/audit/verify.ts';
import type { ToolStep } from '#core/tasks/step.ts';
import type { Task } from '#core/tasks/task.ts';
import { digestOf } from '../digest.ts';
import { same, type History, type TaskWrite } from './history.ts';
import { expectThat } from './violation.ts';

/** Names an entry: there is one for a step, an epoch and a phase. */
export const entryKey = (step: number, epoch: number | undefined, phase: 'before' | 'after'): string =>
  `${step}/${epoch}/${phase}`;

/**
 * I7: every tool call is in the audit trail before it runs, its outcome after; nothing in the trail can be changed.
 * - I7.1 When a tool takes effect, the entry "before" of that very step and epoch is there, with its input's digest.
 * - I7.2 When a tool's step is written, the entry "after" is there, with its outcome and its result's digest.
 * - I7.3 "After" is recorded only after "before".
 * - I7.4 An entry that is there is never recorded with another content.
 *
 * And each entry of a task names the one before it:
 * - I7.5 A task announces a call by the hash of its entry, in the write that reserves it; that entry names the head before, which is in the trail.
 * - I7.6 The head moves on, and an announcement is dropped, only with an entry that is in the trail.
 * - I7.7 "Before" is recorded only once it is announced.
 * - I7.8 When a tool's step counts, the head is its entry "after", which names its "before".
 * - I7.9 In the end the verifier finds the trail of every task whole.
 */
export function checkToolAudited(history: History, step: number, epoch: number | undefined, digest: string): void {
  const entry = history.audit.get(entryKey(step, epoch, 'before'));
  expectThat(
    entry?.contentDigest === digest,
    'I7.1',
    () => `the tool of step ${step} runs under epoch ${epoch} unaudited`,
  );
}

export function checkToolStep(history: History, step: ToolStep): void {
  // The result of delegated tasks is written first, so that one counts: its entry is there when the step counts (I7.8).
  if (history.delegated.has(`${step.index}/${step.epoch}`)) return;
  const entry = history.audit.get(entryKey(step.index, step.epoch, 'after'));
  expectThat(
    entry?.outcome === (step.isError ? 'error' : 'ok') && entry.contentDigest === digestOf(step.content),
    'I7.2',
    () => `step ${step.index} of epoch ${step.epoch} is written, its outcome not audited`,
  );
}

export function checkEntry(history: History, entry: AuditEntry): void {
  const known = history.audit.get(entryKey(entry.step, entry.epoch, entry.phase));
  expectThat(!known || same(textOf(known), textOf(entry)), 'I7.4', () => `the entry of step ${entry.step} was changed`);
  expectThat(
    entry.phase === 'before' || history.audit.has(entryKey(entry.step, entry.epoch, 'before')),
    'I7.3',
    () => `step ${entry.step} of epoch ${entry.epoch} has an outcome in the trail, but no beginning`,
  );
  expectThat(
    entry.phase === 'after' || history.announced.has(hashOf(entry)),
    'I7.7',
    () => `step ${entry.step} of epoch ${entry.epoch} is recorded, and its task does not know of it`,
  );
}

export function checkHead({ history, before, after }: TaskWrite): void {
  const from = before.audit?.hash ?? genesisOf(history);
  const entry = after.audit?.announced;
  if (entry && !same(after.audit, before.audit)) {
    const { step, epoch } = after.reservation ?? after.delegation ?? {};
    expectThat(
      hashOf(entry) === after.audit?.hash && entry.previous === from && entry.step === step && entry.epoch === epoch,
      'I7.5',
      () => `the call of step ${entry.step}, epoch ${entry.epoch}, is not announced as the next of its chain`,
    );
    history.announced.add(after.audit?.hash ?? '');
    expectThat(isThere(history, from), 'I7.5', () => `step ${entry.step} names an entry that is not in the trail`);
  } else if (!same(after.audit, before.audit)) {
    const head = after.audit?.hash ?? '';
    expectThat(isThere(history, head), 'I7.6', () => 'the head of the chain is no entry of the trail');
  }
  if (after.steps.length > before.steps.length) checkCounted(history, before, after);
}

function checkCounted(history: History, before: Task, after: Task): void {
  const index = before.steps.length;
  const epoch = after.steps[index];
  if (history.steps.get(`${index}/${epoch}`)?.kind !== 'tool') return;
  const [call, outcome] = (['before', 'after'] as const).map((phase) =>
    history.audit.get(entryKey(index, epoch, phase)),
  );
  expectThat(
    call !== undefined &&
      outcome !== undefined &&
      outcome.previous === hashOf(call) &&
      after.audit?.hash === hashOf(outcome),
    'I7.8',
    () => `step ${index} counts, and the chain does not end with its outcome`,
  );
}

export function checkWhole(history: History): void {
  const { id: taskId, task, audit } = history;
  const kept = [...audit.values()].map((entry) => ({ place: entry, text: textOf(entry), versions: 1, deleted: false }));
  const known = { head: task.audit, ended: true };
  const { findings } = verifyTrail({ digest: digestOf }, { taskId, createdAt: task.createdAt, kept, task: known });
  const [first] = findings;
  expectThat(
    first === undefined,
    'I7.9',
    () => `${first?.fault} at step ${first?.place?.step}, epoch ${first?.place?.epoch}, ${first?.place?.phase}`,
  );
}

/** Written down here once more: how an entry is hashed is a promise to those who verify. */
const FIELDS = 'taskId,createdAt,step,epoch,agent,tool,model,phase,at,contentDigest,outcome,previous'.split(',');

const textOf = (entry: AuditEntry): string => JSON.stringify(entry, FIELDS);

const hashOf = (entry: AuditEntry): string => digestOf(textOf(entry));

const genesisOf = ({ id, task }: History): string =>
  digestOf(JSON.stringify(['agent-fleet audit trail', id, task.createdAt]));

const isThere = (history: History, hash: string): boolean =>
  hash === genesisOf(history) || [...history.audit.values()].some((entry) => hashOf(entry) === hash);
