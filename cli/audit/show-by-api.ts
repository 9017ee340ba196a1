import { auditViewSchema } from '#core/api/audit/messages.ts';
import { auditOperations } from '#core/api/audit/operations.ts';
import { apiContext } from '../api/api-command.ts';
import { count } from '../terminal/format.ts';
import { UserError } from '../user-error.ts';
import { entryLine } from './words.ts';

/** `fleet audit show` of a fleet whose trail this user cannot read: the task API reads and verifies it. */
export async function showByApi(id: string, options: object): Promise<void> {
  const { api, output, json } = apiContext(options);
  const audit = await api.call(auditOperations.getTaskAudit, auditViewSchema, { params: { id } });
  const { whole, entries, findings, announced } = audit;
  const [chain, uncounted] = [true, false].map((isCounted) =>
    entries.flatMap(({ counted, at, ...entry }) => (counted === isCounted ? [{ ...entry, at: Date.parse(at) }] : [])),
  );
  output.line(`${whole ? 'intact' : 'DAMAGED'}  ${id}  ${count(chain?.length ?? 0, 'link')}`);
  for (const { at, counted, ...entry } of entries)
    output.line(`${entryLine({ ...entry, at: Date.parse(at) })}${counted ? '' : '  (not counted)'}`);
  for (const { fault, entry } of findings)
    output.line(entry === undefined ? fault : `step ${entry.step}, epoch ${entry.epoch}, ${entry.phase}: ${fault}`);
  if (announced)
    output.line(`announced but never started: ${entryLine({ ...announced, at: Date.parse(announced.at) })}`);
  // As `audit show` prints what it reads itself.
  const shown = { taskId: id, whole, headKnown: true, findings, chain, uncounted, announced: announced ?? null };
  if (json) output.json({ verdicts: [shown] });
  if (!whole) throw new UserError(`The audit trail of ${id} is damaged.`, 'docs/audit.md explains each finding.');
}
