import { z } from 'zod';

/** What an analyst's task gets: the documents of one company that changed. Their URLs stay outside. */
export const analystInputSchema = z.strictObject({
  company: z.strictObject({ name: z.string().min(1).max(200), sector: z.string().max(100).nullable() }),
  /** The night, YYYY-MM-DD. */
  night: z.iso.date(),
  documents: z
    .array(
      z.strictObject({
        id: z.string().regex(/^s\d+$/),
        title: z.string().max(300),
        kind: z.string().max(40),
        published: z.string().max(40).nullable(),
        text: z.string().max(60_000),
      }),
    )
    .min(1)
    .max(40),
});
export type AnalystInput = z.infer<typeof analystInputSchema>;
export type ReadDocument = AnalystInput['documents'][number];
