import { z } from 'zod';
import { connect, type Connection } from '#cli/fleet/connection.ts';
import { outputsOf, type FleetOutputs } from '#cli/fleet/outputs.ts';
import { UserError } from '#cli/user-error.ts';

/** The outputs of the documents stack that the commands use. */
export const documentsOutputsSchema = z.object({
  UploadBucket: z.string(),
  StateTable: z.string(),
  StateMachineArn: z.string(),
  /** Absent in release 0.2, whose intake starts a run at any upload manifest. */
  UploadStates: z.string().optional(),
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

/**
 * Throws a `UserError` unless the fleet holds back an upload whose manifest is open or given up. A fleet of release 0.2
 * would start its run at once, over the documents that are there by then.
 */
export function requireManifestFirst({ outputs }: Pick<DocumentsConnection, 'outputs'>): void {
  if (outputs.UploadStates !== undefined) return;
  throw new UserError(
    'The running fleet is of an earlier release, which would start the run before the upload is complete.',
    'Stop it and start it again with npm start, or run this command from the checkout of that release.',
  );
}
