import { z } from 'zod';
import { connect, type Connection } from '#cli/fleet/connection.ts';
import { outputsOf, type FleetOutputs } from '#cli/fleet/outputs.ts';

/** The outputs of the documents stack that the commands use. */
export const documentsOutputsSchema = z.object({
  UploadBucket: z.string(),
  StateTable: z.string(),
  StateMachineArn: z.string(),
});

/** Clients for a fleet's endpoint, and the outputs of its documents stack. */
export interface DocumentsConnection extends Connection {
  readonly outputs: z.output<typeof documentsOutputsSchema>;
}

/** Throws a `UserError` if the fleet runs without the documents system. */
export function connectDocuments(fleet: {
  readonly endpoint: string;
  readonly outputs: FleetOutputs;
}): DocumentsConnection {
  return { ...connect(fleet.endpoint), outputs: outputsOf(fleet.outputs, 'documents', documentsOutputsSchema) };
}
