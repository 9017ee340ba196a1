import type { AgentCard } from '../../agents/agent-card.ts';
import type { Ids } from '../../ports/ids.ts';
import type { Uploads } from '../../ports/uploads.ts';
import type { Caller } from '../http/caller.ts';
import type { UploadAnswer, UploadSubmission } from './messages.ts';
import { ApiProblem } from '../http/problem.ts';

export interface UploadPorts {
  readonly uploads: Uploads;
  readonly ids: Ids;
}

/** Every key contains its tenant's name, so no tenant can use another's upload (I8). */
export const folderOf = ({ tenant }: Caller): string => `inputs/${tenant}/`;

/** Returns a presigned URL for an input that is too large for a request. */
export async function prepareUpload(
  { uploads, ids }: UploadPorts,
  caller: Caller,
  { size, contentType }: UploadSubmission,
): Promise<UploadAnswer> {
  const inputKey = `${folderOf(caller)}${ids.uuid()}`;
  const { url, expiresAt } = await uploads.sign({ key: inputKey, contentType, size });
  const headers = { 'content-type': contentType };
  return { inputKey, method: 'PUT', url, headers, expiresAt: new Date(expiresAt).toISOString() };
}

/**
 * Returns the input of a task from an upload. An agent with `takesObject` gets the object's location; for any other
 * agent the worker reads the object as JSON. Throws `ApiProblem` unless the tenant has uploaded an object under the key.
 */
export async function uploadedInput(
  { uploads }: { readonly uploads?: Uploads },
  caller: Caller,
  card: AgentCard,
  key: string,
) {
  const found = uploads && key.startsWith(folderOf(caller)) ? await uploads.find(key) : null;
  if (!found) {
    throw new ApiProblem('cannot-accept', 'No upload was found for this `inputKey`.', [
      {
        field: 'inputKey',
        message: 'does not match any of your uploads',
        remedy: 'Get a key from POST /uploads, and PUT the bytes before you create the task.',
      },
    ]);
  }
  const { bucket, size } = found;
  return card.takesObject ? { input: { object: { bucket, key, size } } } : { input: null, inputAt: { bucket, key } };
}
