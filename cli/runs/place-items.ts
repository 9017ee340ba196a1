import { uploadSchema } from '#core/api/uploads/messages.ts';
import { uploadOperations } from '#core/api/uploads/operations.ts';
import type { Item } from '#core/runs/item.ts';
import type { ApiClient } from '../api/client.ts';
import { UserError } from '../user-error.ts';

/** A request holds 3 MiB and 10,000 items. Longer lists are uploaded. */
const MAX_SENT = { characters: 500_000, items: 10_000 };

/** Where `POST /runs` finds the items: in the request, or in an upload. Throws a `UserError` if the upload fails. */
export async function placeItems(api: Pick<ApiClient, 'call'>, items: readonly Item[]) {
  const text = items.map((item) => JSON.stringify(item)).join('\n');
  if (text.length <= MAX_SENT.characters && items.length <= MAX_SENT.items) return { items };
  const bytes = Buffer.from(text);
  const contentType = 'application/jsonl';
  const body = { size: bytes.byteLength, contentType };
  const { inputKey, url, headers } = await api.call(uploadOperations.prepareUpload, uploadSchema, { body });
  const sent = await fetch(url, { method: 'PUT', headers, body: bytes });
  if (!sent.ok)
    throw new UserError(`The upload of the items failed: S3 answered ${sent.status}.`, 'Start the run again.');
  return { key: inputKey };
}
