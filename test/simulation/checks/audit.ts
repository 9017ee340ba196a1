import type { AuditEntry } from '../../../core/ports/audit-trail.ts';
import type { ToolStep } from '../../../core/tasks/step.ts';
import { digestOf } from '../world/ports/services.ts';
import { same, type History } from './history.ts';
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
  const entry = history.audit.get(entryKey(step.index, step.epoch, 'after'));
  expectThat(
    entry?.outcome === (step.isError ? 'error' : 'ok') && entry.contentDigest === digestOf(step.content),
    'I7.2',
    () => `step ${step.index} of epoch ${step.epoch} is written, its outcome not audited`,
  );
}

export function checkEntry(history: History, entry: AuditEntry): void {
  const known = history.audit.get(entryKey(entry.step, entry.epoch, entry.phase));
  const content = ({ tool, contentDigest, outcome }: AuditEntry): unknown[] => [tool, contentDigest, outcome];
  expectThat(
    !known || same(content(known), content(entry)),
    'I7.4',
    () => `the entry of step ${entry.step} was changed`,
  );
  expectThat(
    entry.phase === 'before' || history.audit.has(entryKey(entry.step, entry.epoch, 'before')),
    'I7.3',
    () => `step ${entry.step} of epoch ${entry.epoch} has an outcome in the trail, but no beginning`,
  );
}
