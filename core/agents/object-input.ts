import { z } from 'zod';

/** The input of an agent that works on one uploaded object. */
export const objectInputSchema = z.object({
  object: z.object({
    bucket: z.string(),
    key: z.string(),
    /** Bytes. */
    size: z.number().int().nonnegative(),
    /** SHA-256 of the bytes in hex; absent when the object was too large to read or could not be read. */
    sha256: z.string().optional(),
  }),
});
export type ObjectInput = z.infer<typeof objectInputSchema>;
