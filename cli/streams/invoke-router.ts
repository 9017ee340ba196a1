import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import { startOf } from '#core/text/text.ts';

const answerSchema = z.object({ batchItemFailures: z.array(z.unknown()) });
const MAX_REASON = 300;

/** Has a router's function route records now. Throws if it fails, or says that some of them failed. */
export function invokeRouter(client: LambdaClient, name: string): (payload: object) => Promise<void> {
  return async (payload) => {
    const Payload = JSON.stringify(payload);
    const answer = await client.send(new InvokeCommand({ FunctionName: name, Qualifier: 'live', Payload }));
    const text = Buffer.from(answer.Payload ?? []).toString('utf8');
    if (answer.FunctionError !== undefined) throw new Error(`The router failed: ${startOf(text, MAX_REASON)}`);
    const { batchItemFailures } = answerSchema.parse(JSON.parse(text));
    if (batchItemFailures.length > 0) throw new Error('Records failed again. The log of the router has the reason.');
  };
}
