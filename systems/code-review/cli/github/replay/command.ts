import { existsSync } from 'node:fs';
import type { Output } from '#cli/terminal/output.ts';
import { UserError, wrongUsage } from '#cli/user-error.ts';
import { FleetSecrets, type FleetPlace } from '../fleet-place.ts';
import { placeOf, type ReplayOptions } from './options.ts';
import { isDeliveryId, readDeliveryFile, readKeptDelivery, type Delivery } from './read-delivery.ts';
import { sendDelivery, type Answer } from './send.ts';

/** `fleet github replay`: sends a delivery to the fleet's webhook once more, and prints the answer. */
export async function replayCommand(options: ReplayOptions, output: Output): Promise<void> {
  const isFile = existsSync(options.delivery) || !isDeliveryId(options.delivery);
  // The file is read first, so that a wrong one costs no request.
  const file = isFile ? await readDeliveryFile(options.delivery, options.event) : null;
  const place = placeOf(options);
  const secrets = new FleetSecrets(place.endpoint);
  try {
    const delivery = file ?? (await readFromGithub(options.delivery, place, secrets));
    const answer = await sendDelivery(place.webhook, await secrets.read(place.webhookSecret), delivery);
    report(output, delivery, answer, options.json);
  } finally {
    secrets.close();
  }
}

async function readFromGithub(id: string, { appSecret }: FleetPlace, secrets: FleetSecrets): Promise<Delivery> {
  if (appSecret === undefined)
    throw wrongUsage(
      'To read a delivery from GitHub, give --app-secret.',
      'It is the output GithubAppSecret of the code-review stack. Or give a file with the payload.',
    );
  return readKeptDelivery(id, await secrets.read(appSecret));
}

/** Throws a `UserError` when the fleet rejected the delivery. */
function report(output: Output, { event, id }: Delivery, answer: Answer, json: boolean): void {
  if (json) output.json({ event, delivery: id, ...answer });
  if ('execution' in answer) {
    output.line(`Accepted (${answer.status}): ${event} ${id} is handled by the execution ${answer.execution}.`);
    output.line('A delivery starts once what it asks for: a replay changes nothing that it started before.');
  } else if ('ignored' in answer) {
    output.line(`Ignored (${answer.status}): ${event} ${id} asks for nothing: ${answer.ignored}.`);
  } else {
    const { detail = 'The answer does not say why.', errors = [] } = answer.problem ?? {};
    throw new UserError(
      `The fleet rejected the delivery (${answer.status}). ${detail}`,
      errors[0]?.remedy ?? 'The log of the function receive-github has the cause.',
    );
  }
}
