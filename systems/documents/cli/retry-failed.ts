import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { z } from 'zod';
import type { DocumentsConnection } from './connection.ts';
import type { Output } from '#cli/terminal/output.ts';
import { UserError } from '#cli/user-error.ts';
import { retryName, type Retry } from '#core/runs/retry-limit.ts';
import { executionArn } from './watch.ts';

const runInputSchema = z.object({ uploadId: z.string(), retry: z.number().int() });

/**
 * Starts a run over the same upload that retries the failed documents only.
 * @param mayStart called before a retry starts, and throws to keep it from starting
 * @returns the id of the new run
 */
export async function retryFailed(
  connection: DocumentsConnection,
  runId: string,
  output: Output,
  mayStart: (retry: Retry) => Promise<void>,
): Promise<string> {
  const input = await runInput(connection, runId);
  for (let retry = input.retry + 1; ; retry += 1) {
    const name = retryName({ uploadId: runId.replace(/--retry-\d+$/, ''), retry });
    await mayStart({ uploadId: input.uploadId, retry });
    try {
      await connection.sfn.send(
        new StartExecutionCommand({
          stateMachineArn: connection.outputs.StateMachineArn,
          name,
          input: JSON.stringify({ uploadId: input.uploadId, retry }),
        }),
      );
      output.line(`Run ${name} retries the failed documents of ${runId}.`);
      return name;
    } catch (error) {
      if (!(error instanceof ExecutionAlreadyExists)) throw error;
    }
  }
}

async function runInput(connection: DocumentsConnection, runId: string) {
  try {
    const execution = await connection.sfn.send(
      new DescribeExecutionCommand({ executionArn: executionArn(connection, runId) }),
    );
    if (execution.status === 'RUNNING')
      throw new UserError(`Run "${runId}" has not ended.`, `Wait for it with --run ${runId}.`);
    return runInputSchema.parse(JSON.parse(execution.input ?? '{}'));
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist) throw new UserError(`Run "${runId}" does not exist.`, 'Check the id.');
    throw error;
  }
}
