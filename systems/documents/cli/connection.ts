import { z } from 'zod';
import { connect, type Connection } from '#cli/fleet/connection.ts';
import { outputsOf, type FleetOutputs } from '#cli/fleet/outputs.ts';

/** What the commands use of the documents system's stack. */
export const documentsOutputsSchema = z.object({
  UploadBucket: z.string(),
  StateTable: z.string(),
  StateMachineArn: z.string(),
});

/** Clients for a fleet's endpoint, with the outputs of the documents system. */
export interface DocumentsConnection extends Connection {
  readonly outputs: z.output<typeof documentsOutputsSchema>;
}

/** Throws a `UserError` when the fleet does not have the documents system. */
export function connectDocuments(fleet: {
  readonly endpoint: string;
  readonly outputs: FleetOutputs;
}): DocumentsConnection {
  return { ...connect(fleet.endpoint), outputs: outputsOf(fleet.outputs, 'documents', documentsOutputsSchema) };
}
