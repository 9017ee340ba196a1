import { operation } from '../http/operation.ts';
import { uploadSchema, uploadSubmissionSchema } from './messages.ts';

export const uploadOperations = {
  prepareUpload: operation({
    method: 'POST',
    path: '/uploads',
    scope: 'submit',
    summary: 'A place for an input that is too large for a request',
    description: 'PUT the bytes to the URL with the headers, then hand in a task with the `inputKey`.',
    body: uploadSubmissionSchema,
    answer: { status: 200, schema: uploadSchema, description: 'Where the input may be put, for a quarter of an hour.' },
  }),
} as const;
