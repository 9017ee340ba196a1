import { operation } from '../http/operation.ts';
import { uploadSchema, uploadSubmissionSchema } from './messages.ts';

/** Uploads of large inputs. */
export const uploadOperations = {
  prepareUpload: operation({
    method: 'POST',
    path: '/uploads',
    scope: 'submit',
    summary: 'Prepare an upload',
    description:
      'Returns a presigned URL for an input that is too large for a request. PUT the bytes to the URL with the returned headers, then create a task with the `inputKey`. The URL expires after 15 minutes.',
    body: uploadSubmissionSchema,
    answer: { status: 200, schema: uploadSchema, description: 'The URL, and the key for the task.' },
  }),
} as const;
