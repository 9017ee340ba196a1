import { z } from 'zod';
import { ServiceError } from '../../service.ts';
import type { ServiceOutput } from '../../service.ts';

export const EntryId = z.string();

/** Throws the error that SQS returns for a batch that is empty, has over 10 entries, or has malformed or repeated ids. */
export function checkBatch(entries: readonly { readonly Id: string }[]): void {
  if (entries.length === 0) {
    throw new ServiceError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  }
  if (entries.length > 10) {
    throw new ServiceError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are 10. You have sent ${entries.length}.`,
    );
  }
  const malformed = entries.find(({ Id }) => !/^[\w-]{1,80}$/.test(Id));
  if (malformed !== undefined) {
    throw new ServiceError(
      'InvalidBatchEntryId',
      `The batch entry id ${malformed.Id} must consist of 1 to 80 letters, digits, hyphens and underscores.`,
    );
  }
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length) {
    throw new ServiceError('BatchEntryIdsNotDistinct', 'Two entries of the batch have the same id.');
  }
}

/** Runs each entry separately. A failed entry is reported by its id and does not affect the others. */
export function runBatch<E extends { readonly Id: string }>(
  entries: readonly E[],
  run: (entry: E) => ServiceOutput,
): ServiceOutput {
  const Successful: ServiceOutput[] = [];
  const Failed: ServiceOutput[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.Id, ...run(entry) });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      Failed.push({ Id: entry.Id, Code: error.code, Message: error.message, SenderFault: error.status < 500 });
    }
  }
  return { ...(Successful.length > 0 && { Successful }), ...(Failed.length > 0 && { Failed }) };
}
