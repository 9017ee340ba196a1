import { z } from 'zod';
import { outputsOf, type FleetOutputs } from '#cli/fleet/outputs.ts';

/** What a load test uses of the support system's stack. */
const supportOutputsSchema = z.object({
  ShopTable: z.string(),
  WebhookSecret: z.string(),
  DefaultQueueUrl: z.string(),
});
export type SupportOutputs = z.infer<typeof supportOutputsSchema>;

/** Throws a `UserError` when the fleet does not have the support system. */
export const supportOutputs = (outputs: FleetOutputs): SupportOutputs =>
  outputsOf(outputs, 'support', supportOutputsSchema);
