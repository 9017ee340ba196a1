import { z } from 'zod';
import { outputsOf, type FleetOutputs } from '#cli/fleet/outputs.ts';

/** The outputs of the support stack that a load test uses. */
const supportOutputsSchema = z.object({
  ShopTable: z.string(),
  WebhookSecret: z.string(),
  DefaultQueueUrl: z.string(),
});
export type SupportOutputs = z.infer<typeof supportOutputsSchema>;

/** Returns the support stack's outputs. Throws a `UserError` if the fleet does not have the support system. */
export const supportOutputs = (outputs: FleetOutputs): SupportOutputs =>
  outputsOf(outputs, 'support', supportOutputsSchema);
