import { z } from 'zod';

const time = z.iso.datetime();

const entrySchema = z.object({
  at: time.describe('When the call began or ended, by the worker’s clock.'),
  step: z.number().int(),
  epoch: z.number().int().describe('The claim under which it ran.'),
  phase: z.enum(['before', 'after']),
  tool: z.string(),
  model: z.string().optional().describe('The model that asked for the call. Only before.'),
  outcome: z.enum(['ok', 'error']).optional().describe('Only after.'),
  contentDigest: z.string().describe('SHA-256 of the input as JSON, or of the tool’s result.'),
});

const findingSchema = z.object({
  fault: z
    .string()
    .describe(
      'Such as `replaced`, `deleted`, `missing-before`, `unlinked`, `missing-end`. docs/audit.md explains each.',
    ),
  entry: entrySchema
    .pick({ step: true, epoch: true, phase: true })
    .optional()
    .describe('Absent if it is the end of the trail that is missing.'),
});

/** The audit entries of a task, verified. */
export const auditViewSchema = z.object({
  whole: z.boolean().describe('Whether nothing was changed, removed or inserted.'),
  findings: z.array(findingSchema).describe('What is wrong. Empty if `whole`.'),
  entries: z
    .array(entrySchema.extend({ counted: z.boolean().describe('Whether the chain proves it.') }))
    .describe('In the order of their steps. An outcome that came after its worker had lost the claim is not counted.'),
  announced: entrySchema
    .optional()
    .describe('A call that the task announced and that never reached the trail, so its tool did not run.'),
  asOf: time.describe('When they were read and verified.'),
});
export type AuditView = z.infer<typeof auditViewSchema>;
