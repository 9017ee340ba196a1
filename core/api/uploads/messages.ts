import { z } from 'zod';

/** Largest input, in bytes: what the model's API takes in one request. */
export const MAX_INPUT_SIZE = 32 * 1024 * 1024;

export const uploadSubmissionSchema = z.strictObject({
  size: z.number().int().positive().max(MAX_INPUT_SIZE).describe('Bytes.'),
  contentType: z
    .string()
    .regex(/^[\w.+-]+\/[\w.+-]+$/, 'must be a media type such as application/json')
    .max(128)
    .default('application/json'),
});
export type UploadSubmission = z.infer<typeof uploadSubmissionSchema>;

export const uploadSchema = z.object({
  inputKey: z.string().describe('For `inputKey` of the task, once the upload is done.'),
  method: z.literal('PUT'),
  url: z.string().describe('Takes the bytes, once the headers are these.'),
  headers: z.record(z.string(), z.string()),
  expiresAt: z.iso.datetime(),
});
export type UploadAnswer = z.infer<typeof uploadSchema>;
