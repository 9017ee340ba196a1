import type { ApiClient } from '#cli/api/client.ts';
import { UserError } from '#cli/user-error.ts';
import { uploadSchema } from '#core/api/uploads/messages.ts';
import { uploadOperations } from '#core/api/uploads/operations.ts';

/** Bytes of an input that fits a request. A task can be at most 256 KiB. */
const MAX_INLINE = 200_000;

/** The fields of a task with an input of any size: the input, or the key under which it was uploaded. */
export async function inputFields(api: ApiClient, input: object): Promise<{ input: object } | { inputKey: string }> {
  const bytes = Buffer.from(JSON.stringify(input));
  if (bytes.length <= MAX_INLINE) return { input };
  const body = { size: bytes.length };
  const { inputKey, url, method, headers } = await api.call(uploadOperations.prepareUpload, uploadSchema, { body });
  const response = await fetch(url, { method, headers, body: bytes });
  if (response.ok) return { inputKey };
  throw new UserError(`The upload of the change failed with status ${response.status}.`, 'Try again.', 3);
}
