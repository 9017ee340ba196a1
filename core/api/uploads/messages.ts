import { z } from 'zod';

/** Largest input in bytes: the limit of one request to the model's API. */
export const MAX_INPUT_SIZE = 32 * 1024 * 1024;

export const uploadSubmissionSchema = z.strictObject({
  size: z.number().int().positive().max(MAX_INPUT_SIZE).describe('Size in bytes.'),
  contentType: z
    .string()
    .regex(/^[\w.+-]+\/[\w.+-]+$/, 'must be a media type such as application/json')
    .max(128)
    .default('application/json'),
});
export type UploadSubmission = z.infer<typeof uploadSubmissionSchema>;

export const uploadSchema = z.object({
  inputKey: z.string().describe('Pass it as `inputKey` of the task after the upload.'),
  method: z.literal('PUT'),
  url: z.string().describe('Presigned URL. Send the bytes to it with the given headers.'),
  headers: z.record(z.string(), z.string()),
  expiresAt: z.iso.datetime(),
});
export type UploadAnswer = z.infer<typeof uploadSchema>;
