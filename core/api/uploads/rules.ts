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

/** A tenant's uploads lie below its own name: a key names its tenant (I8). */
const folderOf = ({ tenant }: Caller): string => `inputs/${tenant}/`;

/** A place for an input that is too large for a request. */
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
 * What a task is told of an uploaded input: an agent that takes objects gets the object, any other its JSON, which its
 * worker reads. Throws `ApiProblem` for a key that is not the tenant's, and for one under which nothing lies.
 */
export async function uploadedInput(
  { uploads }: { readonly uploads?: Uploads },
  caller: Caller,
  card: AgentCard,
  key: string,
) {
  const found = uploads && key.startsWith(folderOf(caller)) ? await uploads.find(key) : null;
  if (!found) {
    throw new ApiProblem('cannot-accept', 'Nothing was uploaded under this inputKey.', [
      {
        field: 'inputKey',
        message: 'leads to no upload of your tenant',
        remedy: 'Take a key from POST /uploads, and PUT the bytes first.',
      },
    ]);
  }
  const { bucket, size } = found;
  return card.takesObject ? { input: { object: { bucket, key, size } } } : { input: null, inputAt: { bucket, key } };
}
