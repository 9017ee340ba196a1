import { DescribeExecutionCommand, ExecutionDoesNotExist, type SFNClient } from '@aws-sdk/client-sfn';
import { sfn } from './client.ts';

/**
 * The status of an execution, such as `RUNNING` or `SUCCEEDED`. Null when it does not exist: it never started, or ended more
 * than 90 days ago.
 */
export async function executionStatus(executionArn: string, client: SFNClient = sfn()): Promise<string | null> {
  try {
    // Its input and output may be encrypted with a key of the customer, and nobody reads them here.
    const { status } = await client.send(new DescribeExecutionCommand({ executionArn, includedData: 'METADATA_ONLY' }));
    return status ?? null;
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist) return null;
    throw error;
  }
}
